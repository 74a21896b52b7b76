//! Chapter 12: a client for each request against one for all, and requests in turn against ten at a time.

use std::{process::ExitCode, time::Duration};

use async_workbook::services::upstream::Upstream;
use futures::{StreamExt as _, stream};
use real_services::http::OverHttp as _;
use reqwest::Client;
use suite::{Suite, runtime};
use tokio::runtime::Runtime;

const REQUESTS: usize = 20;
const LATENCY: Duration = Duration::from_millis(50);
const AT_ONCE: usize = 10;

fn main() -> ExitCode {
    suite::main(bench)
}

fn bench(suite: &mut Suite) {
    let runtime = runtime();
    connections(suite, &runtime);
    at_once(suite, &runtime);
}

fn new_client() -> Client {
    let client = Client::builder().no_proxy().build();
    client.expect("a client without TLS needs nothing from the system")
}

async fn ask(client: &Client, url: &str) {
    let response = client.get(url).send().await.expect("loopback answers");
    response.bytes().await.expect("the whole answer arrives");
}

/// The service, which lives as long as this, and the address of its page.
fn service(runtime: &Runtime, latency: Duration) -> (Upstream, String) {
    let service = Upstream::builder().page("users", latency).build();
    let service = runtime.block_on(service.over_http());
    let service = service.expect("loopback is there");
    let url = format!("{}/users", service.url().expect("it is over HTTP"));
    (service, url)
}

/// What a connection costs. On loopback, without TLS, it's as cheap as it gets.
fn connections(suite: &mut Suite, runtime: &Runtime) {
    let (_service, url) = service(runtime, Duration::ZERO);
    let one = new_client();
    suite
        .scenario("12_http_clients", "20 requests in turn", 1, None)
        .way("a client for each", None, |bencher| {
            bencher.to_async(runtime).iter(async || {
                for _ in 0..REQUESTS {
                    ask(&new_client(), &url).await;
                }
            });
        })
        .way("one client", None, |bencher| {
            bencher.to_async(runtime).iter(async || {
                for _ in 0..REQUESTS {
                    ask(&one, &url).await;
                }
            });
        });
}

/// The wait of a request is somebody else's time, so requests overlap.
fn at_once(suite: &mut Suite, runtime: &Runtime) {
    let (_service, url) = service(runtime, LATENCY);
    let one = new_client();
    let together = async |limit: usize| {
        let requests = stream::iter((0..REQUESTS).map(|_| ask(&one, &url)));
        requests.buffer_unordered(limit).collect::<()>().await;
    };
    let ideal = |limit: usize| Some(LATENCY * REQUESTS.div_ceil(limit) as u32);
    suite
        .scenario("12_http_clients", "20 requests of 50 ms over HTTP", 1, None)
        .way("in turn", ideal(1), |bencher| {
            bencher.to_async(runtime).iter(async || together(1).await);
        })
        .way("ten at a time", ideal(AT_ONCE), |bencher| {
            bencher
                .to_async(runtime)
                .iter(async || together(AT_ONCE).await);
        });
}
