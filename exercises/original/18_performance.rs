//! Chapter 18, performance: predict, then measure.
//!
//! You can mostly work out how long something takes under load: it depends on what requests queue for. If you then
//! measure something else, either the program does something that you don't know about, or the measurement is wrong.
//! Work out how long a load takes, measure a server, and bring a slow program within its budget.
//!
//! See it first:  cargo run --example 18_performance
//! Grade it:      cargo test -p exercises -- 18
//!
//! Worth looking up: `std::collections::VecDeque`, `tokio::time::sleep_until`, `tokio::sync::Semaphore`,
//! `tokio::task::JoinSet`, `futures::future::join_all`, `slice::chunks`. `cargo doc --open` shows a `Workload`, a
//! `Server` and a `Shop`.

use std::{num::NonZeroUsize, time::Duration};

use async_workbook::services::{
    server::Server,
    shop::{Invoice, Shop},
    workload::Workload,
};

/// Task 1: works out how long a load takes, from the first request until the last one is answered.
///
/// - Request `i`, counted from 0, comes at `i * workload.every`. At most `workload.limit` requests are under way at a
///   time. The others queue, and the next one begins when any of those is answered.
/// - A request makes all of its `calls` at the same time, and waits for the last. Then it waits for one of the
///   `connections`, and keeps it for `query`. Then it waits for one of the `cores`, keeps it for `compute`, and is
///   answered. Nobody waits for a step whose time is zero.
/// - Nothing else takes time. A load without requests takes none. With `Workload::NO_LIMIT` places, nobody waits.
///
/// The result must be exact: the hidden tests run the load on the virtual clock, and compare to the nanosecond.
pub fn predict(workload: &Workload) -> Duration {
    todo!("work out when the last request is answered")
}

/// What a load test found. Latencies are those of the requests that were answered. If there are none, they're zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Half of the requests took no longer than this.
    pub p50: Duration,
    /// 99 % of the requests took no longer than this.
    pub p99: Duration,
    /// No request took longer than this.
    pub longest: Duration,
    /// How many requests got an error.
    pub failed: usize,
}

/// Task 2: puts a server under load, as many independent users do.
///
/// - There are `requests` requests. Request `i`, counted from 0, is due at `i * every` after the start, and makes one
///   `server.call()`. It's made when it's due, however slow the answers to earlier ones are. `every` isn't zero.
/// - There are `connections` connections, a few thousand at most. A call holds one until it's answered. If all are in
///   use, requests that are due wait their turn: first come, first served. No connection is idle while a request waits.
/// - The latency of a request counts from when it was due, since its user waits from then on.
/// - `p99` is the shortest measured latency that at least 99 % of the latencies don't exceed. So of a hundred, it's
///   the 99th. `p50` is the same for 50 %.
/// - A request that got an error isn't made again.
///
/// If this function is dropped, so is every call.
pub async fn load_test(
    server: &Server,
    requests: u32,
    every: Duration,
    connections: NonZeroUsize,
) -> Report {
    todo!("make each call when it's due, and report how long the answers took")
}

/// Writes an invoice for each order. Its results are right, but it's slow: look for what it does more often than it has
/// to.
pub async fn slow_invoices(shop: &Shop, orders: &[u64]) -> Vec<Invoice> {
    let mut invoices = Vec::new();
    for &id in orders {
        let order = shop.order(id).await;
        let customer = shop.customer(order.customer).await;
        let (shop, order) = (shop.clone(), order.clone());
        let task = tokio::spawn(async move { shop.invoice(&order, &customer) });
        invoices.push(task.await.expect("it doesn't panic"));
    }
    invoices
}

/// Task 3: does the same as `slow_invoices`, in the same order, but within a budget. For `n` different orders of `c`
/// different customers:
///
/// - calls: one for each 100 orders or part of 100, and one for each 100 customers or part of 100. `shop.orders` and
///   `shop.customers` take up to `Shop::BATCH` ids, and panic if there are more. No order and no customer is looked up
///   twice. If there are no orders, there's no call.
/// - waits: two, one after the other: all calls for orders at the same time, then all calls for customers.
/// - tasks: no more than calls, and a thread counts as a task. Writing an invoice takes a microsecond, so it isn't worth
///   one.
/// - copies: none. A clone of an `Order` or a `Customer` copies a large picture.
pub async fn invoices(shop: &Shop, orders: &[u64]) -> Vec<Invoice> {
    todo!("write the invoices within the budget")
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_performance::grade!();
