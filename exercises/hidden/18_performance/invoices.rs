//! The hidden tests of `invoices`: its results, and then each item of its budget.

use std::{collections::HashSet, time::Duration};

use async_workbook::{
    clock::Readable,
    harness::{Task, counted, listed, ms, task},
    services::shop::{Invoice, Lookup, Request, Shop},
    timeline::Recorder,
    verdict::{Fault, catch_panic, ensure, examine},
};
use tokio::time::Instant;

use crate::Answer;

pub(crate) const TASK: Task<Answer> = task!(
    invoices: every_order_has_its_invoice,
    calls_stay_within_their_budget,
    calls_wait_together,
    a_task_is_for_a_call,
    nothing_large_is_copied,
    no_orders_take_no_call,
);

const LATENCY: Duration = ms(50);

/// Orders of a shop with so many customers.
struct Scene {
    shop: Shop,
    customers: u64,
    ids: Vec<u64>,
}

struct Run {
    invoices: Vec<Invoice>,
    lookups: Vec<Lookup>,
    start: Instant,
    took: Duration,
}

impl Scene {
    /// No two of the orders are the same, and they're in no order.
    fn new(orders: u64, customers: u64) -> Self {
        Self {
            shop: Shop::new(LATENCY, customers),
            customers,
            // 7919 is prime, so no two are the same.
            ids: (0..orders)
                .map(|order| 10 + order * 7919 % 10_007)
                .collect(),
        }
    }

    /// How many different customers made the orders.
    fn customers(&self) -> usize {
        let customers: HashSet<u64> = self.ids.iter().map(|id| id % self.customers).collect();
        customers.len()
    }

    /// The invoices as `Shop` writes them.
    fn expected(&self) -> Vec<Invoice> {
        let ids = self.ids.iter();
        ids.map(|&order| {
            let (cents, customer) = (order * 101, order % self.customers);
            let (whole, cents) = (cents / 100, cents % 100);
            let text = format!("order {order}, {whole}.{cents:02}, to customer {customer}");
            Invoice { order, text }
        })
        .collect()
    }

    /// How many calls the budget has.
    fn budget(&self) -> usize {
        let calls = |things: usize| things.div_ceil(Shop::BATCH);
        calls(self.ids.len()) + calls(self.customers())
    }

    async fn run(&self, answer: &Answer, recorder: &Recorder) -> Result<Run, Fault> {
        recorder.restart();
        let start = Instant::now();
        let invoices = catch_panic((answer.invoices)(&self.shop, &self.ids)).await;
        let invoices = invoices.map_err(batch_limit_exceeded)?;
        let run = Run {
            invoices,
            lookups: self.shop.lookups(),
            start,
            took: start.elapsed(),
        };
        self.results_hold(&run)?;
        Ok(run)
    }

    fn results_hold(&self, run: &Run) -> Result<(), Fault> {
        let expected = self.expected();
        let found = &run.invoices;
        if *found == expected {
            return Ok(());
        }
        let sorted = |invoices: &[Invoice]| {
            let mut invoices = invoices.to_vec();
            invoices.sort_by_key(|invoice| invoice.order);
            invoices
        };
        Err(if sorted(found) == sorted(&expected) {
            Fault::new("input_order_ignored")
                .happened(format!(
                    "the invoices came in the order {}, and the orders were {}",
                    listed(&numbers(found)),
                    listed(&numbers(&expected))
                ))
                .expected("the invoices come in the order of `orders`")
                .next(
                    "go through the orders as they were given, and look each customer up in a map",
                )
        } else if found.len() < expected.len() {
            Fault::new("results_missing")
                .happened(format!(
                    "for {}, there were {}",
                    counted(expected.len(), "order"),
                    counted(found.len(), "invoice")
                ))
                .expected("each order has an invoice, also if another one has the same customer")
                .next("go through all orders when you write the invoices, not through the customers or the full batches")
        } else {
            Fault::new("wrong_result_computed")
                .happened(format!(
                    "for {}, the invoices differ from those of `slow_invoices`",
                    counted(expected.len(), "order")
                ))
                .expected("the results are the same, with fewer calls")
                .next("pass each order and its own customer to `shop.invoice`")
        })
    }
}

fn numbers(invoices: &[Invoice]) -> Vec<String> {
    invoices
        .iter()
        .map(|invoice| invoice.order.to_string())
        .collect()
}

