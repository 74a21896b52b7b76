//! Also right: the trait's method without async; tasks in a set; a result that comes by a channel; ten tokens in a channel.

use std::{sync::Arc, time::Duration};

use async_workbook::services::{
    bank::{Bank, Session},
    secret::Secret,
    upstream::{Page, Upstream, UpstreamError},
};
use axum::{
    Json, Router,
    extract::{FromRequestParts, Path, Query, Request, State},
    http::{StatusCode, request::Parts},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use tokio::{sync::Semaphore, time::timeout};
use tokio_util::task::TaskTracker;

pub const PATIENCE: Duration = Duration::from_secs(5);

pub const AT_ONCE: usize = 10;

#[derive(Clone)]
pub struct AppState {
    pub upstream: Upstream,
    pub bank: Bank,
    pub tokens: Arc<Vec<(Secret, String)>>,
    pub tasks: TaskTracker,
}

#[derive(Debug)]
pub enum ApiError {
    Unauthorized,
    NotFound,
    Conflict,
    Invalid(String),
    Internal(String),
    Upstream(UpstreamError),
    Timeout,
}

impl From<UpstreamError> for ApiError {
    fn from(error: UpstreamError) -> Self {
        match error {
            UpstreamError::Status { status: 404, .. } => Self::NotFound,
            error => Self::Upstream(error),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Unauthorized => 401,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::Invalid(_) => 422,
            Self::Internal(_) => 500,
            Self::Upstream(_) => 502,
            Self::Timeout => 504,
        };
        let status = StatusCode::from_u16(status).expect("these are statuses");
        let error = match &self {
            Self::Invalid(reason) => reason.as_str(),
            _ => status.canonical_reason().unwrap_or("error"),
        };
        let mut response = Json(Told { error }).into_response();
        *response.status_mut() = status;
        if matches!(self, Self::Unauthorized) {
            let bearer = axum::http::HeaderValue::from_static("Bearer");
            response.headers_mut().append("www-authenticate", bearer);
        }
        response
    }
}

#[derive(Debug)]
pub struct CurrentUser {
    pub name: String,
}

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = ApiError;

    fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> impl Future<Output = Result<Self, ApiError>> + Send {
        let header = parts
            .headers
            .get("authorization")
            .and_then(|header| header.to_str().ok());
        let token = header
            .and_then(|text| text.split_once(' '))
            .filter(|(scheme, _)| scheme.to_ascii_uppercase() == "BEARER");
        let user = token.and_then(|(_, token)| {
            state
                .tokens
                .iter()
                .filter(|(secret, _)| secret.matches(token))
                .last()
        });
        std::future::ready(
            user.map(|(_, name)| Self {
                name: name.to_string(),
            })
            .ok_or(ApiError::Unauthorized),
        )
    }
}

#[derive(Deserialize)]
pub struct Paging {
    #[serde(default)]
    pub skip: i64,
    #[serde(default = "ten")]
    pub limit: i64,
}

fn ten() -> i64 {
    10
}

#[derive(Serialize)]
pub struct Dashboard {
    pub user: String,
    pub orders: String,
    pub stats: String,
}

pub async fn dashboard(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(paging): Query<Paging>,
) -> Result<Json<Dashboard>, ApiError> {
    if paging.skip < 0 || !(1..=100).contains(&paging.limit) {
        return Err(ApiError::Invalid(
            "`skip` is 0 or more, `limit` is from 1 to 100".to_owned(),
        ));
    }
    let paths = [
        format!("users/{}", user.name),
        format!("orders/{}/{}/{}", user.name, paging.skip, paging.limit),
        format!("stats/{}", user.name),
    ];
    let mut calls = tokio::task::JoinSet::new();
    for (at, path) in paths.into_iter().enumerate() {
        let upstream = state.upstream.clone();
        calls.spawn(async move { (at, upstream.get(&path).await) });
    }
    let mut bodies = [const { String::new() }; 3];
    while let Some(call) = calls.join_next().await {
        let (at, page) = call.map_err(|error| ApiError::Internal(error.to_string()))?;
        bodies[at] = page?.body;
    }
    let [user, orders, stats] = bodies;
    Ok(Json(Dashboard {
        user,
        orders,
        stats,
    }))
}

