//! Chapter 13.

use std::{
    cell::Cell,
    convert::Infallible,
    sync::{
        Arc, Barrier,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{FromRequestParts, Query},
    http::{Request, StatusCode, request::Parts},
    routing::get,
};
use futures::future::join_all;
use serde::Deserialize;
use tokio::{
    runtime::Builder,
    task,
    time::{Instant, sleep, timeout},
};
use tower::{
    ServiceBuilder, ServiceExt as _,
    limit::{ConcurrencyLimitLayer, GlobalConcurrencyLimitLayer},
};
use tower_http::timeout::TimeoutLayer;

/// The status of the answer, and when it came.
async fn ask(app: &Router, path: &str) -> (StatusCode, Duration) {
    let start = Instant::now();
    let request = Request::get(path)
        .body(Body::empty())
        .expect("a sound path");
    let Ok(response) = app.clone().oneshot(request).await;
    (response.status(), start.elapsed())
}

/// How many of 50 requests for each of two routes run at once.
async fn at_once(limited: impl FnOnce(Router) -> Router) -> usize {
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let handler = {
        let most = most.clone();
        async move || {
            most.fetch_max(
                running.fetch_add(1, Ordering::Relaxed) + 1,
                Ordering::Relaxed,
            );
            sleep(Duration::from_secs(1)).await;
            running.fetch_sub(1, Ordering::Relaxed);
        }
    };
    let app = Router::new()
        .route("/a", get(handler.clone()))
        .route("/b", get(handler));
    let app = limited(app).with_state(());
    join_all((0..100).map(|number| ask(&app, ["/a", "/b"][number % 2]))).await;
    most.load(Ordering::Relaxed)
}

#[tokio::test(start_paused = true)]
async fn limit_over_two_routes() {
    assert_eq!(
        at_once(|app| app.layer(ConcurrencyLimitLayer::new(10))).await,
        20
    );
    assert_eq!(
        at_once(|app| app.layer(GlobalConcurrencyLimitLayer::new(10))).await,
        10
    );
}

#[tokio::test]
async fn not_a_number() {
    #[derive(Deserialize)]
    struct Paging {
        limit: u32,
    }
    let app = Router::new().route(
        "/users",
        get(async |Query(paging): Query<Paging>| paging.limit.to_string()),
    );
    assert_eq!(
        ask(&app, "/users?limit=ten").await.0,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(ask(&app, "/users?limit=10").await.0, StatusCode::OK);
}

/// The barrier lets four pass at a time, so it takes four workers to end this, and there are no more.
#[test]
fn blocking_handler() {
    let runtime = Builder::new_multi_thread().worker_threads(4).build();
    let runtime = runtime.expect("start four threads");
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let four = Arc::new(Barrier::new(4));
    let app = Router::new().route(
        "/",
        get({
            let most = most.clone();
            async move || {
                most.fetch_max(
                    running.fetch_add(1, Ordering::Relaxed) + 1,
                    Ordering::Relaxed,
                );
                four.wait();
                running.fetch_sub(1, Ordering::Relaxed);
            }
        }),
    );
    runtime.block_on(async {
        let requests = (0..100).map(|_| {
            let app = app.clone();
            task::spawn(async move { ask(&app, "/").await.0 })
        });
        for answer in join_all(requests).await {
            assert_eq!(answer.expect("no handler panics"), StatusCode::OK);
        }
    });
    assert_eq!(most.load(Ordering::Relaxed), 4);
}

#[tokio::test(start_paused = true)]
async fn timeout_around_a_limit() {
    let time =
        || TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, Duration::from_secs(5));
    let slow = || Router::new().route("/", get(async || sleep(Duration::from_secs(4)).await));
    let stack = ServiceBuilder::new()
        .layer(time())
        .layer(GlobalConcurrencyLimitLayer::new(1));
    let app = slow().layer(stack).with_state(());
    let (_, second) = tokio::join!(ask(&app, "/"), ask(&app, "/"));
    assert_eq!(second, (StatusCode::OK, Duration::from_secs(8)));

    let app = slow()
        .layer(GlobalConcurrencyLimitLayer::new(1))
        .layer(time())
        .with_state(());
    let (_, second) = tokio::join!(ask(&app, "/"), ask(&app, "/"));
    assert_eq!(
        second,
        (StatusCode::GATEWAY_TIMEOUT, Duration::from_secs(5))
    );
}

#[tokio::test(start_paused = true)]
async fn after_yield() {
    thread_local!(static CLOSED: Cell<usize> = const { Cell::new(0) });

    struct Session;

    impl<S: Sync> FromRequestParts<S> for Session {
        type Rejection = Infallible;

        async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Infallible> {
            Ok(Self)
        }
    }

    impl Drop for Session {
        fn drop(&mut self) {
            CLOSED.set(CLOSED.get() + 1);
        }
    }

    let app = Router::new()
        .route("/fails", get(async |_: Session| StatusCode::NOT_FOUND))
        .route(
            "/slow",
            get(async |_session: Session| sleep(Duration::from_secs(60)).await),
        );
    ask(&app, "/fails").await;
    assert_eq!(CLOSED.get(), 1);
    let hung_up = timeout(Duration::from_secs(1), ask(&app, "/slow")).await;
    assert!(hung_up.is_err());
    assert_eq!(CLOSED.get(), 2);
}
