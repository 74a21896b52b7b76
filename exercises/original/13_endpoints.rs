//! Chapter 13, endpoints: handlers, extractors, errors.
//!
//! This is a bank's web service, built on axum. Write the error that its clients see, the extractor that lets users in, two
//! handlers, and the router with its limits.
//!
//! See it first:  cargo run --example 13_endpoints
//! Grade it:      cargo test -p exercises -- 13
//!
//! If a client hangs up, its handler is dropped at whatever `.await` it has reached. Two services in one process share
//! nothing: keep nothing in a `static`. Don't add caches or retries. A handler must NOT keep its thread.
//!
//! Worth looking up: `axum::middleware::from_fn`, `axum::error_handling`, `axum::http::header`, `tower::limit`,
//! `tower_http::timeout`; `tokio_util::task::TaskTracker`; `tokio::try_join!`. In a `Router`, the layer that's added last
//! is the outermost.

use std::{sync::Arc, time::Duration};

use async_workbook::services::{
    bank::Bank,
    secret::Secret,
    upstream::{Page, Upstream, UpstreamError},
};
use axum::{
    Json, Router,
    extract::{FromRequestParts, Path, Query, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use tokio_util::task::TaskTracker;

/// How long a request may take, from the moment it arrives.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// How many requests the service handles at once.
pub const AT_ONCE: usize = 10;

/// What all handlers share.
#[derive(Clone)]
pub struct AppState {
    pub upstream: Upstream,
    pub bank: Bank,
    /// The bearer tokens, each with the name of its user. `matches` compares them in constant time, `==` doesn't.
    pub tokens: Arc<Vec<(Secret, String)>>,
    /// When the service stops, it waits for the tasks that this tracks.
    pub tasks: TaskTracker,
}

/// Why a request failed. Its response has a status, and the JSON `{"error": "…"}`, with words for the client.
#[derive(Debug)]
pub enum ApiError {
    /// 401, Unauthorized. The response has the header `WWW-Authenticate: Bearer`.
    Unauthorized,
    /// 404, Not Found.
    NotFound,
    /// 409, Conflict.
    Conflict,
    /// 422, Unprocessable Entity. The client reads this text.
    Invalid(String),
    /// 500, Internal Server Error. This text is for the log.
    Internal(String),
    /// 502, Bad Gateway. This error is for the log.
    Upstream(UpstreamError),
    /// 504, Gateway Timeout.
    Timeout,
}

/// Given.
impl From<UpstreamError> for ApiError {
    fn from(error: UpstreamError) -> Self {
        match error {
            UpstreamError::Status { status: 404, .. } => Self::NotFound,
            error => Self::Upstream(error),
        }
    }
}

/// Task 1: makes the response to a client, as the variants say.
///
/// It must NOT tell clients what's for the log.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        todo!("make a response of the status, and of words for the client")
    }
}

/// The user that a request's token belongs to.
#[derive(Debug)]
pub struct CurrentUser {
    pub name: String,
}

/// Task 2: finds the user by the header `Authorization: Bearer <token>`. The word `Bearer` may be in any mix of upper and
/// lower case, the token may not.
///
/// If that header has anything else in it, or is missing, the request is `Unauthorized`. The extractor makes no calls.
/// Where a wrong token differs from a right one must NOT show in how long the comparison takes.
impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        todo!("find the user whose token is in the request's header")
    }
}

/// Which orders to show: `limit` of them, after the first `skip`.
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

/// Task 3, `GET /dashboard`: answers with the bodies of three pages, `users/<name>`, `orders/<name>/<skip>/<limit>` and
/// `stats/<name>`.
///
/// - `skip` is 0 or more, and `limit` is from 1 to 100. Otherwise the request is `Invalid`, and nothing is called.
/// - It takes as long as the slowest call. The first call that fails ends it at once, with that error.
///
/// When it returns or is dropped, it must NOT leave a call running.
pub async fn dashboard(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(paging): Query<Paging>,
) -> Result<Json<Dashboard>, ApiError> {
    todo!("check the paging, then make the three calls together")
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

/// Task 4, `POST /transfers`: withdraws the money from the user's account, then deposits it in the account `to`. When both
/// are done, it answers 201, Created.
///
/// - An amount below 1 is `Invalid`, and then no session is opened. A refused withdrawal is a `Conflict`.
/// - Each transfer has a session of its own (`state.bank.open()`), which is closed as soon as the bank's work has ended.
/// - A transfer that has begun goes on to its end, even if the handler is dropped, and however slow the bank is.
///   `state.tasks` tracks it until then.
/// - If the bank's code panics, the transfer fails as `Internal`.
pub async fn transfer(
    State(state): State<AppState>,
    user: CurrentUser,
    Json(order): Json<Order>,
) -> Result<(StatusCode, Json<Receipt>), ApiError> {
    todo!("check the amount, then have the transfer done by a task that outlives the request")
}

/// Given: `GET /users/{id}`.
pub async fn user(state: State<AppState>, id: Path<u64>) -> Result<Json<Page>, ApiError> {
    Ok(Json(state.upstream.get(&format!("users/{}", *id)).await?))
}

/// Given: `GET /orders/{id}`.
pub async fn order(state: State<AppState>, id: Path<u64>) -> Result<Json<Page>, ApiError> {
    Ok(Json(state.upstream.get(&format!("orders/{}", *id)).await?))
}

/// Task 5: the service, with the four routes above and two limits that hold for all of them together.
///
/// - It handles `AT_ONCE` requests at once, and no fewer. Others wait for their turn, however many they are.
/// - `PATIENCE` after it arrived, a request that has no response yet is answered 504, whether it waited for its turn or
///   was being handled. Its handler is dropped at that instant.
///
/// Clones of this router share its limit. A request must NOT keep its place when it ends, however it ends.
pub fn app(state: AppState) -> Router {
    todo!("add the routes and the state, then the limits around them")
}

// Hands this service to the hidden tests. Leave this line as it is.
hidden_endpoints::grade!();
