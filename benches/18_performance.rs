//! Chapter 18: the same queries over pools of several sizes, where async gains nothing, what a task costs, and a slow program
//! before and after.

use std::{
    collections::{BTreeSet, HashMap},
    hint::black_box,
    process::ExitCode,
    thread,
    time::Duration,
};

use async_workbook::{
    harness::ms,
    services::{
        server::Server,
        shop::{Invoice, Shop},
    },
};
use futures::future::join_all;
use suite::{Suite, runtime};
use tokio::{task::JoinSet, time::sleep};

fn main() -> ExitCode {
    suite::main(bench)
}

fn bench(suite: &mut Suite) {
    pools(suite);
    one_call(suite);
    many_waits(suite);
    small_tasks(suite);
    invoices(suite);
}

/// What the source documents call a benchmark of sync and async endpoints.
fn pools(suite: &mut Suite) {
    const QUERIES: u32 = 100;
    let runtime = runtime();
    let mut ways = suite.scenario(
        "18_performance",
        "100 queries of 10 ms",
        1,
        Some("50 ms, or 1 s"),
    );
    for connections in [1, 5, 10, 20, 50, 100] {
        let ideal = ms(10) * QUERIES.div_ceil(connections);
        ways.way(&format!("pool of {connections}"), Some(ideal), |bencher| {
            bencher.to_async(&runtime).iter(|| async {
                let database = Server::new(ms(10)).workers(connections as usize);
                join_all((0..QUERIES).map(|_| database.call())).await
            });
        });
    }
}

/// A single wait takes as long on either.
#[expect(
    clippy::disallowed_methods,
    reason = "it's what the first way is about"
)]
fn one_call(suite: &mut Suite) {
    const WAIT: Duration = ms(50);
    let runtime = runtime();
    suite
        .scenario("18_performance", "one wait of 50 ms", 1, None)
        .way("a blocked thread", Some(WAIT), |bencher| {
            bencher.iter(|| thread::sleep(WAIT));
        })
        .way("a task", Some(WAIT), |bencher| {
            // The block runs inside the runtime, whose timer `sleep` asks for.
            let wait = || async { tokio::spawn(sleep(WAIT)).await };
            bencher.to_async(&runtime).iter(wait);
        });
}

#[expect(
    clippy::disallowed_methods,
    reason = "it's what the first way is about"
)]
fn many_waits(suite: &mut Suite) {
    const WAITS: usize = 1_000;
    const WAIT: Duration = ms(50);
    let runtime = runtime();
    suite
        .scenario("18_performance", "1,000 waits of 50 ms", 1, None)
        .way("a thread each", Some(WAIT), |bencher| {
            bencher.iter(|| {
                thread::scope(|scope| {
                    for _ in 0..WAITS {
                        scope.spawn(|| thread::sleep(WAIT));
                    }
                });
            });
        })
        .way("a task each", Some(WAIT), |bencher| {
            bencher.to_async(&runtime).iter(|| async {
                let waits: JoinSet<()> = (0..WAITS).map(|_| sleep(WAIT)).collect();
                waits.join_all().await
            });
        });
}

/// Work of about a microsecond.
fn small_tasks(suite: &mut Suite) {
    const PIECES: u64 = 10_000;
    fn piece(number: u64) -> u64 {
        (0..500).fold(black_box(number), |sum, step| sum.wrapping_mul(31) ^ step)
    }
    let runtime = runtime();
    suite
        .scenario("18_performance", "10,000 pieces of a microsecond", 1, None)
        .way("a task each", None, |bencher| {
            bencher.to_async(&runtime).iter(|| async {
                let pieces: JoinSet<u64> = (0..PIECES).map(async |number| piece(number)).collect();
                pieces
                    .join_all()
                    .await
                    .into_iter()
                    .fold(0, u64::wrapping_add)
            });
        })
        .way("one loop", None, |bencher| {
            bencher.iter(|| (0..PIECES).map(piece).fold(0, u64::wrapping_add));
        });
}

/// The exercise's slow program, and the same within its budget.
fn invoices(suite: &mut Suite) {
    const LATENCY: Duration = ms(50);
    let runtime = runtime();
    let orders: Vec<u64> = (0..20).collect();
    suite
        .scenario(
            "18_performance",
            "20 invoices of 5 customers, 50 ms a call",
            1,
            None,
        )
        .way("40 calls in turn", Some(LATENCY * 40), |bencher| {
            bencher
                .to_async(&runtime)
                .iter(|| async { one_by_one(&Shop::new(LATENCY, 5), &orders).await });
        })
        .way("2 calls", Some(LATENCY * 2), |bencher| {
            bencher
                .to_async(&runtime)
                .iter(|| async { in_batches(&Shop::new(LATENCY, 5), &orders).await });
        });
}

async fn one_by_one(shop: &Shop, orders: &[u64]) -> Vec<Invoice> {
    let mut invoices = Vec::new();
    for &id in orders {
        let order = shop.order(id).await;
        let customer = shop.customer(order.customer).await;
        invoices.push(shop.invoice(&order, &customer));
    }
    invoices
}

async fn in_batches(shop: &Shop, orders: &[u64]) -> Vec<Invoice> {
    let orders = shop.orders(orders).await;
    let ids: BTreeSet<u64> = orders.iter().map(|order| order.customer).collect();
    let ids: Vec<u64> = ids.into_iter().collect();
    let customers = shop.customers(&ids).await.into_iter();
    let customers: HashMap<_, _> = customers.map(|customer| (customer.id, customer)).collect();
    let written = orders
        .iter()
        .map(|order| shop.invoice(order, &customers[&order.customer]));
    written.collect()
}
