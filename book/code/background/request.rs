//! What becomes of a handler's work when its client hangs up.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{Request, StatusCode},
    routing::post,
};
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use crate::call::{ms, timed};

// ANCHOR: handlers
/// A future of the request: dropped with it, wherever it is.
async fn buy(State(shop): State<Shop>) -> StatusCode {
    shop.charge().await;
    shop.ship().await; // Never comes if the client hangs up before.
    StatusCode::CREATED
}

/// A task that the request waits for.
async fn buy_in_a_task(State(shop): State<Shop>) -> StatusCode {
    let order = shop.clone();
    let task = shop.tasks.spawn(async move {
        order.charge().await;
        order.ship().await;
    });
    match task.await {
        Ok(()) => StatusCode::CREATED,
        Err(_panicked) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
// ANCHOR_END: handlers

#[derive(Clone, Default)]
struct Shop {
    done: Arc<Mutex<Vec<&'static str>>>,
    tasks: TaskTracker,
}

impl Shop {
    async fn charge(&self) {
        sleep(ms(100)).await;
        self.note("charged");
    }

    async fn ship(&self) {
        sleep(ms(100)).await;
        self.note("shipped");
    }

    fn note(&self, what: &'static str) {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.push(what);
    }

    /// What was done once nothing is left to do, after a client that hangs up after 150 ms.
    async fn done_for_a_client_that_hangs_up(path: &str) -> Vec<&'static str> {
        let shop = Self::default();
        let request = shop.ask(path);
        // The server drops the handler when its client is gone: see `hang_up.rs`.
        assert!(timeout(ms(150), request).await.is_err());
        shop.tasks.close();
        shop.tasks.wait().await;
        let done = shop.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.clone()
    }

    async fn ask(&self, path: &str) -> StatusCode {
        let app = Router::new()
            .route("/buy", post(buy))
            .route("/buy-in-a-task", post(buy_in_a_task))
            .with_state(self.clone());
        let request = Request::post(path).body(Body::empty());
        let response = app.oneshot(request.expect("the path is one"));
        response.await.expect("a router does not fail").status()
    }
}

#[tokio::test(start_paused = true)]
async fn a_task_goes_on_when_its_client_hangs_up() {
    let done = Shop::done_for_a_client_that_hangs_up("/buy").await;
    assert_eq!(done, ["charged"]);
    let done = Shop::done_for_a_client_that_hangs_up("/buy-in-a-task").await;
    assert_eq!(done, ["charged", "shipped"]);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_waits_has_the_same_answer_from_both() {
    for path in ["/buy", "/buy-in-a-task"] {
        let answer = timed(Shop::default().ask(path)).await;
        assert_eq!(answer, (StatusCode::CREATED, ms(200)));
    }
}