#[derive(Deserialize)]
pub struct Order {
    pub to: String,
    pub cents: i64,
}

#[derive(Serialize)]
pub struct Receipt {
    pub from: String,
    pub to: String,
    pub cents: i64,
}

pub async fn transfer(
    State(state): State<AppState>,
    user: CurrentUser,
    Json(order): Json<Order>,
) -> Result<(StatusCode, Json<Receipt>), ApiError> {
    if order.cents < 1 {
        return Err(ApiError::Invalid("an amount is 1 or more".to_owned()));
    }
    let session = state.bank.open();
    let work = async move {
        session
            .withdraw(&user.name, order.cents)
            .await
            .map_err(|_| ApiError::Conflict)?;
        session.deposit(&order.to, order.cents).await;
        Ok::<_, ApiError>(Receipt {
            from: user.name,
            to: order.to,
            cents: order.cents,
        })
    };
    let (told, answer) = tokio::sync::oneshot::channel();
    state
        .tasks
        .spawn(async move { drop(told.send(work.await)) });
    match answer.await {
        Ok(receipt) => Ok((StatusCode::CREATED, Json(receipt?))),
        Err(_) => Err(ApiError::Internal("the transfer panicked".to_owned())),
    }
}

/// Owns the session, which is closed when this ends: with its result, with an error, or with a panic.
async fn steps(session: Session, from: String, order: Order) -> Result<Receipt, ApiError> {
    let Order { to, cents } = order;
    let withdrawn = session.withdraw(&from, cents).await;
    withdrawn.map_err(|_refused| ApiError::Conflict)?;
    session.deposit(&to, cents).await;
    Ok(Receipt { from, to, cents })
}

pub async fn user(state: State<AppState>, id: Path<u64>) -> Result<Json<Page>, ApiError> {
    Ok(Json(state.upstream.get(&format!("users/{}", *id)).await?))
}

pub async fn order(state: State<AppState>, id: Path<u64>) -> Result<Json<Page>, ApiError> {
    Ok(Json(state.upstream.get(&format!("orders/{}", *id)).await?))
}

pub fn app(state: AppState) -> Router {
    let (give, take) = tokio::sync::mpsc::unbounded_channel();
    for _ in 0..AT_ONCE {
        let _ = give.send(());
    }
    let tokens = Arc::new(Tokens {
        give,
        take: tokio::sync::Mutex::new(take),
    });
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(from_fn_with_state(tokens, by_token))
        .layer(from_fn(in_time_))
}

/// The permit is a guard, so it comes back however the request ends.
async fn in_turn(State(slots): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let _slot = slots.acquire().await.expect("nobody closes it");
    next.run(request).await
}

/// When time runs out, everything inside is dropped where it is: the wait for a slot, or the handler.
async fn in_time(request: Request, next: Next) -> Response {
    let response = timeout(PATIENCE, next.run(request)).await;
    response.unwrap_or_else(|_elapsed| ApiError::Timeout.into_response())
}

#[derive(Serialize)]
struct Told<'a> {
    error: &'a str,
}

async fn in_time_(request: Request, next: Next) -> Response {
    match timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError::Timeout.into_response(),
    }
}

struct Tokens {
    give: tokio::sync::mpsc::UnboundedSender<()>,
    take: tokio::sync::Mutex<tokio::sync::mpsc::UnboundedReceiver<()>>,
}

struct Token(tokio::sync::mpsc::UnboundedSender<()>);

impl Drop for Token {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

async fn by_token(State(tokens): State<Arc<Tokens>>, request: Request, next: Next) -> Response {
    let token = tokens.take.lock().await.recv().await;
    let _token = token.map(|()| Token(tokens.give.clone()));
    next.run(request).await
}

// Hands this service to the hidden tests. Leave this line as it is.
hidden_endpoints::grade!();
