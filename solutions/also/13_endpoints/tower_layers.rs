//! Also right: the layers of tower and tower-http, a future that's tracked before it's spawned, and an error with a type for its body.

use std::{sync::Arc, time::Duration};

use async_workbook::services::{
    bank::Bank,
    secret::Secret,
    upstream::{Page, Upstream, UpstreamError},
};
use axum::{
    Json, Router,
    extract::{FromRequestParts, Path, Query, State},
    http::{
        StatusCode,
        header::{AUTHORIZATION, WWW_AUTHENTICATE},
        request::Parts,
    },
    response::{IntoResponse, Response},
    routing::{get, post},
};
use futures::{TryFutureExt as _, future::try_join3};
use serde::{Deserialize, Serialize};
use tokio_util::task::TaskTracker;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower_http::timeout::TimeoutLayer;

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

#[derive(Serialize)]
struct Told {
    error: String,
}

impl ApiError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Upstream(_) => StatusCode::BAD_GATEWAY,
            Self::Timeout => StatusCode::GATEWAY_TIMEOUT,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = self.status();
        let error = match self {
            Self::Invalid(reason) => reason,
            _ => status.to_string(),
        };
        let mut response = (status, Json(Told { error })).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let challenge = "bearer realm=\"bank\"".parse();
            response
                .headers_mut()
                .insert(WWW_AUTHENTICATE, challenge.expect("it is ASCII"));
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

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        user_of(parts, state).ok_or(ApiError::Unauthorized)
    }
}

fn user_of(parts: &Parts, state: &AppState) -> Option<CurrentUser> {
    let header = parts.headers.get(AUTHORIZATION)?.as_bytes();
    let (scheme, token) = header.split_at_checked("bearer ".len())?;
    if !scheme.eq_ignore_ascii_case(b"bearer ") {
        return None;
    }
    let token = std::str::from_utf8(token).ok()?;
    // All secrets are compared, so that the time doesn't say whose token it is either.
    let mut found = None;
    for (secret, name) in state.tokens.iter() {
        if secret.matches(token) {
            found = Some(name.clone());
        }
    }
    found.map(|name| CurrentUser { name })
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
    CurrentUser { name }: CurrentUser,
    Query(Paging { skip, limit }): Query<Paging>,
) -> Result<Json<Dashboard>, ApiError> {
    if skip < 0 {
        return Err(ApiError::Invalid("`skip` is 0 or more".into()));
    }
    if limit < 1 || limit > 100 {
        return Err(ApiError::Invalid("`limit` is from 1 to 100".into()));
    }
    let body = async |path: String| state.upstream.get(&path).map_ok(|page| page.body).await;
    let (user, orders, stats) = try_join3(
        body(format!("users/{name}")),
        body(format!("orders/{name}/{skip}/{limit}")),
        body(format!("stats/{name}")),
    )
    .await?;
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
    if order.cents <= 0 {
        return Err(ApiError::Invalid("an amount is 1 or more".into()));
    }
    let work = steps(state.bank.clone(), user.name, order);
    match tokio::spawn(state.tasks.track_future(work)).await {
        Ok(Ok(receipt)) => Ok((StatusCode::CREATED, Json(receipt))),
        Ok(Err(error)) => Err(error),
        Err(panicked) => Err(ApiError::Internal(format!("{panicked}"))),
    }
}

async fn steps(bank: Bank, from: String, Order { to, cents }: Order) -> Result<Receipt, ApiError> {
    let session = bank.open();
    if session.withdraw(&from, cents).await.is_err() {
        return Err(ApiError::Conflict);
    }
    session.deposit(&to, cents).await;
    Ok(Receipt { from, to, cents })
}

pub async fn user(state: State<AppState>, id: Path<u64>) -> Result<Json<Page>, ApiError> {
    Ok(Json(state.upstream.get(&format!("users/{}", *id)).await?))
}

pub async fn order(state: State<AppState>, id: Path<u64>) -> Result<Json<Page>, ApiError> {
    Ok(Json(state.upstream.get(&format!("orders/{}", *id)).await?))
}

/// Each `.layer(…)` makes a service that's always ready, and waits for what's inside when it's called. So the time that
/// a request waits for its turn is inside the time limit.
pub fn app(state: AppState) -> Router {
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .layer(GlobalConcurrencyLimitLayer::new(AT_ONCE))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            PATIENCE,
        ))
        .with_state(state)
}

// Hands this service to the hidden tests. Leave this line as it is.
hidden_endpoints::grade!();
