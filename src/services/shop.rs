//! A shop whose orders and customers are looked up in another service: one at a time, or many at once. It counts what is
//! asked of it: lookups, tasks, and copies of what it gave.
//!
//! ```
//! # use std::time::Duration;
//! use async_workbook::services::shop::Shop;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let shop = Shop::new(Duration::from_millis(50), 3);
//! let order = shop.order(7).await;
//! let customer = shop.customer(order.customer).await;
//! let invoice = shop.invoice(&order, &customer);
//! assert_eq!(invoice.text, "order 7, 7.07, to customer 1");
//!
//! drop(order.clone());
//! assert_eq!((shop.lookups().len(), shop.copies(), shop.tasks()), (2, 1, 0));
//! # }
//! ```

use std::{
    collections::HashSet,
    future::Future,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread::{self, ThreadId},
    time::Duration,
};

use tokio::{
    task,
    time::{Instant, sleep},
};
use tracing::Instrument as _;

use super::precompiled::Precompiled;
use crate::{
    harness::counted,
    probes::lifecycle::{self, Lifecycle, LifecycleLog},
};

/// The shop. Clones share it, and its counts.
#[derive(Clone, Debug)]
pub struct Shop {
    latency: Duration,
    slower_at_first: Duration,
    customers: u64,
    lookups: LifecycleLog<Request, Outcome>,
    copies: Arc<AtomicUsize>,
    opened_by: ThreadId,
    workers: Arc<Mutex<HashSet<Worker>>>,
}

/// An order, with the scan of a document that makes it large.
#[derive(Debug)]
pub struct Order {
    /// Its number.
    pub id: u64,
    /// The number of the customer who made it.
    pub customer: u64,
    /// What it costs.
    pub cents: u64,
    /// A scan of the order, as the customer signed it.
    pub scan: Vec<u8>,
    copies: Arc<AtomicUsize>,
}

/// A customer, with a picture that makes it large.
#[derive(Debug)]
pub struct Customer {
    /// Its number.
    pub id: u64,
    /// What it's called.
    pub name: String,
    /// What it looks like.
    pub picture: Vec<u8>,
    copies: Arc<AtomicUsize>,
}

/// What a customer has to pay for an order.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Invoice {
    /// The order.
    pub order: u64,
    /// What the invoice says.
    pub text: String,
}

/// What was looked up in one call.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Request {
    /// The orders of these numbers.
    Orders(Vec<u64>),
    /// The customers of these numbers.
    Customers(Vec<u64>),
}

/// The record of one call.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// What was looked up.
    pub request: Request,
    /// When the call began.
    pub started: Instant,
    /// When it ended; `None` while it's under way.
    pub ended: Option<Instant>,
}

/// Who did something.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
enum Worker {
    Task(task::Id),
    Thread(ThreadId),
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Outcome {
    Answered,
    Dropped,
}

impl lifecycle::Outcome for Outcome {
    const DROPPED: Self = Self::Dropped;

    fn word(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Dropped => "dropped",
        }
    }
}

impl Shop {
    /// How many orders, or customers, one call may ask for.
    pub const BATCH: usize = 100;
    /// How large a scan or a picture is.
    pub const BYTES: usize = 16 << 10;

    /// A shop with so many customers, which takes so long for a call, whether it asks for one thing or for
    /// [`BATCH`](Self::BATCH). It takes any number of calls at the same time.
    #[must_use]
    pub fn new(latency: Duration, customers: u64) -> Self {
        Self {
            latency,
            slower_at_first: Duration::ZERO,
            customers: customers.max(1),
            lookups: LifecycleLog::default(),
            copies: Arc::default(),
            opened_by: thread::current().id(),
            workers: Arc::default(),
        }
    }

    /// Takes so much longer for the first of all calls.
    #[must_use]
    pub fn slower_at_first(self, extra: Duration) -> Self {
        Self {
            slower_at_first: extra,
            ..self
        }
    }

