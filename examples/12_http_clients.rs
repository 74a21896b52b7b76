//! HTTP clients: one client, honest errors.
//!
//! A client is a pool of connections. A limit bounds what it's put around. An error is several things at once. And a
//! request whose answer got lost may have been carried out.
//!
//!     cargo run --example 12_http_clients
//!
//! calls a service over real HTTP on loopback, counts the connections that it accepts, and prints
//!
//!     A client for each of 20 requests: 20 connections
//!     One client: 1 connection
//!     One client, bodies unread: 20 connections
//!
//! then what reqwest says of failures, two time limits, and payments whose first answer gets lost. It takes about four
//! seconds. With `WORKBOOK_CLOCK=virtual` the clock is moved by hand, and every figure is exact.

use std::{error::Error, time::Duration};

use async_workbook::{clock::Clock, probes::drops::Drops, timeline::Recorder};
use reqwest::{Client, Result};
use tokio::time::{sleep, timeout};

#[path = "12_http_clients/service.rs"]
mod service;
use service::{Service, builder, client, paced, retry_after, show};

const MS: Duration = Duration::from_millis(1);

fn main() -> std::result::Result<(), Box<dyn Error>> {
    let (clock, recorder) = (Clock::from_env()?, Recorder::new());
    recorder.install()?;
    clock.runtime()?.block_on(async {
        let service = Service::start().await?;
        connections(&service).await?;
        let hasty = builder().timeout(200 * MS).build()?;
        let ask = async |url: &str| number(&hasty, url).await;
        paced(clock, service.fail_in_all_ways(ask)).await;
        paced(clock, limits(&service, &recorder)).await?;
        paced(clock, payments(&service, &recorder)).await?;
        Ok(())
    })
}

// ANCHOR: connections
async fn page(client: &Client, url: &str, read: bool) -> Result<()> {
    let response = client.get(url).send().await?.error_for_status()?;
    if read {
        response.bytes().await?;
    }
    Ok(())
}
// ANCHOR_END: connections

async fn connections(service: &Service) -> Result<()> {
    let url = service.url("/page");
    for (what, one, read) in [
        ("A client for each of 20 requests", None, true),
        ("One client", Some(client()?), true),
        ("One client, bodies unread", Some(client()?), false),
    ] {
        let ask = async || page(&one.clone().map_or_else(client, Ok)?, &url, read).await;
        service.count(what, ask).await?;
    }
    Ok(())
}

// ANCHOR: failures
async fn number(client: &Client, url: &str) -> Result<u64> {
    let response = client.get(url).send().await?;
    response.json().await
}
// ANCHOR_END: failures

async fn limits(service: &Service, recorder: &Recorder) -> Result<()> {
    // ANCHOR: limits
    let each_wait = builder().read_timeout(300 * MS).build()?;
    let the_whole = builder().timeout(300 * MS).build()?;
    // ANCHOR_END: limits
    for (what, client) in [("each wait", each_wait), ("the whole", the_whole)] {
        let download = async { client.get(service.url("/slow")).send().await?.bytes().await };
        let watched = async { Drops::new().watch("GET /slow", download).await };
        let (body, timeline) = recorder.watch(watched).await;
        let came = body.map_or("timed out", |_| "all of it");
        show(&format!("0.3 s for {what}: {came}"), &timeline);
    }
    Ok(())
}

// ANCHOR: payments
async fn pay(client: &Client, url: &str, key: Option<&str>) {
    loop {
        let mut request = client.post(url).body("10 EUR");
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let sent = Drops::new().watch("POST /payments", request.send());
        match timeout(300 * MS, sent).await {
            Ok(Ok(response)) if response.status().is_success() => return,
            // The service says how long to leave it alone.
            Ok(Ok(busy)) => sleep(retry_after(&busy)).await,
            // Nobody knows whether it has been paid.
            Ok(Err(_)) | Err(_) => sleep(200 * MS).await,
        }
    }
}
// ANCHOR_END: payments

async fn payments(service: &Service, recorder: &Recorder) -> Result<()> {
    let (client, url) = (client()?, service.url("/payments"));
    for (with, key) in [("Without a key", None), ("With a key", Some("6f1d"))] {
        let ((), timeline) = recorder.watch(pay(&client, &url, key)).await;
        show(&format!("{with}: {}", service.new_payments()), &timeline);
    }
    Ok(())
}
