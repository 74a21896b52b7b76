//! Also right: one middleware for both limits, a token of the tracker in a task, and tasks that end with their handles.

use std::{sync::Arc, time::Duration};

use async_workbook::services::{
    bank::Bank,
    secret::Secret,
    upstream::{Page, Upstream, UpstreamError},
};
use axum::{
    Json, Router,
    extract::{FromRequestParts, Path, Query, Request, State},
    http::{HeaderMap, StatusCode, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use tokio::{
    select,
    sync::{Semaphore, oneshot},
    time::{Instant, sleep_until},
};
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

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
        let (status, words) = match self {
            Self::Unauthorized => (401, "who are you?".to_owned()),
            Self::NotFound => (404, "not found".to_owned()),
            Self::Conflict => (409, "not enough money".to_owned()),
            Self::Invalid(text) => (422, text),
            Self::Internal(_) => (500, "internal error".to_owned()),
            Self::Upstream(_) => (502, "bad gateway".to_owned()),
            Self::Timeout => (504, "too late".to_owned()),
        };
        let mut headers = HeaderMap::new();
        if status == 401 {
            headers.insert("www-authenticate", "Bearer".parse().expect("it is ASCII"));
        }
        let status = StatusCode::from_u16(status).expect("all of them are known");
        let body = std::collections::BTreeMap::from([("error", words)]);
        (status, headers, Json(body)).into_response()
    }
}

#[derive(Debug)]
pub struct CurrentUser {
    pub name: String,
}

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let Some(Ok(header)) = parts
            .headers
            .get("authorization")
            .map(|value| value.to_str())
        else {
            return Err(ApiError::Unauthorized);
        };
        let mut words = header.split(' ');
        let (Some(scheme), Some(token), None) = (words.next(), words.next(), words.next()) else {
            return Err(ApiError::Unauthorized);
        };
        if scheme.to_lowercase() != "bearer" {
            return Err(ApiError::Unauthorized);
        }
        for (secret, name) in state.tokens.iter() {
            if secret.matches(token) {
                let name = name.clone();
                return Ok(CurrentUser { name });
            }
        }
        Err(ApiError::Unauthorized)
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
    match paging {
        Paging {
            skip: 0..,
            limit: 1..=100,
        } => {}
        _ => return Err(ApiError::Invalid("skip >= 0, 1 <= limit <= 100".into())),
    }
    let (name, Paging { skip, limit }) = (user.name, paging);
    // A task each, which ends when its handle is dropped.
    let call = |path: String| {
        let upstream = state.upstream.clone();
        AbortOnDropHandle::new(tokio::spawn(async move { upstream.get(&path).await }))
    };
    let calls = (
        call(format!("users/{name}")),
        call(format!("orders/{name}/{skip}/{limit}")),
        call(format!("stats/{name}")),
    );
    let joined = async |call: AbortOnDropHandle<Result<Page, UpstreamError>>| match call.await {
        Ok(result) => result.map_err(ApiError::from),
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    };
    let (user, orders, stats) =
        futures::try_join!(joined(calls.0), joined(calls.1), joined(calls.2))?;
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

pub async fn transfer(
    State(state): State<AppState>,
    CurrentUser { name: from }: CurrentUser,
    Json(Order { to, cents }): Json<Order>,
) -> Result<(StatusCode, Json<Receipt>), ApiError> {
    if !cents.is_positive() {
        return Err(ApiError::Invalid(format!("{cents} is no amount")));
    }
    let (sender, receiver) = oneshot::channel();
    let tracked = state.tasks.token();
    // The session may be opened here, as long as the task owns it.
    let session = state.bank.open();
    tokio::spawn(async move {
        let done = async {
            session.withdraw(&from, cents).await?;
            session.deposit(&to, cents).await;
            Ok(Receipt { from, to, cents })
        };
        let done: Result<Receipt, async_workbook::services::bank::Refused> = done.await;
        drop(session);
        // The client may have hung up.
        let _ = sender.send(done);
        drop(tracked);
    });
    match receiver.await {
        Ok(Ok(receipt)) => Ok((StatusCode::CREATED, Json(receipt))),
        Ok(Err(_refused)) => Err(ApiError::Conflict),
        // The sender was dropped on the way: the task panicked.
        Err(_) => Err(ApiError::Internal("a transfer panicked".into())),
    }
}

pub async fn user(state: State<AppState>, id: Path<u64>) -> Result<Json<Page>, ApiError> {
    Ok(Json(state.upstream.get(&format!("users/{}", *id)).await?))
}

pub async fn order(state: State<AppState>, id: Path<u64>) -> Result<Json<Page>, ApiError> {
    Ok(Json(state.upstream.get(&format!("orders/{}", *id)).await?))
}

pub fn app(state: AppState) -> Router {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    let limited = move |request: Request, next: Next| {
        let (slots, deadline) = (slots.clone(), Instant::now() + PATIENCE);
        async move {
            let handled = async {
                let _slot = slots.acquire_owned().await;
                next.run(request).await
            };
            select! {
                response = handled => response,
                () = sleep_until(deadline) => ApiError::Timeout.into_response(),
            }
        }
    };
    let routes = Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order));
    let private = Router::new()
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer));
    routes
        .merge(private)
        .layer(middleware::from_fn(limited))
        .with_state(state)
}

// Hands this service to the hidden tests. Leave this line as it is.
hidden_endpoints::grade!();
