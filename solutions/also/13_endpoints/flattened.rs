//! Also right: handles flattened before they're joined; a panic that the task catches; one layer for each router, and one semaphore for both.

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
        let (status, words): (StatusCode, String) = match self {
            Self::Unauthorized => (
                StatusCode::UNAUTHORIZED,
                "a valid token is needed".to_owned(),
            ),
            Self::NotFound => (StatusCode::NOT_FOUND, "there is no such thing".to_owned()),
            Self::Conflict => (StatusCode::CONFLICT, "the bank refused".to_owned()),
            Self::Invalid(reason) => (StatusCode::UNPROCESSABLE_ENTITY, reason),
            Self::Internal(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "something broke".to_owned(),
            ),
            Self::Upstream(_) => (StatusCode::BAD_GATEWAY, "another service failed".to_owned()),
            Self::Timeout => (StatusCode::GATEWAY_TIMEOUT, "it took too long".to_owned()),
        };
        let body = serde_json::to_vec(&serde_json::json!({ "error": words })).unwrap_or_default();
        let builder = Response::builder()
            .status(status)
            .header("content-type", "application/json; charset=utf-8");
        let builder = if status == StatusCode::UNAUTHORIZED {
            builder.header("www-authenticate", "Bearer")
        } else {
            builder
        };
        builder
            .body(axum::body::Body::from(body))
            .unwrap_or_default()
    }
}

#[derive(Debug)]
pub struct CurrentUser {
    pub name: String,
}

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let Ok(headers) = axum::http::HeaderMap::from_request_parts(parts, state).await;
        (|| {
            let text = headers.get("Authorization")?.to_str().ok()?;
            let rest = text
                .get(..7)
                .filter(|word| word.eq_ignore_ascii_case("bearer "))
                .map(|_| &text[7..])?;
            let at = state
                .tokens
                .iter()
                .position(|(secret, _)| secret.matches(rest))?;
            Some(Self {
                name: state.tokens[at].1.clone(),
            })
        })()
        .ok_or(ApiError::Unauthorized)
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
    let flat = async |path: String| {
        let upstream = state.upstream.clone();
        let call = tokio::spawn(async move { upstream.get(&path).await });
        match tokio_util::task::AbortOnDropHandle::new(call).await {
            Ok(page) => Ok(page?.body),
            Err(error) => Err(ApiError::Internal(error.to_string())),
        }
    };
    let [user, orders, stats] = paths;
    let (user, orders, stats) = tokio::try_join!(flat(user), flat(orders), flat(stats))?;
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
    use futures::FutureExt as _;
    let work = std::panic::AssertUnwindSafe(work).catch_unwind();
    let done = state.tasks.spawn(async move {
        work.await
            .unwrap_or_else(|_| Err(ApiError::Internal("the bank broke".to_owned())))
    });
    match done.await {
        Ok(receipt) => Ok((StatusCode::CREATED, Json(receipt?))),
        Err(error) => Err(ApiError::Internal(error.to_string())),
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
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    let layered = |router: Router| {
        router
            .layer(from_fn_with_state(slots.clone(), turn))
            .layer(from_fn(in_time_))
    };
    let private = layered(
        Router::new()
            .route("/dashboard", get(dashboard))
            .route("/transfers", post(transfer))
            .with_state(state.clone()),
    );
    layered(
        Router::new()
            .route("/users/{id}", get(user))
            .route("/orders/{id}", get(order))
            .with_state(state),
    )
    .merge(private)
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

async fn turn(State(slots): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let _slot = slots.acquire().await.expect("nobody closes it");
    next.run(request).await
}

async fn in_time_(request: Request, next: Next) -> Response {
    match timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError::Timeout.into_response(),
    }
}

// Hands this service to the hidden tests. Leave this line as it is.
hidden_endpoints::grade!();