    /// Looks an order up.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future ends the call.
    pub fn order(&self, id: u64) -> impl Future<Output = Order> + Send + use<> {
        let shop = self.clone();
        Precompiled::new(async move {
            shop.look_up(Request::Orders(vec![id])).await;
            shop.known_order(id)
        })
    }

    /// Looks several orders up in one call, and returns them in the order of `ids`.
    ///
    /// # Panics
    ///
    /// For more than [`BATCH`](Self::BATCH) at once, when it's polled.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future ends the call.
    pub fn orders(&self, ids: &[u64]) -> impl Future<Output = Vec<Order>> + Send + use<> {
        let (shop, ids) = (self.clone(), ids.to_vec());
        Precompiled::new(async move {
            shop.look_up(Request::Orders(ids.clone())).await;
            ids.iter().map(|&id| shop.known_order(id)).collect()
        })
    }

    /// Looks a customer up.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future ends the call.
    pub fn customer(&self, id: u64) -> impl Future<Output = Customer> + Send + use<> {
        let shop = self.clone();
        Precompiled::new(async move {
            shop.look_up(Request::Customers(vec![id])).await;
            shop.known_customer(id)
        })
    }

    /// Looks several customers up in one call, and returns them in the order of `ids`.
    ///
    /// # Panics
    ///
    /// For more than [`BATCH`](Self::BATCH) at once, when it's polled.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future ends the call.
    pub fn customers(&self, ids: &[u64]) -> impl Future<Output = Vec<Customer>> + Send + use<> {
        let (shop, ids) = (self.clone(), ids.to_vec());
        Precompiled::new(async move {
            shop.look_up(Request::Customers(ids.clone())).await;
            ids.iter().map(|&id| shop.known_customer(id)).collect()
        })
    }

    /// Writes an invoice, which takes a microsecond.
    ///
    /// # Panics
    ///
    /// If the order isn't this customer's.
    #[must_use]
    pub fn invoice(&self, order: &Order, customer: &Customer) -> Invoice {
        assert_eq!(
            order.customer, customer.id,
            "order {} isn't one of customer {}",
            order.id, customer.id
        );
        self.note_task();
        let (whole, cents) = (order.cents / 100, order.cents % 100);
        Invoice {
            order: order.id,
            text: format!(
                "order {}, {whole}.{cents:02}, to {}",
                order.id, customer.name
            ),
        }
    }

    /// One record a call, in the order in which they were made.
    #[must_use]
    pub fn lookups(&self) -> Vec<Lookup> {
        self.lookups
            .all(|lookup: &Lifecycle<Request, Outcome>| Lookup {
                request: lookup.subject.clone(),
                started: lookup.made,
                ended: lookup.end.map(|end| end.at),
            })
    }

    /// How many orders and customers were cloned.
    #[must_use]
    pub fn copies(&self) -> usize {
        self.copies.load(Ordering::Relaxed)
    }

    /// In how many different tasks something was looked up or an invoice was written. A thread that isn't tokio's counts as
    /// a task. What is outside any task on the thread that made the shop, as in `block_on`, doesn't count.
    #[must_use]
    pub fn tasks(&self) -> usize {
        self.with_workers(|workers| workers.len())
    }

    async fn look_up(&self, request: Request) {
        let (ids, noun) = match &request {
            Request::Orders(ids) => (ids, "order"),
            Request::Customers(ids) => (ids, "customer"),
        };
        assert!(
            ids.len() <= Self::BATCH,
            "one call asked for {}, and {} is the most",
            counted(ids.len(), noun),
            Self::BATCH
        );
        self.note_task();
        let label = match ids.as_slice() {
            [id] => format!("{noun} {id}"),
            ids => counted(ids.len(), noun),
        };
        let span = tracing::info_span!("lookup", label, outcome = tracing::field::Empty);
        let is_first = self.lookups.count(|_| true) == 0;
        let latency = self.latency
            + if is_first {
                self.slower_at_first
            } else {
                Duration::ZERO
            };
        let mut ticket = self.lookups.made(request, span.clone());
        async move {
            ticket.started();
            sleep(latency).await;
            ticket.ended(Outcome::Answered);
        }
        .instrument(span)
        .await;
    }

