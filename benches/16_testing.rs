//! Chapter 16: the same tests of a timeout on the real clock and on the paused one; and a request to a service in memory,
//! beside one over a socket.

use std::{process::ExitCode, time::Duration};

use async_workbook::{clock::Clock, services::upstream::Upstream};
use axum::{Router, body::Body, http::Request, routing::get};
use futures::future::join_all;
use reqwest::Client;
use suite::{Suite, runtime};
use tokio::{net::TcpListener, time::timeout};
use tower::ServiceExt as _;

const TESTS: u32 = 10;
/// What each test waits for: a timeout of a minute, 1,200 times as fast.
const LIMIT: Duration = Duration::from_millis(50);
const SCALE: u32 = 1_200;

fn main() -> ExitCode {
    suite::main(bench)
}

fn bench(suite: &mut Suite) {
    clocks(suite);
    sockets(suite);
}

/// A test that a call is given up after so long.
async fn gives_up_after(limit: Duration) {
    let upstream = Upstream::builder().page("slow", 60 * limit).build();
    assert!(timeout(limit, upstream.fetch("slow")).await.is_err());
}

/// As `#[tokio::test]` does: each test has a runtime of its own.
fn test(clock: Clock, limit: Duration) {
    let runtime = clock.runtime().expect("there are resources left");
    runtime.block_on(gives_up_after(limit));
}

fn clocks(suite: &mut Suite) {
    let runtime = runtime();
    suite
        .scenario("16_testing", "10 tests of a timeout of 60 s", SCALE, None)
        .way("one after another", Some(TESTS * LIMIT), |bencher| {
            bencher.iter(|| (0..TESTS).for_each(|_| test(Clock::Real, LIMIT)));
        })
        .way("all at once", Some(LIMIT), |bencher| {
            let tests = || join_all((0..TESTS).map(|_| gives_up_after(LIMIT)));
            bencher.to_async(&runtime).iter(tests);
        })
        .way("on the paused clock", None, |bencher| {
            bencher.iter(|| (0..TESTS).for_each(|_| test(Clock::Virtual, SCALE * LIMIT)));
        });
}

fn service() -> Router {
    Router::new().route("/rates", get(async || "1.08"))
}

/// A test that starts a service, and asks it once.
fn sockets(suite: &mut Suite) {
    let runtime = runtime();
    // A proxy that the environment names must not see calls that stay on this machine.
    let client = || Client::builder().no_proxy().build();
    suite
        .scenario("16_testing", "a test that sends one request", 1, None)
        .way("over a socket", None, |bencher| {
            bencher.to_async(&runtime).iter(|| async {
                let listener = TcpListener::bind(("127.0.0.1", 0)).await;
                let listener = listener.expect("loopback is there");
                let address = listener.local_addr().expect("it is bound");
                let server = tokio::spawn(axum::serve(listener, service()).into_future());
                let client = client().expect("a client without TLS needs nothing of the system");
                let response = client.get(format!("http://{address}/rates")).send().await;
                let text = response.expect("it responds").text().await;
                assert_eq!(text.expect("it's text"), "1.08");
                server.abort();
            });
        })
        .way("`oneshot`", None, |bencher| {
            bencher.to_async(&runtime).iter(|| async {
                let request = Request::get("/rates").body(Body::empty());
                let response = service().oneshot(request.expect("the path is sound")).await;
                let Ok(response) = response;
                let body = axum::body::to_bytes(response.into_body(), usize::MAX).await;
                assert_eq!(body.expect("it's in memory"), "1.08");
            });
        });
}
