//! Chapter 18, performance: simulates the load event by event, and owns its calls in sets of tasks.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap, VecDeque},
    num::NonZeroUsize,
    sync::Arc,
    time::Duration,
};

use async_workbook::services::{
    server::Server,
    shop::{Customer, Invoice, Order, Shop},
    workload::Workload,
};
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, sleep_until},
};

/// What happens to a request, in this order. The numbers of requests tell equal times apart, and make no difference.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
enum Event {
    Comes,
    Called,
    Queried,
    Computed,
}

type Events = BinaryHeap<Reverse<(Duration, u32, Event)>>;

/// Places, each taken for as long as a request needs it, and the line of those who wait for one.
struct Station {
    free: u32,
    line: VecDeque<u32>,
    takes: Duration,
    then: Event,
}

impl Station {
    fn new(places: u32, takes: Duration, then: Event) -> Self {
        let line = VecDeque::new();
        Self {
            free: places,
            line,
            takes,
            then,
        }
    }

    fn enter(&mut self, request: u32, now: Duration, events: &mut Events) {
        match self.free.checked_sub(1) {
            Some(free) => {
                self.free = free;
                events.push(Reverse((now + self.takes, request, self.then)));
            }
            None => self.line.push_back(request),
        }
    }

    fn leave(&mut self, now: Duration, events: &mut Events) {
        match self.line.pop_front() {
            Some(next) => events.push(Reverse((now + self.takes, next, self.then))),
            None => self.free += 1,
        }
    }
}

/// Goes from one event to the next, as a simulation does.
pub fn predict(workload: &Workload) -> Duration {
    let calls = workload.calls.iter().max().copied().unwrap_or_default();
    let mut limit = Station::new(workload.limit, calls, Event::Called);
    let mut pool = Station::new(workload.connections, workload.query, Event::Queried);
    let mut cores = Station::new(workload.cores, workload.compute, Event::Computed);
    let comes = |request| Reverse((workload.every * request, request, Event::Comes));
    let mut events: Events = (0..workload.requests).map(comes).collect();
    let mut last = Duration::ZERO;
    while let Some(Reverse((now, request, event))) = events.pop() {
        match event {
            Event::Comes => limit.enter(request, now, &mut events),
            Event::Called => pool.enter(request, now, &mut events),
            Event::Queried => {
                pool.leave(now, &mut events);
                cores.enter(request, now, &mut events);
            }
            Event::Computed => {
                cores.leave(now, &mut events);
                limit.leave(now, &mut events);
                last = now;
            }
        }
    }
    last
}

#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub p50: Duration,
    pub p99: Duration,
    pub longest: Duration,
    pub failed: usize,
}

/// A task for each request. The set aborts them all if it's dropped.
pub async fn load_test(
    server: &Server,
    requests: u32,
    every: Duration,
    connections: NonZeroUsize,
) -> Report {
    let start = Instant::now();
    let permits = Arc::new(Semaphore::new(connections.get()));
    let mut calls = JoinSet::new();
    for request in 0..requests {
        let due = start + every * request;
        let (server, permits) = (server.clone(), Arc::clone(&permits));
        calls.spawn(async move {
            sleep_until(due).await;
            let _permit = permits.acquire_owned().await;
            let answer = server.call().await;
            answer.map(|()| Instant::now() - due)
        });
    }
    let mut latencies = BTreeMap::<Duration, usize>::new();
    let (mut answered, mut failed) = (0, 0);
    while let Some(call) = calls.join_next().await {
        match call.expect("it doesn't panic") {
            Ok(latency) => {
                *latencies.entry(latency).or_default() += 1;
                answered += 1;
            }
            Err(_) => failed += 1,
        }
    }
    Report {
        p50: at_least(&latencies, answered, 50),
        p99: at_least(&latencies, answered, 99),
        longest: at_least(&latencies, answered, 100),
        failed,
    }
}

/// The shortest latency for which so many percent are no longer.
fn at_least(latencies: &BTreeMap<Duration, usize>, answered: usize, percent: usize) -> Duration {
    let mut no_longer = 0;
    for (latency, count) in latencies {
        no_longer += count;
        if no_longer * 100 >= answered * percent {
            return *latency;
        }
    }
    Duration::ZERO
}

/// A task for each call, whose index brings the batches back into their order.
pub async fn invoices(shop: &Shop, orders: &[u64]) -> Vec<Invoice> {
    let mut calls = JoinSet::new();
    for (index, ids) in orders.chunks(Shop::BATCH).enumerate() {
        let (shop, ids) = (shop.clone(), ids.to_vec());
        calls.spawn(async move { (index, shop.orders(&ids).await) });
    }
    let mut batches: Vec<(usize, Vec<Order>)> = calls.join_all().await;
    batches.sort_by_key(|(index, _)| *index);
    let orders: Vec<Order> = batches.into_iter().flat_map(|(_, orders)| orders).collect();

    let mut ids: Vec<u64> = orders.iter().map(|order| order.customer).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut calls = JoinSet::new();
    for ids in ids.chunks(Shop::BATCH) {
        let (shop, ids) = (shop.clone(), ids.to_vec());
        calls.spawn(async move { shop.customers(&ids).await });
    }
    let mut customers: Vec<Customer> = calls.join_all().await.into_iter().flatten().collect();
    customers.sort_by_key(|customer| customer.id);
    let mut invoices = Vec::with_capacity(orders.len());
    for order in &orders {
        let found = customers.binary_search_by_key(&order.customer, |customer| customer.id);
        invoices.push(shop.invoice(order, &customers[found.expect("it was looked up")]));
    }
    invoices
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_performance::grade!();
