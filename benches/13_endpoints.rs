//! Chapter 13: handlers that block and handlers that await, and how many requests the same endpoint answers with axum and
//! with FastAPI.

use std::{env, process::ExitCode, sync::mpsc, thread, time::Duration};

use axum::{Json, Router, body::Body, extract::Path, http::Request, routing::get};
use futures::future::join_all;
use reqwest::Client;
use serde::Serialize;
use suite::{Suite, runtime};
use tokio::{
    net::TcpListener,
    runtime::{Builder, Runtime},
};
use tower::ServiceExt as _;

#[path = "13_endpoints/fastapi.rs"]
mod fastapi;

use fastapi::FastApi;

/// Requests that come at the same time.
const REQUESTS: u32 = 100;

/// What each handler takes.
const LATENCY: Duration = Duration::from_millis(25);

/// Connections to a service over HTTP, each of which sends one request after the other.
const CONNECTIONS: u32 = 10;

fn main() -> ExitCode {
    suite::main(bench)
}

fn bench(suite: &mut Suite) {
    block_or_await(suite, "one worker", 1);
    block_or_await(suite, "two workers", 2);
    over_http(suite);
}

fn block_or_await(suite: &mut Suite, name: &str, workers: u32) {
    let runtime = Builder::new_multi_thread()
        .worker_threads(workers as usize)
        .enable_all()
        .build()
        .expect("a runtime needs nothing but threads and file descriptors");
    let app = Router::new()
        .route("/blocks", get(async || block()))
        .route("/awaits", get(async || tokio::time::sleep(LATENCY).await));
    let ask = |path: &'static str| {
        let app = app.clone();
        let requests = (0..REQUESTS).map(move |_| {
            let request = Request::get(path).body(Body::empty());
            tokio::spawn(app.clone().oneshot(request.expect("the path is sound")))
        });
        async move {
            for response in join_all(requests).await {
                let Ok(response) = response.expect("no handler panics");
                assert!(response.status().is_success());
            }
        }
    };
    suite
        .scenario(
            "13_endpoints",
            &format!("{REQUESTS} requests of {} ms, {name}", LATENCY.as_millis()),
            1,
            None,
        )
        .way(
            "the handler blocks",
            Some(REQUESTS / workers * LATENCY),
            |bencher| {
                bencher.to_async(&runtime).iter(|| ask("/blocks"));
            },
        )
        .way("the handler awaits", Some(LATENCY), |bencher| {
            bencher.to_async(&runtime).iter(|| ask("/awaits"));
        });
}

/// Keeps its thread, as a blocking call does.
#[expect(clippy::disallowed_methods, reason = "it is what is measured")]
fn block() {
    thread::sleep(LATENCY);
}

#[derive(Serialize)]
struct User {
    id: u64,
    name: &'static str,
}

async fn user(Path(id): Path<u64>) -> Json<User> {
    Json(User { id, name: "Ada" })
}

/// Serves on a thread of its own, for as long as the program runs, and returns where.
fn axum_on_one_thread() -> String {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        runtime().block_on(async {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await;
            let listener = listener.expect("loopback is there");
            let address = listener.local_addr().expect("it is bound");
            sender.send(address).expect("the bench waits for it");
            let app = Router::new().route("/users/{id}", get(user));
            axum::serve(listener, app).await
        })
    });
    let address = receiver.recv().expect("the service has started");
    format!("http://{address}")
}

fn over_http(suite: &mut Suite) {
    let runtime = runtime();
    // A proxy that the environment names must not see calls that stay on this machine.
    let client = Client::builder().no_proxy().build();
    let client = client.expect("a client without TLS needs nothing of the system");
    let is_trial = env::args().any(|argument| argument == "--test");
    let fastapi = FastApi::start(!is_trial);
    let ours = axum_on_one_thread();
    let name = format!("{REQUESTS} requests over HTTP, {CONNECTIONS} at once");
    let mut scenario = suite.scenario("13_endpoints", &name, 1, None);
    let mut measure = |way, base: &str| {
        let url = format!("{base}/users/7");
        wait_until_it_answers(&runtime, &client, &url);
        scenario.way(way, None, |bencher| {
            bencher.to_async(&runtime).iter(|| all(&client, &url));
        });
    };
    match &fastapi {
        Ok(service) => measure("FastAPI on uvicorn", &service.base),
        Err(reason) => println!("FastAPI was skipped: {reason}"),
    }
    measure("axum", &ours);
}

async fn all(client: &Client, url: &str) {
    let connection = async || {
        for _ in 0..REQUESTS / CONNECTIONS {
            let response = client.get(url).send().await.expect("loopback answers");
            let body = response.bytes().await.expect("the body is whole");
            assert!(body.starts_with(b"{\"id\":7"));
        }
    };
    join_all((0..CONNECTIONS).map(|_| connection())).await;
}

fn wait_until_it_answers(runtime: &Runtime, client: &Client, url: &str) {
    runtime.block_on(async {
        for _ in 0..500 {
            if client.get(url).send().await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{url} does not answer");
    });
}
