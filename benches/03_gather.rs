//! Chapter 03: awaited in turn, beside gathered.

use async_workbook::services::upstream::{Page, Upstream};
use futures::future::join_all;

use crate::{
    pair::{self, Calls},
    suite::Suite,
};

const CALLS: [Calls; 6] = [
    Calls {
        name: "0.5, 0.3 and 0.2 s",
        source: "1 s, or 0.5 s",
        millis: &[500, 300, 200],
        scale: 10,
        over_http: false,
    },
    Calls {
        name: "0.5, 0.3 and 0.4 s",
        source: "0.5 s together",
        millis: &[500, 300, 400],
        scale: 10,
        over_http: false,
    },
    Calls {
        name: "2 calls of 1 s",
        source: "2 s, or 1 s",
        millis: &[1000; 2],
        scale: 20,
        over_http: false,
    },
    Calls {
        name: "5 calls of 100 ms over HTTP",
        source: "500 ms, or 100 ms",
        millis: &[100; 5],
        scale: 2,
        over_http: true,
    },
    Calls {
        name: "10 calls of 1 s",
        source: "10 s, or 1 s",
        millis: &[1000; 10],
        scale: 20,
        over_http: false,
    },
    Calls {
        name: "10 requests of 2 s over HTTP",
        source: "20 s, or 2 s",
        millis: &[2000; 10],
        scale: 40,
        over_http: true,
    },
];

pub(crate) fn bench(suite: &mut Suite) {
    for calls in &CALLS {
        pair::bench(suite, "03_gather", calls, in_turn, gathered);
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
