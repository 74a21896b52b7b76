//! What the page of chapter 13 shows besides its lesson.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{FromRef, FromRequestParts, Query},
    http::{Request, StatusCode, request::Parts},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use tokio::time::{sleep, timeout};
use tower::ServiceExt as _;
use tower_http::catch_panic::CatchPanicLayer;

use crate::call::ms;

/// Counts the sessions that are open.
#[derive(Clone, Default)]
struct Sessions(Arc<AtomicUsize>);

impl Sessions {
    fn open(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn close(&self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

// ANCHOR: session
struct Session {
    sessions: Sessions,
}

impl<S: Send + Sync> FromRequestParts<S> for Session
where
    Sessions: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let sessions = Sessions::from_ref(state);
        sessions.open();
        Ok(Self { sessions })
    }
}

/// What comes after the `yield`.
impl Drop for Session {
    fn drop(&mut self) {
        self.sessions.close();
    }
}
// ANCHOR_END: session

// ANCHOR: paged
#[derive(Deserialize)]
struct Paged {
    limit: u32,
}

impl<S: Send + Sync> FromRequestParts<S> for Paged {
    type Rejection = (StatusCode, String);

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let wrong = |why: String| (StatusCode::UNPROCESSABLE_ENTITY, why);
        let query = Query::<Self>::from_request_parts(parts, state).await;
        let Query(paged) = query.map_err(|rejection| wrong(rejection.body_text()))?;
        if !(1..=100).contains(&paged.limit) {
            return Err(wrong("`limit` is from 1 to 100".into()));
        }
        Ok(paged)
    }
}
// ANCHOR_END: paged

// ANCHOR: caught
fn with_a_500(app: Router) -> Router {
    // The panic's own text is for the log.
    let told = |_panic| (StatusCode::INTERNAL_SERVER_ERROR, "something broke").into_response();
    app.layer(CatchPanicLayer::custom(told))
}
// ANCHOR_END: caught

async fn ask(app: &Router, path: &str) -> Response {
    let request = Request::get(path).body(Body::empty());
    let request = request.expect("the path is sound");
    let Ok(response) = app.clone().oneshot(request).await;
    response
}

async fn text(response: Response) -> String {
    let bytes = to_bytes(response.into_body(), usize::MAX).await;
    String::from_utf8(bytes.expect("it is in memory").into()).expect("it is text")
}

#[tokio::test(start_paused = true)]
async fn a_session_is_closed_on_every_way_out() {
    async fn handler(session: Session) -> StatusCode {
        assert_eq!(session.sessions.count(), 1);
        StatusCode::NOT_FOUND
    }
    let sessions = Sessions::default();
    let slow = get(async |_session: Session| sleep(Duration::from_secs(60)).await);
    let app = Router::new()
        .route("/", get(handler))
        .route("/slow", slow)
        .with_state(sessions.clone());
    assert_eq!(ask(&app, "/").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(sessions.count(), 0);
    let hung_up = timeout(ms(100), ask(&app, "/slow")).await;
    assert!(hung_up.is_err());
    assert_eq!(sessions.count(), 0);
}

#[tokio::test]
async fn a_wrapped_extractor_answers_in_its_own_words() {
    let app = Router::new().route("/", get(async |paged: Paged| paged.limit.to_string()));
    let ten = ask(&app, "/?limit=10").await;
    assert_eq!(
        (ten.status(), text(ten).await.as_str()),
        (StatusCode::OK, "10")
    );
    for query in ["/", "/?limit=ten", "/?limit=0", "/?limit=101", "/?limit=-1"] {
        let status = ask(&app, query).await.status();
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
    }
}

#[tokio::test]
async fn a_panic_becomes_a_500_without_its_text() {
    async fn handler() {
        // Unlike `panic!`, this prints nothing.
        std::panic::resume_unwind(Box::new("no route to 10.0.7.3"));
    }
    let app = with_a_500(Router::new().route("/", get(handler)));
    let response = ask(&app, "/").await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(text(response).await, "something broke");
}
