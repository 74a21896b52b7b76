//! Also right: a tower service of its own with both limits, calls that are polled as they end, and a panic that's caught in the task.

use std::{sync::Arc, time::Duration};

use async_workbook::services::{
    bank::Bank,
    secret::Secret,
    upstream::{Page, Upstream, UpstreamError},
};
use axum::{
    Json, Router,
    extract::{FromRequestParts, Path, Query, Request, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use futures::{FutureExt as _, StreamExt as _, future::BoxFuture, stream::FuturesUnordered};
use serde::{Deserialize, Serialize};
use std::{
    convert::Infallible,
    panic::AssertUnwindSafe,
    task::{Context, Poll},
};
use tokio::{
    sync::Semaphore,
    time::{Instant, timeout_at},
};
use tokio_util::task::TaskTracker;
use tower::{Layer, Service};

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
        let (status, told) = match &self {
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not found"),
            Self::Conflict => (StatusCode::CONFLICT, "conflict"),
            Self::Invalid(text) => (StatusCode::UNPROCESSABLE_ENTITY, text.as_str()),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
            Self::Upstream(_) => (StatusCode::BAD_GATEWAY, "bad gateway"),
            Self::Timeout => (StatusCode::GATEWAY_TIMEOUT, "timeout"),
        };
        let body = serde_json::json!({ "error": told, "status": status.as_u16() });
        let response = Response::builder()
            .status(status)
            .header("content-type", "application/json; charset=utf-8");
        let response = match self {
            Self::Unauthorized => response.header("WWW-Authenticate", "Bearer"),
            _ => response,
        };
        let response = response.body(body.to_string().into());
        response.expect("the headers are sound")
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
        let mut found = Err(ApiError::Unauthorized);
        if let Some(header) = parts.headers.get("Authorization")
            && let Ok(text) = header.to_str()
            && let Some((word, token)) = text.split_once(' ')
            && word.eq_ignore_ascii_case("bearer")
        {
            for (secret, name) in &*state.tokens {
                if secret.matches(token) {
                    found = Ok(Self { name: name.clone() });
                }
            }
        }
        std::future::ready(found)
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
    let Paging { skip, limit } = paging;
    let allowed = skip >= 0 && limit >= 1 && limit <= 100;
    if !allowed {
        return Err(ApiError::Invalid(format!("skip {skip}, limit {limit}")));
    }
    let name = &user.name;
    let paths = [
        format!("users/{name}"),
        format!("orders/{name}/{skip}/{limit}"),
        format!("stats/{name}"),
    ];
    let upstream = &state.upstream;
    let mut calls: FuturesUnordered<_> = paths
        .iter()
        .enumerate()
        .map(async |(part, path)| (part, upstream.get(path).await))
        .collect();
    let mut bodies = [const { String::new() }; 3];
    while let Some((part, page)) = calls.next().await {
        bodies[part] = page?.body;
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
        return Err(ApiError::Invalid("an amount is 1 or more".into()));
    }
    let (bank, from, Order { to, cents }) = (state.bank, user.name, order);
    let steps = async move {
        let session = bank.open();
        let withdrawn = session.withdraw(&from, cents).await;
        if withdrawn.is_ok() {
            session.deposit(&to, cents).await;
        }
        withdrawn.map(|()| Receipt { from, to, cents })
    };
    let caught = AssertUnwindSafe(steps).catch_unwind();
    let ended = tokio::spawn(state.tasks.track_future(caught)).await;
    match ended.expect("its panics are caught") {
        Ok(Ok(receipt)) => Ok((StatusCode::CREATED, Json(receipt))),
        Ok(Err(_refused)) => Err(ApiError::Conflict),
        Err(_panic) => Err(ApiError::Internal("a transfer panicked".into())),
    }
}

pub async fn user(state: State<AppState>, id: Path<u64>) -> Result<Json<Page>, ApiError> {
    Ok(Json(state.upstream.get(&format!("users/{}", *id)).await?))
}

pub async fn order(state: State<AppState>, id: Path<u64>) -> Result<Json<Page>, ApiError> {
    Ok(Json(state.upstream.get(&format!("orders/{}", *id)).await?))
}

pub fn app(state: AppState) -> Router {
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(Limits(Arc::new(Semaphore::new(AT_ONCE))))
}

#[derive(Clone)]
struct Limits(Arc<Semaphore>);

impl<S> Layer<S> for Limits {
    type Service = Limited<S>;

    fn layer(&self, inner: S) -> Limited<S> {
        Limited {
            inner,
            slots: Arc::clone(&self.0),
        }
    }
}

#[derive(Clone)]
struct Limited<S> {
    inner: S,
    slots: Arc<Semaphore>,
}

impl<S> Service<Request> for Limited<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (mut inner, slots) = (self.inner.clone(), Arc::clone(&self.slots));
        let deadline = Instant::now() + PATIENCE;
        Box::pin(async move {
            let handled = async {
                let _slot = slots.acquire().await;
                inner.call(request).await
            };
            match timeout_at(deadline, handled).await {
                Ok(response) => response,
                Err(_elapsed) => Ok(ApiError::Timeout.into_response()),
            }
        })
    }
}

// Hands this service to the hidden tests. Leave this line as it is.
hidden_endpoints::grade!();
