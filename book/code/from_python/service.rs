//! A service: what FastAPI's parts are in axum.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::{FromRequestParts, Path, State},
    http::{StatusCode, header::AUTHORIZATION, request::Parts},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use crate::call::{fetch, ms, timed};

// ANCHOR: app
#[derive(Clone)]
struct App {
    users: Arc<HashMap<u64, &'static str>>,
    background: TaskTracker,
}

fn app(state: App) -> Router {
    Router::new()
        .route("/users/{id}", get(user))
        .route("/users", post(register))
        .with_state(state)
}

async fn user(
    _: CurrentUser,
    State(app): State<App>,
    Path(id): Path<u64>,
) -> Result<&'static str, ApiError> {
    app.users.get(&id).copied().ok_or(ApiError::NotFound)
}
// ANCHOR_END: app

// ANCHOR: error
enum ApiError {
    Unauthorized,
    NotFound,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED.into_response(),
            Self::NotFound => (StatusCode::NOT_FOUND, "no such user").into_response(),
        }
    }
}
// ANCHOR_END: error

// ANCHOR: depends
struct CurrentUser;

impl<S: Sync> FromRequestParts<S> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        match parts.headers.get(AUTHORIZATION) {
            Some(token) if token == "Bearer ada" => Ok(Self),
            _ => Err(ApiError::Unauthorized),
        }
    }
}
// ANCHOR_END: depends

// ANCHOR: background
async fn register(State(app): State<App>) -> StatusCode {
    app.background.spawn(fetch("mail", 2000));
    StatusCode::ACCEPTED
}

async fn shut_down(background: TaskTracker) -> bool {
    background.close();
    timeout(Duration::from_secs(10), background.wait())
        .await
        .is_ok()
}
// ANCHOR_END: background

// ANCHOR: blocking
async fn blocks() -> &'static str {
    #[expect(clippy::disallowed_methods, reason = "this is what it is about")]
    std::thread::sleep(ms(20)); // Keeps a thread of the runtime.
    "done"
}

async fn waits() -> &'static str {
    sleep(ms(20)).await; // Gives it back.
    "done"
}
// ANCHOR_END: blocking

async fn ask(app: &Router, method: &str, path: &str, token: Option<&str>) -> StatusCode {
    let mut request = axum::http::Request::builder().method(method).uri(path);
    if let Some(token) = token {
        request = request.header(AUTHORIZATION, token);
    }
    let request = request
        .body(axum::body::Body::empty())
        .expect("the request is well formed");
    app.clone()
        .oneshot(request)
        .await
        .expect("a router does not fail")
        .status()
}

fn state() -> App {
    App {
        users: Arc::new(HashMap::from([(1, "Ada")])),
        background: TaskTracker::new(),
    }
}

// ANCHOR: oneshot
#[tokio::test]
async fn who_asks_for_whom_decides_the_status() {
    let app = app(state());
    assert_eq!(
        ask(&app, "GET", "/users/1", Some("Bearer ada")).await,
        StatusCode::OK
    );
    assert_eq!(
        ask(&app, "GET", "/users/2", Some("Bearer ada")).await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        ask(&app, "GET", "/users/x", Some("Bearer ada")).await,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        ask(&app, "GET", "/users/1", None).await,
        StatusCode::UNAUTHORIZED
    );
}
// ANCHOR_END: oneshot

#[tokio::test]
async fn extractors_run_in_the_order_of_the_arguments() {
    let app = app(state());
    // Both are wrong, and the first argument decides.
    assert_eq!(
        ask(&app, "GET", "/users/x", None).await,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test(start_paused = true)]
async fn the_answer_does_not_wait_for_the_mail_and_the_shutdown_does() {
    let state = state();
    let app = app(state.clone());
    let (status, took) = timed(ask(&app, "POST", "/users", None)).await;
    assert_eq!((status, took), (StatusCode::ACCEPTED, ms(0)));
    assert_eq!(timed(shut_down(state.background)).await, (true, ms(2000)));
}

/// How often another task of this thread has its turn during the request. It would like one at every millisecond.
async fn turns_during(path: &str) -> usize {
    let app = Router::new()
        .route("/blocks", get(blocks))
        .route("/waits", get(waits));
    let turns = Arc::new(AtomicUsize::new(0));
    let counted = turns.clone();
    let beside = tokio::spawn(async move {
        loop {
            counted.fetch_add(1, Relaxed);
            sleep(ms(1)).await;
        }
    });
    let status = ask(&app, "GET", path, None).await;
    let turns = turns.load(Relaxed);
    beside.abort();
    assert_eq!(status, StatusCode::OK);
    turns
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_blocks_lets_nobody_else_run() {
    assert_eq!(turns_during("/blocks").await, 0);
    assert_eq!(turns_during("/waits").await, 20);
}

/// Nor would anybody else run beside a handler that is done at once. This one takes its time: a thread's sleep may
/// last longer than it should, and never ends sooner.
#[tokio::test]
async fn a_handler_that_blocks_takes_its_time_on_the_wall_clock() {
    let (turns, took) = timed(turns_during("/blocks")).await;
    assert_eq!(turns, 0);
    assert!(took >= ms(20), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn an_empty_shutdown_ends_at_once() {
    assert_eq!(timed(shut_down(TaskTracker::new())).await, (true, ms(0)));
}
