//! Also right: the timeout of tower, whose error becomes a response in a layer of its own; a join set of calls; a transfer that is awaited by reference.

use std::{sync::Arc, time::Duration};

use async_workbook::services::{
    bank::Bank,
    secret::Secret,
    upstream::{Page, Upstream, UpstreamError},
};
use axum::{
    BoxError, Json, Router,
    error_handling::HandleErrorLayer,
    extract::{FromRequestParts, Path, Query, State},
    http::{
        StatusCode,
        header::{AUTHORIZATION, WWW_AUTHENTICATE},
        request::Parts,
    },
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use tokio::{sync::Semaphore, task::JoinSet};
use tokio_util::task::TaskTracker;
use tower::{ServiceBuilder, limit::GlobalConcurrencyLimitLayer, timeout::TimeoutLayer};

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
        let body = |error: &str| Json(serde_json::json!({ "error": error }));
        match self {
            Self::Unauthorized => (
                StatusCode::UNAUTHORIZED,
                [(WWW_AUTHENTICATE, "Bearer")],
                body("sign in"),
            )
                .into_response(),
            Self::NotFound => (StatusCode::NOT_FOUND, body("not found")).into_response(),
            Self::Conflict => (StatusCode::CONFLICT, body("refused")).into_response(),
            Self::Invalid(text) => (StatusCode::UNPROCESSABLE_ENTITY, body(&text)).into_response(),
            Self::Internal(text) => {
                eprintln!("{text}");
                (StatusCode::INTERNAL_SERVER_ERROR, body("internal")).into_response()
            }
            Self::Upstream(error) => {
                eprintln!("{error}");
                (StatusCode::BAD_GATEWAY, body("bad gateway")).into_response()
            }
            Self::Timeout => (StatusCode::GATEWAY_TIMEOUT, body("timeout")).into_response(),
        }
    }
}

#[derive(Debug)]
pub struct CurrentUser {
    pub name: String,
}

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let header = parts
            .headers
            .get(AUTHORIZATION)
            .ok_or(ApiError::Unauthorized)?;
        let header = header.to_str().map_err(|_| ApiError::Unauthorized)?;
        let (scheme, token) = header.split_once(' ').ok_or(ApiError::Unauthorized)?;
        let users = state
            .tokens
            .iter()
            .filter(|(secret, _)| secret.matches(token));
        match users.last() {
            Some((_, name)) if scheme.eq_ignore_ascii_case("Bearer") => {
                let name = name.to_string();
                Ok(Self { name })
            }
            _ => Err(ApiError::Unauthorized),
        }
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
    if paging.skip < 0 || paging.limit < 1 || paging.limit > 100 {
        return Err(ApiError::Invalid("look at the limits".into()));
    }
    let mut calls = JoinSet::new();
    let paths = [
        format!("users/{}", user.name),
        format!("orders/{}/{}/{}", user.name, paging.skip, paging.limit),
        format!("stats/{}", user.name),
    ];
    for (part, path) in paths.into_iter().enumerate() {
        let upstream = state.upstream.clone();
        calls.spawn(async move { (part, upstream.get(&path).await) });
    }
    // Dropping the set aborts what's left in it.
    let mut parts: [String; 3] = Default::default();
    while let Some(joined) = calls.join_next().await {
        let (part, page) = joined.map_err(|error| ApiError::Internal(error.to_string()))?;
        parts[part] = page?.body;
    }
    let [user, orders, stats] = parts;
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
    State(AppState { bank, tasks, .. }): State<AppState>,
    user: CurrentUser,
    Json(order): Json<Order>,
) -> Result<(StatusCode, Json<Receipt>), ApiError> {
    if order.cents < 1 {
        return Err(ApiError::Invalid("an amount is positive".into()));
    }
    let work = tasks.spawn(async move {
        let session = bank.open();
        session.withdraw(&user.name, order.cents).await?;
        session.deposit(&order.to, order.cents).await;
        Ok::<_, async_workbook::services::bank::Refused>(Receipt {
            from: user.name,
            to: order.to,
            cents: order.cents,
        })
    });
    let mut work = std::pin::pin!(work);
    let done = (&mut work).await;
    let receipt = done
        .map_err(|_| ApiError::Internal("panic".into()))?
        .map_err(|_| ApiError::Conflict)?;
    Ok((StatusCode::CREATED, Json(receipt)))
}

pub async fn user(state: State<AppState>, id: Path<u64>) -> Result<Json<Page>, ApiError> {
    Ok(Json(state.upstream.get(&format!("users/{}", *id)).await?))
}

pub async fn order(state: State<AppState>, id: Path<u64>) -> Result<Json<Page>, ApiError> {
    Ok(Json(state.upstream.get(&format!("orders/{}", *id)).await?))
}

pub fn app(state: AppState) -> Router {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    let in_time = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(async |_: BoxError| ApiError::Timeout))
        .layer(TimeoutLayer::new(PATIENCE));
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(GlobalConcurrencyLimitLayer::with_semaphore(slots))
        .layer(in_time)
}

// Hands this service to the hidden tests. Leave this line as it is.
hidden_endpoints::grade!();
