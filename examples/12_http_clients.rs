//! HTTP clients: one client, honest errors.
//!
//! A client is a pool of connections. A time limit bounds what you put it around. An error is several things at once.
//! And a request whose answer got lost may have been carried out.
//!
//!     cargo run --example 12_http_clients
//!
//! calls a service over real HTTP on loopback, counts the connections that it accepts, and prints
//!
//!     A client for each of 20 requests: 20 connections
//!     One client: 1 connection
//!     One client, bodies unread: 20 connections
//!
//! then what reqwest says when something goes wrong, a slow answer under two time limits, and payments whose first answer
//! gets lost. It takes about three seconds. With `WORKBOOK_CLOCK=virtual` the clock is moved by hand, and all is exact.

use std::{error::Error, time::Duration};

use async_workbook::{
    clock::{Clock, Hold, Readable},
    probes::drops::Drops,
    timeline::Recorder,
};
use reqwest::Client;
use tokio::time::{sleep, timeout};

#[path = "12_http_clients/service.rs"]
mod service;
use service::{FAILURES, Service, builder, paced, plural, true_of};

const MS: Duration = Duration::from_millis(1);
type Outcome = Result<(), Box<dyn Error>>;

fn main() -> Outcome {
    let (clock, recorder) = (Clock::from_env()?, Recorder::new());
    recorder.install()?;
    clock.runtime()?.block_on(async {
        let service = Service::start().await?;
        connections(&service).await?;
        paced(clock, failures(&service)).await?;
        paced(clock, limits(&service, &recorder)).await?;
        paced(clock, payments(&service, &recorder)).await
    })
}

async fn connections(service: &Service) -> Outcome {
    let (one, hold) = (builder().build()?, Hold::new());
    for (way, is_one, is_read) in [
        ("A client for each of 20 requests", false, true),
        ("One client", true, true),
        ("One client, bodies unread", true, false),
    ] {
        let before = service.connections();
        for _ in 0..20 {
            // ANCHOR: connections
            let client = if is_one {
                one.clone()
            } else {
                builder().build()?
            };
            let response = client.get(service.url("/page")).send().await?;
            if is_read {
                response.bytes().await?;
            }
            // ANCHOR_END: connections
            hold.turns(20).await; // The client notices the end of an answer in a task of its own.
        }
        println!(
            "{way}: {}",
            plural(service.connections() - before, "connection")
        );
    }
    Ok(())
}

async fn failures(service: &Service) -> Outcome {
    // ANCHOR: failures
    let client = builder().timeout(100 * MS).build()?;
    let number = async |path| {
        let response = client.get(service.url(path)).send().await?;
        response.json::<u64>().await
    };
    // ANCHOR_END: failures
    println!(
        "\n{:27} {:28}  and is true of it",
        "what happens", "what reqwest says"
    );
    for (what, path) in FAILURES {
        match number(path).await {
            Ok(number) => println!("{what:27} Ok({number})"),
            Err(error) => {
                let (said, is) = (error.to_string(), true_of(&error));
                let said = said.split(" for url").next().unwrap_or_default();
                println!("{what:27} {said:28}  {is}");
            }
        }
    }
    Ok(())
}

async fn limits(service: &Service, recorder: &Recorder) -> Outcome {
    // ANCHOR: limits
    let each_wait = builder().read_timeout(300 * MS).build()?;
    let the_whole = builder().timeout(300 * MS).build()?;
    // ANCHOR_END: limits
    for (what, client) in [("each wait", each_wait), ("the whole", the_whole)] {
        let download = async { client.get(service.url("/slow")).send().await?.bytes().await };
        let watched = Drops::new().watch("GET /slow", download);
        let (body, timeline) = recorder.watch(watched).await;
        let what = format!(
            "0.3 s for {what}: {}",
            body.map_or("timed out", |_| "all of it")
        );
        println!("\n{what} after {}\n\n{timeline}", Readable(timeline.total));
    }
    Ok(())
}

async fn payments(service: &Service, recorder: &Recorder) -> Outcome {
    let (client, drops) = (builder().build()?, Drops::new());
    for (with, key) in [("Without a key", None), ("With a key", Some("6f1d"))] {
        let before = service.payments();
        // ANCHOR: payments
        let pay = async {
            loop {
                let mut request = client.post(service.url("/payments")).body("10 EUR");
                if let Some(key) = key {
                    request = request.header("Idempotency-Key", key);
                }
                let sent = drops.watch("POST /payments", timeout(300 * MS, request.send()));
                match sent.await {
                    Ok(Ok(response)) if response.status().is_success() => break,
                    // The service asks for a pause. It had better be shorter than anybody's patience.
                    Ok(Ok(busy)) => sleep(service::retry_after(&busy)).await,
                    // Nobody knows whether the service has been paid.
                    Ok(Err(_)) | Err(_) => sleep(200 * MS).await,
                }
            }
        };
        // ANCHOR_END: payments
        let ((), timeline) = recorder.watch(pay).await;
        let paid = plural(service.payments() - before, "payment");
        println!(
            "\n{with}: {paid} after {}\n\n{timeline}",
            Readable(timeline.total)
        );
    }
    Ok(())
}