    fn known_order(&self, id: u64) -> Order {
        Order {
            id,
            customer: id % self.customers,
            cents: id * 101,
            scan: vec![0; Self::BYTES],
            copies: Arc::clone(&self.copies),
        }
    }

    fn known_customer(&self, id: u64) -> Customer {
        Customer {
            id,
            name: format!("customer {id}"),
            picture: vec![0; Self::BYTES],
            copies: Arc::clone(&self.copies),
        }
    }

    fn note_task(&self) {
        let thread = thread::current().id();
        let worker = match task::try_id() {
            Some(task) => Worker::Task(task),
            None if thread == self.opened_by => return,
            None => Worker::Thread(thread),
        };
        self.with_workers(|workers| workers.insert(worker));
    }

    // The lock is held for one look or one insertion, and never across an await.
    fn with_workers<T>(&self, change: impl FnOnce(&mut HashSet<Worker>) -> T) -> T {
        change(&mut self.workers.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Copies the scan, and is counted.
impl Clone for Order {
    fn clone(&self) -> Self {
        self.copies.fetch_add(1, Ordering::Relaxed);
        Self {
            scan: self.scan.clone(),
            copies: Arc::clone(&self.copies),
            ..*self
        }
    }
}

/// Copies the picture, and is counted.
impl Clone for Customer {
    fn clone(&self) -> Self {
        self.copies.fetch_add(1, Ordering::Relaxed);
        Self {
            id: self.id,
            name: self.name.clone(),
            picture: self.picture.clone(),
            copies: Arc::clone(&self.copies),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::timed, harness::ms};

    #[tokio::test(start_paused = true)]
    async fn a_call_for_many_takes_as_long_as_a_call_for_one() {
        let shop = Shop::new(ms(50), 10);
        let ids: Vec<u64> = (0..100).collect();
        let (orders, took) = timed(shop.orders(&ids)).await;
        assert_eq!((orders.len(), took), (100, ms(50)));
        assert_eq!(orders[42].customer, 2);
        let (customers, took) = timed(shop.customers(&[2, 0])).await;
        let ids: Vec<u64> = customers.iter().map(|customer| customer.id).collect();
        assert_eq!((ids, took), (vec![2, 0], ms(50)));
        let lookups = shop.lookups();
        assert_eq!(lookups[1].request, Request::Customers(vec![2, 0]));
        assert_eq!(
            lookups[1].started,
            lookups[0].ended.expect("it was awaited")
        );
    }

    #[tokio::test(start_paused = true)]
    #[should_panic(expected = "one call asked for 101 orders, and 100 is the most")]
    async fn a_call_for_too_many_panics() {
        let shop = Shop::new(ms(50), 10);
        shop.orders(&[1; 101]).await;
    }

    #[tokio::test(start_paused = true)]
    async fn tasks_and_copies_are_counted() {
        let shop = Shop::new(ms(50), 1);
        let (order, customer) = tokio::join!(shop.order(3), shop.customer(0));
        let own = shop.tasks();
        assert_eq!(own, 0, "a test is run by `block_on`, which is no task");
        let (other, copy) = (shop.clone(), order.clone());
        let task = tokio::spawn(async move { other.invoice(&copy, &customer).text });
        assert_eq!(
            task.await.ok().as_deref(),
            Some("order 3, 3.03, to customer 0")
        );
        assert_eq!((shop.tasks(), shop.copies()), (1, 1));
        thread::scope(|scope| {
            let customer = shop.known_customer(0);
            let shop = &shop;
            let order = &order;
            scope.spawn(move || shop.invoice(order, &customer));
        });
        assert_eq!(shop.tasks(), 2, "a thread of one's own counts too");
        drop(order);
    }
}
