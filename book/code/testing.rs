//! What the page of chapter 16 shows besides its lesson.

use std::time::Duration;

use async_workbook::{clock::Hold, services::upstream::Upstream};
use axum::{
    Json, Router,
    body::{Body, to_bytes},
    extract::{Path, State},
    http::{Request, StatusCode},
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde_json::json;
use tokio::time::{Instant, sleep, timeout};
use tower::ServiceExt as _;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

const SECOND: Duration = Duration::from_secs(1);

fn service(upstream: Upstream) -> Router {
    Router::new()
        .route("/rates/{currency}", get(rate))
        .with_state(upstream)
}

async fn rate(State(upstream): State<Upstream>, Path(currency): Path<String>) -> Response {
    let path = format!("rates/{currency}");
    match timeout(5 * SECOND, upstream.get(&path)).await {
        Ok(Ok(page)) => Json(json!({ "currency": currency, "rate": page.body })).into_response(),
        Ok(Err(_)) => refused(StatusCode::NOT_FOUND, "there is no such currency"),
        Err(_) => refused(StatusCode::GATEWAY_TIMEOUT, "it took too long"),
    }
}

fn refused(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}

// ANCHOR: oneshot
#[tokio::test(start_paused = true)]
async fn a_slow_upstream_is_a_504_after_five_seconds() {
    let upstream = Upstream::builder().page("rates/EUR", 60 * SECOND).build();
    let service = service(upstream.clone());
    let start = Instant::now();

    let request = Request::get("/rates/EUR").body(Body::empty()).unwrap();
    let response = service.oneshot(request).await.unwrap();

    assert_eq!(response.status(), StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(start.elapsed(), 5 * SECOND);
    sleep(Duration::from_millis(1)).await;
    assert_eq!(upstream.in_flight(), 0, "the call was dropped");
}
// ANCHOR_END: oneshot

async fn ask(service: &Router, currency: &str) -> String {
    let request = Request::get(format!("/rates/{currency}")).body(Body::empty());
    let request = request.expect("the path is sound");
    let Ok(response) = service.clone().oneshot(request).await;
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await;
    let json: serde_json::Value =
        serde_json::from_slice(&body.expect("it's in memory")).expect("it's JSON");
    format!("GET {currency}: {status} {json}\n")
}

// ANCHOR: snapshot
#[tokio::test(start_paused = true)]
async fn every_answer_is_as_it_was() {
    let upstream = Upstream::builder().page("rates/EUR", SECOND);
    let service = service(upstream.page("rates/SLOW", 60 * SECOND).build());
    let mut answers = String::new();
    for currency in ["EUR", "XXX", "SLOW"] {
        answers += &ask(&service, currency).await;
    }
    insta::assert_snapshot!(answers, @r#"
    GET EUR: 200 {"currency":"EUR","rate":"rates/EUR page"}
    GET XXX: 404 {"error":"there is no such currency"}
    GET SLOW: 504 {"error":"it took too long"}
    "#);
}
// ANCHOR_END: snapshot

/// The client under test.
async fn fetch_rate(base: &str) -> reqwest::Result<String> {
    // A proxy of the environment must not see calls that stay on this machine.
    let client = reqwest::Client::builder().no_proxy().build()?;
    let response = client.get(format!("{base}/rates/EUR")).send().await?;
    response.error_for_status()?.text().await
}

// ANCHOR: expectation
#[tokio::test]
async fn the_rate_is_fetched_once() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_string("1.08");
    Mock::given(method("GET"))
        .and(path("/rates/EUR"))
        .respond_with(answer)
        .expect(1)
        .mount(&server)
        .await;

    assert_eq!(fetch_rate(&server.uri()).await.unwrap(), "1.08");

    // When the server is dropped, it panics if there was another number of such requests.
}
// ANCHOR_END: expectation

#[tokio::test]
#[should_panic(expected = "Verifications failed")]
async fn an_expectation_that_is_not_met_panics() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200))
        .expect(2)
        .mount(&server)
        .await;
    let rate = fetch_rate(&server.uri()).await;
    rate.expect("it's the first of two");
}

// ANCHOR: held
#[tokio::test(start_paused = true)]
async fn a_real_server_needs_a_hold_on_the_paused_clock() {
    let server = MockServer::start().await;
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_millis(300));
    Mock::given(method("GET"))
        .respond_with(slow)
        .mount(&server)
        .await;
    let limited = || timeout(30 * SECOND, fetch_rate_of(&server));

    assert!(limited().await.is_err(), "the clock jumps to the timeout");

    let hold = Hold::new();
    assert!(
        limited().await.is_ok(),
        "it stands still until the answer is there"
    );
    hold.release().await;
}
// ANCHOR_END: held

async fn fetch_rate_of(server: &MockServer) -> String {
    let rate = fetch_rate(&server.uri()).await;
    rate.expect("the server answers")
}

// ANCHOR: in_a_task
#[tokio::test]
#[should_panic(expected = "two callers, two calls")]
async fn an_assertion_in_a_task_is_heard() {
    let test = tokio::spawn(async {
        let calls = 2;
        assert_eq!(calls, 1, "two callers, two calls");
    });
    if let Err(error) = test.await {
        // A `JoinError` has the panic, and this goes on with it.
        std::panic::resume_unwind(error.into_panic());
    }
}
// ANCHOR_END: in_a_task
