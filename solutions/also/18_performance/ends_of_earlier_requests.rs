//! Chapter 18, performance: looks up when earlier requests left, paces a set of tasks with an interval, and takes the
//! customers along in shared ownership.

use std::{collections::HashMap, num::NonZeroUsize, sync::Arc, time::Duration};

use async_workbook::services::{
    server::Server,
    shop::{Customer, Invoice, Shop},
    workload::Workload,
};
use futures::{
    future::join_all,
    stream::{FuturesOrdered, StreamExt as _},
};
use tokio::{select, sync::Semaphore, task::JoinSet, time::interval};

/// With `k` places, a request has one when the request that came `k` earlier has left.
fn free(ends: &[Duration], places: u32) -> Duration {
    let earlier = ends.len().checked_sub(places as usize);
    earlier.map_or(Duration::ZERO, |earlier| ends[earlier])
}

pub fn predict(workload: &Workload) -> Duration {
    let calls = workload
        .calls
        .iter()
        .copied()
        .fold(Duration::ZERO, Duration::max);
    let (mut queried, mut computed, mut answered) = (Vec::new(), Vec::new(), Vec::new());
    for request in 0..workload.requests {
        let begins = (workload.every * request).max(free(&answered, workload.limit));
        let mut now = begins + calls;
        if workload.query != Duration::ZERO {
            now = now.max(free(&queried, workload.connections)) + workload.query;
            queried.push(now);
        }
        if workload.compute != Duration::ZERO {
            now = now.max(free(&computed, workload.cores)) + workload.compute;
            computed.push(now);
        }
        answered.push(now);
    }
    answered.last().copied().unwrap_or_default()
}

#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub p50: Duration,
    pub p99: Duration,
    pub longest: Duration,
    pub failed: usize,
}

/// The interval counts its ticks from its start, and so do the due times. While it waits for a tick, answers are taken.
pub async fn load_test(
    server: &Server,
    requests: u32,
    every: Duration,
    connections: NonZeroUsize,
) -> Report {
    let permits = Arc::new(Semaphore::new(connections.get()));
    let (mut latencies, mut failed) = (Vec::new(), 0);
    let mut calls = JoinSet::new();
    let mut ticks = interval(every);
    let mut made = 0;
    while made < requests || !calls.is_empty() {
        select! {
            due = ticks.tick(), if made < requests => {
                made += 1;
                let (server, permits) = (server.clone(), Arc::clone(&permits));
                calls.spawn(async move {
                    let _permit = permits.acquire_owned().await;
                    server.call().await.map(|()| due.elapsed())
                });
            }
            Some(call) = calls.join_next() => match call.expect("it doesn't panic") {
                Ok(latency) => latencies.push(latency),
                Err(_) => failed += 1,
            },
        }
    }
    let count = latencies.len();
    let mut nth = |percent: usize| match (count * percent).div_ceil(100) {
        0 => Duration::ZERO,
        rank => *latencies.select_nth_unstable(rank - 1).1,
    };
    Report {
        p50: nth(50),
        p99: nth(99),
        longest: nth(100),
        failed,
    }
}

pub async fn invoices(shop: &Shop, orders: &[u64]) -> Vec<Invoice> {
    let calls: FuturesOrdered<_> = orders
        .chunks(Shop::BATCH)
        .map(|ids| shop.orders(ids))
        .collect();
    let batches: Vec<_> = calls.collect().await;
    // An entry for each customer, before any of them is known.
    let mut customers: HashMap<u64, Option<Arc<Customer>>> = batches
        .iter()
        .flatten()
        .map(|order| (order.customer, None))
        .collect();
    let ids: Vec<u64> = customers.keys().copied().collect();
    for found in join_all(ids.chunks(Shop::BATCH).map(|ids| shop.customers(ids))).await {
        for customer in found {
            customers.insert(customer.id, Some(Arc::new(customer)));
        }
    }
    let mut invoices = Vec::new();
    for order in batches.into_iter().flatten() {
        let customer = customers[&order.customer].clone();
        let customer = customer.expect("every customer was looked up");
        invoices.push(shop.invoice(&order, &customer));
    }
    invoices
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_performance::grade!();
