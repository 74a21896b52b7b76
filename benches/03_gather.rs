//! Chapter 03: awaited in turn, beside gathered.

use async_workbook::upstream::{Page, Upstream};
use criterion::Criterion;
use futures::future::join_all;

use crate::pair::{self, Scenario};

const SCENARIOS: [Scenario; 4] = [
    Scenario {
        name: "0.5, 0.3 and 0.2 s",
        millis: &[500, 300, 200],
        scale: 10,
        over_http: false,
    },
    Scenario {
        name: "0.5, 0.3 and 0.4 s",
        millis: &[500, 300, 400],
        scale: 10,
        over_http: false,
    },
    Scenario {
        name: "5 x 100 ms over HTTP",
        millis: &[100; 5],
        scale: 10,
        over_http: true,
    },
    Scenario {
        name: "10 x 1 s",
        millis: &[1000; 10],
        scale: 100,
        over_http: false,
    },
];

pub(crate) fn bench(criterion: &mut Criterion) {
    for scenario in &SCENARIOS {
        pair::bench(criterion, "03_gather", scenario, in_turn, gathered);
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
