//! Chapter 18, performance: the reference solution.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    num::NonZeroUsize,
    time::Duration,
};

use async_workbook::services::{
    server::Server,
    shop::{Invoice, Shop},
    workload::Workload,
};
use futures::future::join_all;
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep_until},
};

/// When each place that was taken is free again. All requests are alike, so they leave in the order in which they came: the
/// first in the queue is the first to be free.
struct Places {
    count: u32,
    free: VecDeque<Duration>,
}

impl Places {
    fn new(count: u32) -> Self {
        let free = VecDeque::new();
        Self { count, free }
    }

    /// When a request that comes at this time has a place.
    fn begin(&mut self, comes: Duration) -> Duration {
        if self.free.len() < self.count as usize {
            return comes;
        }
        let free = self.free.pop_front().unwrap_or_default();
        comes.max(free)
    }

    fn end(&mut self, at: Duration) {
        self.free.push_back(at);
    }
}

/// Follows each request through its steps. What it waits for is only ever a place, and a place is free when the request that
/// has it leaves. Nothing is multiplied: that one wave begins while another one ends comes about by itself, and so
/// does it that nobody waits for a step without a length.
pub fn predict(workload: &Workload) -> Duration {
    let calls = workload.calls.iter().max().copied().unwrap_or_default();
    let mut under_way = Places::new(workload.limit);
    let mut connections = Places::new(workload.connections);
    let mut cores = Places::new(workload.cores);
    let mut answered = Duration::ZERO;
    for request in 0..workload.requests {
        let begun = under_way.begin(workload.every * request);
        answered = connections.begin(begun + calls) + workload.query;
        connections.end(answered);
        answered = cores.begin(answered) + workload.compute;
        cores.end(answered);
        under_way.end(answered);
    }
    answered
}

#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub p50: Duration,
    pub p99: Duration,
    pub longest: Duration,
    pub failed: usize,
}

/// Each request is a future of its own, which knows when it's due: a slow answer holds up no other request. The latency
/// begins at the due time, which comes before the wait for a connection.
pub async fn load_test(
    server: &Server,
    requests: u32,
    every: Duration,
    connections: NonZeroUsize,
) -> Report {
    let start = Instant::now();
    let permits = &Semaphore::new(connections.get());
    let calls = (0..requests).map(|request| async move {
        let due = start + every * request;
        sleep_until(due).await;
        let _permit = permits.acquire().await.expect("nobody closes it");
        server.call().await.map(|()| due.elapsed())
    });
    let results = join_all(calls).await;
    let mut latencies: Vec<_> = results.iter().flatten().copied().collect();
    latencies.sort_unstable();
    // In whole numbers: `0.07 * 100.0` is a little more than 7.
    let percentile = |percent: usize| {
        let rank = (latencies.len() * percent).div_ceil(100);
        rank.checked_sub(1)
            .map_or(Duration::ZERO, |index| latencies[index])
    };
    Report {
        p50: percentile(50),
        p99: percentile(99),
        longest: percentile(100),
        failed: results.len() - latencies.len(),
    }
}

/// Two waits: all orders, and then all customers. The customers are known only when the last order is there, which is also
/// when it's known which of them are needed.
pub async fn invoices(shop: &Shop, orders: &[u64]) -> Vec<Invoice> {
    let chunks = orders.chunks(Shop::BATCH);
    let orders = join_all(chunks.map(|ids| shop.orders(ids))).await;
    let orders: Vec<_> = orders.into_iter().flatten().collect();
    let ids: BTreeSet<u64> = orders.iter().map(|order| order.customer).collect();
    let ids: Vec<u64> = ids.into_iter().collect();
    let chunks = ids.chunks(Shop::BATCH);
    let customers = join_all(chunks.map(|ids| shop.customers(ids))).await;
    let customers: HashMap<u64, _> = customers
        .into_iter()
        .flatten()
        .map(|customer| (customer.id, customer))
        .collect();
    orders
        .iter()
        .map(|order| shop.invoice(order, &customers[&order.customer]))
        .collect()
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_performance::grade!();
