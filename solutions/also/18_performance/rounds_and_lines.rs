//! Chapter 18, performance: works through one step after the other for all requests, keeps the line of requests in its own
//! hands, and asks for parts of equal size.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    num::NonZeroUsize,
    slice::Chunks,
    time::Duration,
};

use async_workbook::services::{
    server::Server,
    shop::{Customer, Invoice, Order, Shop},
    workload::Workload,
};
use futures::{StreamExt as _, future::join_all, stream::FuturesUnordered};
use tokio::{
    select,
    time::{Instant, sleep_until},
};

fn through(comes: &[Duration], places: u32, takes: Duration) -> Vec<Duration> {
    let mut leaves: Vec<Duration> = Vec::with_capacity(comes.len());
    for (i, &comes) in comes.iter().enumerate() {
        let free = i
            .checked_sub(places as usize)
            .map_or(Duration::ZERO, |before| leaves[before]);
        leaves.push(comes.max(free) + takes);
    }
    leaves
}

/// The limit makes requests begin later, and so others after them. It's repeated until nothing changes any more.
pub fn predict(workload: &Workload) -> Duration {
    let calls = workload.calls.iter().max().copied().unwrap_or_default();
    let comes: Vec<_> = (0..workload.requests).map(|i| workload.every * i).collect();
    let mut begins = comes.clone();
    loop {
        let called: Vec<_> = begins.iter().map(|&begins| begins + calls).collect();
        let queried = through(&called, workload.connections, workload.query);
        let answered = through(&queried, workload.cores, workload.compute);
        let mut changed = false;
        for i in workload.limit as usize..begins.len() {
            let free = comes[i].max(answered[i - workload.limit as usize]);
            changed |= free != begins[i];
            begins[i] = free;
        }
        if !changed {
            return answered.last().copied().unwrap_or_default();
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub p50: Duration,
    pub p99: Duration,
    pub longest: Duration,
    pub failed: usize,
}

/// One loop over two events: a request is due, or a call ends.
pub async fn load_test(
    server: &Server,
    requests: u32,
    every: Duration,
    connections: NonZeroUsize,
) -> Report {
    let start = Instant::now();
    let (mut next, mut line, mut answers) = (0_u32, VecDeque::<Instant>::new(), Vec::new());
    let mut calls = FuturesUnordered::new();
    loop {
        while calls.len() < connections.get()
            && let Some(due) = line.pop_front()
        {
            let call = server.call();
            calls.push(async move {
                let answer = call.await;
                answer.is_ok().then(|| Instant::now() - due)
            });
        }
        let due = start + every * next;
        select! {
            Some(answer) = calls.next() => answers.push(answer),
            () = sleep_until(due), if next < requests => {
                line.push_back(due);
                next += 1;
            }
            else => return summed_up(answers),
        }
    }
}

/// Without an answer, it failed.
fn summed_up(answers: Vec<Option<Duration>>) -> Report {
    let mut taken: Vec<Duration> = answers.iter().flatten().copied().collect();
    let failed = answers.len() - taken.len();
    taken.sort_unstable();
    let at = |percent: usize| match taken.len() {
        0 => Duration::ZERO,
        n => taken[(n * percent).div_ceil(100) - 1],
    };
    Report {
        p50: at(50),
        p99: at(99),
        longest: at(100),
        failed,
    }
}

/// As few parts as there may be, and all as long as each other, or one longer.
fn equal_parts(ids: &[u64]) -> Chunks<'_, u64> {
    let parts = ids.len().div_ceil(Shop::BATCH).max(1);
    ids.chunks(ids.len().div_ceil(parts).max(1))
}

pub async fn invoices(shop: &Shop, orders: &[u64]) -> Vec<Invoice> {
    let found = join_all(equal_parts(orders).map(|ids| shop.orders(ids))).await;
    let found: Vec<Order> = found.into_iter().flatten().collect();
    let ids: BTreeSet<u64> = found.iter().map(|order| order.customer).collect();
    let ids: Vec<u64> = ids.into_iter().collect();
    let customers = join_all(equal_parts(&ids).map(|ids| shop.customers(ids))).await;
    let customers: HashMap<u64, Customer> =
        customers.into_iter().flatten().map(|c| (c.id, c)).collect();
    found
        .iter()
        .map(|order| shop.invoice(order, &customers[&order.customer]))
        .collect()
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_performance::grade!();