/// The panic of a call for too many things; any other goes on.
fn batch_limit_exceeded(message: String) -> Fault {
    let Some(asked) = message.split("one call asked for ").nth(1) else {
        panic!("{message}")
    };
    let asked = asked.split(',').next().unwrap_or(asked);
    Fault::new("batch_limit_exceeded")
        .happened(format!(
            "one call asked for {asked}, and the shop takes {} at most",
            Shop::BATCH
        ))
        .expected("a call asks for no more than `Shop::BATCH` things")
        .next("cut the ids into pieces: `ids.chunks(Shop::BATCH)`")
}

fn ids(lookup: &Lookup) -> &[u64] {
    match &lookup.request {
        Request::Orders(ids) | Request::Customers(ids) => ids,
    }
}

fn is_of_orders(lookup: &Lookup) -> bool {
    matches!(lookup.request, Request::Orders(_))
}

fn every_order_has_its_invoice(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (orders, customers) in [
            (3, 3),
            (1, 1),
            (5, 2),
            (100, 100),
            (101, 7),
            (250, 120),
            (230, 1000),
        ] {
            // The first call ends last: results that come in the order of their calls' ends are in another order.
            let scene = Scene::new(orders, customers);
            let shop = scene.shop.slower_at_first(LATENCY);
            Scene { shop, ..scene }.run(answer, recorder).await?;
        }
        Ok(())
    });
}

fn calls_stay_within_their_budget(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (orders, customers) in [
            (3, 3),
            (5, 2),
            (1, 1),
            (100, 100),
            (101, 7),
            (101, 101),
            (250, 120),
            (1000, 350),
        ] {
            let scene = Scene::new(orders, customers);
            let run = scene.run(answer, recorder).await?;
            calls_within_budget(&scene, &run)?;
        }
        Ok(())
    });
}

fn calls_within_budget(scene: &Scene, run: &Run) -> Result<(), Fault> {
    let (calls, budget) = (run.lookups.len(), scene.budget());
    let spent = format!(
        "for {} of {}, the function made {}, and the budget is {budget}",
        counted(scene.ids.len(), "order"),
        counted(scene.customers(), "customer"),
        counted(calls, "call")
    );
    let empty = run
        .lookups
        .iter()
        .filter(|lookup| ids(lookup).is_empty())
        .count();
    if empty > 0 {
        return Err(Fault::new("extra_call_made")
            .happened(format!(
                "{spent}: {} asked for nothing",
                counted(empty, "call")
            ))
            .expected("every call asks for something")
            .next("make no call for an empty list of ids"));
    }
    let single = [(true, "orders"), (false, "customers")];
    let single = single.into_iter().find(|&(orders, _)| {
        let mut own = run
            .lookups
            .iter()
            .filter(|lookup| is_of_orders(lookup) == orders);
        let needed = if orders {
            scene.ids.len()
        } else {
            scene.customers()
        };
        let count = own.clone().count();
        count > needed.div_ceil(Shop::BATCH) && own.all(|lookup| ids(lookup).len() == 1)
    });
    if let Some((_, noun)) = single {
        return Err(Fault::new("call_per_item")
            .happened(format!("{spent}: it asked for the {noun} one at a time"))
            .expected("a call asks for as many things as it may")
            .next("ask for all orders with `shop.orders`, 100 at a time, and then for all customers with `shop.customers`"));
    }
    for (orders, noun) in [(true, "order"), (false, "customer")] {
        let asked = run
            .lookups
            .iter()
            .filter(|lookup| is_of_orders(lookup) == orders);
        let asked: Vec<u64> = asked.flat_map(ids).copied().collect();
        let different: HashSet<&u64> = asked.iter().collect();
        if asked.len() > different.len() {
            return Err(Fault::new("shared_input_fetched_twice")
                .happened(format!(
                    "the function looked {} up, and there are {} of them",
                    counted(asked.len(), noun),
                    different.len()
                ))
                .expected(format!("each {noun} is looked up once, however many orders need it"))
                .next("collect the ids of the customers of all orders into a `HashSet` or `BTreeSet` before the first call for customers"));
        }
        let needed = if orders {
            scene.ids.len()
        } else {
            scene.customers()
        };
        if different.len() > needed {
            return Err(Fault::new("extra_call_made")
                .happened(format!(
                    "the function looked {} up, and the invoices need {needed}",
                    counted(different.len(), noun)
                ))
                .expected(format!("it looks up those {noun}s that the invoices need"))
                .next("take the ids of the customers from the orders"));
        }
        if different.len() < needed {
            return Err(Fault::new("unrequested_cache")
                .happened(format!(
                    "the function looked {} up, and the invoices need {needed}: it had the others from an earlier time",
                    counted(different.len(), noun)
                ))
                .expected(format!("every time, it looks up each {noun} that the invoices need: what it had earlier may have changed"))
                .next("keep nothing in a `static`: what a call looks up ends with the call"));
        }
    }
    ensure(calls <= budget, || {
        Fault::new("batches_not_filled")
            .happened(format!(
                "{spent}: they asked for {} things each",
                listed(&run.lookups.iter().map(|lookup| ids(lookup).len().to_string()).collect::<Vec<_>>())
            ))
            .expected(format!("each call but the last asks for {} things", Shop::BATCH))
            .next("cut the ids with `chunks(Shop::BATCH)`, those of the customers only when you have all of them")
    })
}

