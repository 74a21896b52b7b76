//! Chapter 03: awaited in turn, beside gathered.

use std::process::ExitCode;

use async_workbook::services::upstream::{Page, Upstream};
use futures::future::join_all;
use real_services::http::OverHttp as _;
use suite::{
    Suite,
    pair::{self, Calls},
    runtime,
};

const IN_MEMORY: [Calls; 4] = [
    Calls {
        name: "0.5, 0.3 and 0.2 s",
        source: "1 s, or 0.5 s",
        millis: &[500, 300, 200],
        scale: 10,
    },
    Calls {
        name: "0.5, 0.3 and 0.4 s",
        source: "0.5 s together",
        millis: &[500, 300, 400],
        scale: 10,
    },
    Calls {
        name: "2 calls of 1 s",
        source: "2 s, or 1 s",
        millis: &[1000; 2],
        scale: 20,
    },
    Calls {
        name: "10 calls of 1 s",
        source: "10 s, or 1 s",
        millis: &[1000; 10],
        scale: 20,
    },
];

const OVER_HTTP: [Calls; 2] = [
    Calls {
        name: "5 calls of 100 ms over HTTP",
        source: "500 ms, or 100 ms",
        millis: &[100; 5],
        scale: 2,
    },
    Calls {
        name: "10 requests of 2 s over HTTP",
        source: "20 s, or 2 s",
        millis: &[2000; 10],
        scale: 40,
    },
];

fn main() -> ExitCode {
    suite::main(bench)
}

fn bench(suite: &mut Suite) {
    let runtime = runtime();
    for calls in &IN_MEMORY {
        let upstream = calls.upstream();
        pair::bench(
            suite,
            &runtime,
            "03_gather",
            calls,
            &upstream,
            in_turn,
            gathered,
        );
    }
    for calls in &OVER_HTTP {
        let upstream = runtime.block_on(calls.upstream().over_http());
        let upstream = upstream.expect("loopback is there");
        pair::bench(
            suite,
            &runtime,
            "03_gather",
            calls,
            &upstream,
            in_turn,
            gathered,
        );
    }
}

async fn in_turn(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let mut pages = Vec::with_capacity(paths.len());
    for path in paths {
        pages.push(upstream.fetch(path).await);
    }
    pages
}

async fn gathered(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    join_all(paths.iter().map(|path| upstream.fetch(path))).await
}
