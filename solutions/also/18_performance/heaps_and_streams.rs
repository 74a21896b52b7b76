//! Chapter 18, performance: places in a heap by when they're free, and calls in streams.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, HashSet},
    num::NonZeroUsize,
    time::Duration,
};

use async_workbook::services::{
    server::Server,
    shop::{Invoice, Order, Shop},
    workload::Workload,
};
use futures::{StreamExt as _, stream};
use tokio::time::{Instant, sleep_until};

/// When each place is free: as many as there are, or as many as there are requests.
struct Places(BinaryHeap<Reverse<u128>>);

impl Places {
    fn new(count: u32, requests: u32) -> Self {
        let count = count.min(requests) as usize;
        Self(vec![Reverse(0); count].into())
    }

    /// Takes the place that is free first.
    fn take(&mut self, comes: u128) -> u128 {
        let Reverse(free) = self.0.pop().expect("there's one place at least");
        comes.max(free)
    }

    fn give_back(&mut self, at: u128) {
        self.0.push(Reverse(at));
    }
}

/// In nanoseconds.
pub fn predict(workload: &Workload) -> Duration {
    let requests = workload.requests;
    let places = |count| Places::new(count, requests);
    let (mut limit, mut pool) = (places(workload.limit), places(workload.connections));
    let mut cores = places(workload.cores);
    let calls = workload.calls.iter().map(Duration::as_nanos).max();
    let mut last = 0;
    for request in 0..requests {
        let comes = workload.every.as_nanos() * u128::from(request);
        let mut now = limit.take(comes) + calls.unwrap_or(0);
        for (places, takes) in [(&mut pool, workload.query), (&mut cores, workload.compute)] {
            if takes > Duration::ZERO {
                now = places.take(now) + takes.as_nanos();
                places.give_back(now);
            }
        }
        limit.give_back(now);
        last = last.max(now);
    }
    let seconds = u64::try_from(last / 1_000_000_000).expect("it's less than eternity");
    Duration::new(seconds, (last % 1_000_000_000) as u32)
}

#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub p50: Duration,
    pub p99: Duration,
    pub longest: Duration,
    pub failed: usize,
}

/// Whichever request ends first makes room for the next. One that sleeps takes up a place in the stream that no later
/// request could have used: those are due later.
pub async fn load_test(
    server: &Server,
    requests: u32,
    every: Duration,
    connections: NonZeroUsize,
) -> Report {
    let start = Instant::now();
    let mut results: Vec<_> = stream::iter(0..requests)
        .map(async |request| {
            let due = start + every * request;
            sleep_until(due).await;
            server.call().await.ok().map(|()| due.elapsed())
        })
        .buffer_unordered(connections.get())
        .collect()
        .await;
    // `None` is less than any latency.
    results.sort_unstable();
    let failed = results.partition_point(Option::is_none);
    let latencies = results.split_off(failed);
    let rank = |percent: usize| {
        let rank = (latencies.len() * percent).div_ceil(100).max(1);
        latencies
            .get(rank - 1)
            .copied()
            .flatten()
            .unwrap_or_default()
    };
    Report {
        p50: rank(50),
        p99: rank(99),
        longest: latencies.last().copied().flatten().unwrap_or_default(),
        failed,
    }
}

/// All batches at the same time, in their order.
pub async fn invoices(shop: &Shop, orders: &[u64]) -> Vec<Invoice> {
    let orders: Vec<_> = stream::iter(orders.chunks(Shop::BATCH))
        .map(|ids| shop.orders(ids))
        .buffered(orders.len().max(1))
        .flat_map(stream::iter)
        .collect()
        .await;
    let mut seen = HashSet::new();
    let new = orders.iter().filter(|order| seen.insert(order.customer));
    let ids: Vec<u64> = new.map(|order| order.customer).collect();
    let customers: HashMap<_, _> = stream::iter(ids.chunks(Shop::BATCH))
        .map(|ids| shop.customers(ids))
        .buffer_unordered(ids.len().max(1))
        .flat_map(stream::iter)
        .map(|customer| (customer.id, customer))
        .collect()
        .await;
    let invoice = |order: &Order| shop.invoice(order, &customers[&order.customer]);
    orders.iter().map(invoice).collect()
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_performance::grade!();