fn calls_wait_together(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (orders, customers) in [(101, 3), (5, 2), (250, 120), (1000, 1000), (2100, 3)] {
            let scene = Scene::new(orders, customers);
            let run = scene.run(answer, recorder).await?;
            calls_within_budget(&scene, &run)?;
            waits_within_budget(&run)?;
        }
        Ok(())
    });
}

fn waits_within_budget(run: &Run) -> Result<(), Fault> {
    for (orders, noun) in [(true, "order"), (false, "customer")] {
        let calls = run
            .lookups
            .iter()
            .filter(|lookup| is_of_orders(lookup) == orders);
        let starts: Vec<Duration> = calls.map(|lookup| lookup.started - run.start).collect();
        let different: HashSet<&Duration> = starts.iter().collect();
        let starts = starts.iter().map(|&start| Readable(start).to_string());
        ensure(different.len() <= 1, || {
            Fault::new("awaits_in_a_loop")
                .happened(format!(
                    "the calls for {noun}s began at {}",
                    listed(&starts.collect::<Vec<_>>())
                ))
                .expected(format!(
                    "all calls for {noun}s begin at the same moment, and wait together"
                ))
                .next("make a future for each chunk, and await them together with `join_all`")
        })?;
    }
    ensure(run.took <= 2 * LATENCY, || {
        Fault::new("needless_wait")
            .happened(format!(
                "the function took {}, and a call takes {}",
                Readable(run.took),
                Readable(LATENCY)
            ))
            .expected("it waits twice: for the orders, and then for their customers")
            .next("remove the sleep, or the wait that the work doesn't need")
    })
}

fn a_task_is_for_a_call(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (orders, customers) in [(5, 2), (250, 120)] {
            let scene = Scene::new(orders, customers);
            let run = scene.run(answer, recorder).await?;
            let (tasks, calls) = (scene.shop.tasks(), run.lookups.len());
            ensure(tasks <= scene.budget(), || {
                Fault::new("task_per_item")
                    .happened(format!(
                        "for {}, the function used {}, and made {}",
                        counted(scene.ids.len(), "order"),
                        counted(tasks, "task"),
                        counted(calls, "call")
                    ))
                    .expected("there are no more tasks than calls: a task costs about as much as writing an invoice")
                    .next("write the invoices in a plain loop, or with `map`, in the function itself")
            })?;
        }
        Ok(())
    });
}

fn nothing_large_is_copied(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (orders, customers) in [(5, 2), (250, 120)] {
            let scene = Scene::new(orders, customers);
            scene.run(answer, recorder).await?;
            let copies = scene.shop.copies();
            ensure(copies == 0, || {
                Fault::new("large_value_cloned")
                    .happened(format!(
                        "for {}, the function cloned orders or customers {}: {} KiB",
                        counted(scene.ids.len(), "order"),
                        counted(copies, "time"),
                        copies * Shop::BYTES / 1024
                    ))
                    .expected("the orders and customers stay where they are, and `shop.invoice` borrows them")
                    .next("keep the customers in a `HashMap` by id, and pass references: `shop.invoice(&order, &customers[&order.customer])`")
            })?;
        }
        Ok(())
    });
}

fn no_orders_take_no_call(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let scene = Scene::new(0, 3);
        let run = scene.run(answer, recorder).await?;
        calls_within_budget(&scene, &run)?;
        waits_within_budget(&run)?;
        ensure(run.lookups.is_empty(), || {
            Fault::new("extra_call_made")
                .happened(format!(
                    "without any order, the function made {}",
                    counted(run.lookups.len(), "call")
                ))
                .expected("without any order, there's no call")
                .next("make no call for an empty list of ids")
        })?;
        ensure(run.took.is_zero(), || {
            Fault::new("needless_wait")
                .happened(format!(
                    "without any order, the function took {}",
                    Readable(run.took)
                ))
                .expected("it returns at once")
                .next("look for a wait before the first call")
        })
    });
}
