//! Endpoints: handlers, extractors, errors.
//!
//! A bookshop's service. Extractors check a request before its handler runs. Layers hold for all routes. A handler ends
//! where its client hangs up, unless a task does the work.
//!
//!     cargo run --example 13_endpoints               asks it, as a client would
//!     cargo run --example 13_endpoints -- --serve    leaves it running, for curl
//!
//! serves real HTTP on loopback, and prints a table of six answers that ends in
//!
//!     GET /books/8               504 Gateway Timeout        after 1.0 s
//!
//! give or take some milliseconds, with its timeline. Then its client hangs up on two orders, and it shows what became of
//! them. With `WORKBOOK_CLOCK=virtual`, the same requests come in memory, and every figure is exact.

use std::{error::Error, time::Duration};

use async_workbook::clock::{Clock, Readable};
use async_workbook::services::upstream::{Outcome, Upstream};
use async_workbook::timeline::Recorder;
use axum::http::{Request, StatusCode};
use axum::{Router, routing::get, routing::post};
use tokio::time::{Instant, sleep, timeout};
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::{timeout::TimeoutLayer, trace::TraceLayer};
use tracing::{Span, info_span};

#[path = "13_endpoints/books.rs"]
mod books;
#[path = "13_endpoints/client.rs"]
mod client;
#[path = "13_endpoints/orders.rs"]
mod orders;
#[path = "13_endpoints/server.rs"]
mod server;

use books::{KEY, Shop, shop};
use client::Client;

const PATIENCE: Duration = Duration::from_secs(1);
const MS: Duration = Duration::from_millis(1);

fn main() -> Result<(), Box<dyn Error>> {
    let (clock, recorder) = (Clock::from_env()?, Recorder::new());
    recorder.install()?;
    if std::env::args().any(|argument| argument == "--serve") {
        return Clock::Real.runtime()?.block_on(server::serve(app(shop())));
    }
    clock.runtime()?.block_on(ask(clock, &recorder))
}

async fn ask(clock: Clock, recorder: &Recorder) -> Result<(), Box<dyn Error>> {
    let shop = shop();
    let client = Client::new(app(shop.clone()), clock).await?;
    let (table, timeline) = recorder.watch(table(&client)).await;
    println!("{}\n{timeline}", table?);
    for (how, path) in [("the handler", "/orders/7"), ("a task", "/kept-orders/7")] {
        let before = answered(&shop.catalogue);
        let order = client.ask("POST", path, KEY);
        let hang_up = async {
            drop(timeout(300 * MS, order).await);
            sleep(300 * MS).await;
        };
        let ((), timeline) = recorder.watch(hang_up).await;
        let done = answered(&shop.catalogue) - before;
        println!("Awaited in {how}: {done} of 2 calls\n\n{timeline}");
    }
    Ok(())
}

async fn table(client: &Client) -> Result<String, Box<dyn Error>> {
    let mut table = String::new();
    for (path, key) in [
        ("/books/7", KEY),
        ("/books/7", "guess"),
        ("/books/9", KEY),
        ("/books/seven", KEY),
        ("/books?limit=1000", KEY),
        ("/books/8", KEY),
    ] {
        let start = Instant::now();
        let status = client.ask("GET", path, key).await?.to_string();
        let took = Readable(start.elapsed());
        let path = format!("{path}{}", if key == KEY { "" } else { ", wrong key" });
        table += &format!("GET {path:<22} {status:<26} after {took}\n");
    }
    Ok(table)
}

fn answered(upstream: &Upstream) -> usize {
    let calls = upstream.calls().into_iter();
    calls
        .filter(|call| call.outcome == Some(Outcome::Answered))
        .count()
}

// ANCHOR: layers
fn app(shop: Shop) -> Router {
    Router::new()
        .route("/books", get(books::some))
        .route("/books/{id}", get(books::one))
        .route("/orders/{id}", post(orders::in_the_handler))
        .route("/kept-orders/{id}", post(orders::in_a_task))
        .with_state(shop)
        // From the inside to the outside: a request comes to the last of these first.
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            PATIENCE,
        ))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
}

/// The span of a request. Whatever runs for the request is inside it, so the log can say whose it was.
fn span<B>(request: &Request<B>) -> Span {
    let label = format!("{} {}", request.method(), request.uri().path());
    info_span!("request", label, id = ?request.headers().get("x-request-id"))
}
// ANCHOR_END: layers
