//! Chapter 13, endpoints: the reference solution.

use std::{sync::Arc, time::Duration};

use async_workbook::services::{
    bank::{Bank, Session},
    secret::Secret,
    upstream::{Page, Upstream, UpstreamError},
};
use axum::{
    Json, Router,
    extract::{FromRequestParts, Path, Query, Request, State},
    http::{
        StatusCode,
        header::{AUTHORIZATION, WWW_AUTHENTICATE},
        request::Parts,
    },
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use tokio::{sync::Semaphore, time::timeout, try_join};
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

/// One place decides what clients are told. The log gets the rest here, because nobody sees the error afterwards.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match &self {
            Self::Internal(cause) => tracing::error!(%cause, "a request failed"),
            Self::Upstream(cause) => tracing::error!(%cause, "the upstream failed"),
            _ => {}
        }
        let (status, error) = match self {
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "a valid token is needed".into()),
            Self::NotFound => (StatusCode::NOT_FOUND, "there is no such thing".into()),
            Self::Conflict => (StatusCode::CONFLICT, "the bank refused".into()),
            Self::Invalid(reason) => (StatusCode::UNPROCESSABLE_ENTITY, reason),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "something broke".into()),
            Self::Upstream(_) => (StatusCode::BAD_GATEWAY, "another service failed".into()),
            Self::Timeout => (StatusCode::GATEWAY_TIMEOUT, "it took too long".into()),
        };
        let body = Json(serde_json::json!({ "error": error }));
        if status == StatusCode::UNAUTHORIZED {
            return (status, [(WWW_AUTHENTICATE, "Bearer")], body).into_response();
        }
        (status, body).into_response()
    }
}

#[derive(Debug)]
pub struct CurrentUser {
    pub name: String,
}

/// The extractor runs before the handler, so a handler that takes a `CurrentUser` can't be reached without a token.
impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let header = parts.headers.get(AUTHORIZATION);
        // A header may hold any bytes. Those that aren't text are no token.
        let header = header.and_then(|header| header.to_str().ok());
        let token = match header.and_then(|header| header.split_once(' ')) {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token,
            _ => return Err(ApiError::Unauthorized),
        };
        let mut users = state.tokens.iter();
        users
            .find(|(secret, _)| secret.matches(token))
            .map(|(_, name)| Self { name: name.clone() })
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

/// `try_join!` owns the three calls: it drops the others when one fails, and all of them when it's dropped itself.
pub async fn dashboard(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(paging): Query<Paging>,
) -> Result<Json<Dashboard>, ApiError> {
    let Paging { skip, limit } = paging;
    if skip < 0 || !(1..=100).contains(&limit) {
        let reason = "`skip` is 0 or more, and `limit` is from 1 to 100";
        return Err(ApiError::Invalid(reason.into()));
    }
    let (upstream, name) = (&state.upstream, user.name);
    let (user, orders, stats) = try_join!(
        upstream.get(&format!("users/{name}")),
        upstream.get(&format!("orders/{name}/{skip}/{limit}")),
        upstream.get(&format!("stats/{name}")),
    )?;
    Ok(Json(Dashboard {
        user: user.body,
        orders: orders.body,
        stats: stats.body,
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

/// Whoever holds the handler's future may drop it. What must not be dropped half way belongs to a task. The handler only
/// waits for it.
pub async fn transfer(
    State(state): State<AppState>,
    user: CurrentUser,
    Json(order): Json<Order>,
) -> Result<(StatusCode, Json<Receipt>), ApiError> {
    if order.cents < 1 {
        let reason = "an amount is 1 or more";
        return Err(ApiError::Invalid(reason.into()));
    }
    let work = steps(state.bank.open(), user.name, order);
    match state.tasks.spawn(work).await {
        Ok(receipt) => Ok((StatusCode::CREATED, Json(receipt?))),
        // Nobody aborts the task, so an error means that it panicked.
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

/// The layer that's added last is the outermost, so the time limit is around the wait for a slot too.
pub fn app(state: AppState) -> Router {
    // One semaphore for the whole service: each layer is cloned for each route, and so is a reference to this.
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(from_fn_with_state(slots, in_turn))
        .layer(from_fn(in_time))
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

// Hands this service to the hidden tests. Leave this line as it is.
hidden_endpoints::grade!();
