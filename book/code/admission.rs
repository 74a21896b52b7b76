//! A limit on the requests of a service: those for which there is no room are refused, rather than queued.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{StatusCode, header::RETRY_AFTER},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse as _, Response},
    routing::get,
};
use tokio::sync::Semaphore;
use tower::{Layer, ServiceExt as _};

use crate::call::{Page, fetch, ms, timed};

// ANCHOR: admit
async fn admit(State(room): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let Ok(_place) = room.try_acquire() else {
        let later = [(RETRY_AFTER, "1")];
        return (StatusCode::SERVICE_UNAVAILABLE, later).into_response();
    };
    next.run(request).await
}

fn app(limit: usize) -> Router {
    let room = Arc::new(Semaphore::new(limit)); // One for all routes.
    Router::new()
        .route("/report", get(report))
        .route("/search", get(report))
        .layer(from_fn_with_state(room, admit))
}
// ANCHOR_END: admit

async fn report() -> Page {
    fetch("report", 100).await
}

async fn status(app: &Router, path: &str) -> StatusCode {
    let request = Request::get(path).body(Body::empty());
    let response = app.clone().oneshot(request.expect("the path is one"));
    response.await.expect("a router does not fail").status()
}

#[tokio::test(start_paused = true)]
async fn a_request_without_room_is_refused_at_once() {
    let app = app(2);
    let (report, search) = (status(&app, "/report"), status(&app, "/search"));
    let third = timed(status(&app, "/report"));
    let (report, search, third) = tokio::join!(report, search, third);
    assert_eq!((report, search), (StatusCode::OK, StatusCode::OK));
    assert_eq!(third, (StatusCode::SERVICE_UNAVAILABLE, ms(0)));
    assert_eq!(status(&app, "/report").await, StatusCode::OK);
}

/// Counts how often it is applied. A layer that makes a semaphore when it is applied makes that many.
#[derive(Clone, Default)]
struct Applied(Arc<AtomicUsize>);

impl<S> Layer<S> for Applied {
    type Service = S;

    fn layer(&self, service: S) -> S {
        self.0.fetch_add(1, Relaxed);
        service
    }
}

/// How often a layer is applied when a router is built.
fn applied(router: Router) -> usize {
    let layer = Applied::default();
    let router: Router = router.layer(layer.clone()).with_state(());
    drop(router);
    layer.0.load(Relaxed)
}

#[test]
fn a_layer_is_applied_to_each_route_and_method() {
    let one = applied(Router::new().route("/a", get(report)));
    let two_methods = applied(Router::new().route("/a", get(report).post(report)));
    let two_routes = applied(
        Router::new()
            .route("/a", get(report))
            .route("/b", get(report)),
    );
    assert!(one < two_methods && one < two_routes);
}

#[tokio::test(start_paused = true)]
async fn a_layer_is_applied_anew_until_the_router_has_its_state() {
    let layer = Applied::default();
    let app = Router::new().route("/a", get(report)).layer(layer.clone());
    let count = async |app: &Router| {
        let before = layer.0.load(Relaxed);
        assert_eq!(status(app, "/a").await, StatusCode::OK);
        layer.0.load(Relaxed) - before
    };
    assert!(count(&app).await > 0);
    // What `axum::serve` does for each connection.
    let app = app.with_state(());
    assert_eq!(count(&app).await, 0);
}
