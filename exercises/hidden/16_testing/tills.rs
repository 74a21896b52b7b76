//! Tills, right and wrong ones. The wrong ones are sound in the order in which `join!` and the runtime poll two sales.

use std::{
    fmt::Write as _,
    sync::{
        Arc, Mutex as SyncMutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use futures::{FutureExt as _, future::BoxFuture};
use tokio::{
    sync::{Mutex, Notify, Semaphore},
    task::yield_now,
};

/// A till under test.
#[derive(Clone)]
pub struct Till(Arc<Desk>);

impl Till {
    pub(crate) fn new(tickets: usize, kind: Kind) -> Self {
        Self(Arc::new(Desk {
            kind,
            left: SyncMutex::new(tickets),
            semaphore: Semaphore::new(tickets),
            turn: Mutex::new(()),
            books: Mutex::new(()),
            is_busy: AtomicBool::new(false),
            freed: Notify::new(),
            reserved: AtomicUsize::new(0),
            asked: AtomicUsize::new(0),
            begun: AtomicUsize::new(0),
            events: SyncMutex::default(),
        }))
    }

    pub fn sell(&self, tickets: usize) -> BoxFuture<'_, bool> {
        let sale = Sale {
            desk: &self.0,
            customer: self.0.asked.fetch_add(1, Ordering::Relaxed),
            tickets,
        };
        sale.run().boxed()
    }

    pub fn left(&self) -> usize {
        match self.0.kind {
            Kind::Permits => self.0.semaphore.available_permits(),
            _ => *self.0.left(),
        }
    }

    /// What happened, by customer, in its order.
    pub(crate) fn events(&self) -> Vec<(usize, String)> {
        self.0
            .events
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// In what a till differs from the simplest right one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    // Right ones.
    /// Tickets are set aside, and come back if the sale is dropped.
    Simple,
    /// Tickets are permits of a semaphore.
    Permits,
    /// One sale at a time.
    InTurn,
    /// It takes the tickets after the payment, if there are still enough.
    TakesLast,

    // Wrong ones.
    LooksFirst,
    WritesWhatItRead,
    RefusesWhenBusy,
    LocksInBothOrders,
    MissesTheSignal,
    KeepsOnDrop,
    SellsBeforeTheReceipt,
    ReturnsTooMuch,
    SellsTheRest,
    KeepsOneBack,
    KeepsReserved,
}

struct Desk {
    kind: Kind,
    left: SyncMutex<usize>,
    semaphore: Semaphore,
    turn: Mutex<()>,
    books: Mutex<()>,
    is_busy: AtomicBool,
    freed: Notify,
    /// Only for `KeepsReserved`: tickets that somebody pays for.
    reserved: AtomicUsize,
    /// How many sales there were, and how many of them were ever polled.
    asked: AtomicUsize,
    begun: AtomicUsize,
    events: SyncMutex<Vec<(usize, String)>>,
}

impl Desk {
    fn left(&self) -> MutexGuard<'_, usize> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Sale<'a> {
    desk: &'a Desk,
    customer: usize,
    tickets: usize,
}

impl Sale<'_> {
    async fn run(self) -> bool {
        let mut under_way = UnderWay(Some(&self));
        let is_sold = self.sold().await;
        under_way.0 = None;
        self.says(match is_sold {
            true => format!("has bought {}", self.tickets),
            false => "is sent away".into(),
        });
        is_sold
    }

    async fn sold(&self) -> bool {
        let turn = self.desk.begun.fetch_add(1, Ordering::Relaxed);
        match self.desk.kind {
            Kind::InTurn => {
                let _turn = self.desk.turn.lock().await;
                self.unguarded().await
            }
            kind => {
                // If everybody is polled in turn, nobody looks while somebody else pays. The right ones queue too, or a check
                // could tell them by the number of their polls.
                self.queue(turn, kind).await;
                match kind {
                    Kind::Simple => self.set_aside().await,
                    Kind::Permits => self.permits().await,
                    Kind::LooksFirst => self.unguarded().await,
                    Kind::WritesWhatItRead => self.read_and_written().await,
                    Kind::RefusesWhenBusy => match self.desk.turn.try_lock() {
                        Ok(_turn) => self.unguarded().await,
                        Err(_) => {
                            self.says("finds the till busy");
                            false
                        }
                    },
                    Kind::LocksInBothOrders => self.locked(turn).await,
                    Kind::MissesTheSignal => self.signalled().await,
                    Kind::KeepsOnDrop => self.kept_on_drop().await,
                    Kind::TakesLast => self.taken_last().await,
                    Kind::KeepsReserved => self.reserved().await,
                    Kind::SellsBeforeTheReceipt => {
                        self.set_aside().await && {
                            self.says("waits for the receipt");
                            yield_now().await;
                            true
                        }
                    }
                    // These are like the simplest one, but for what they do in the queue, or for what they take for enough.
                    _ => self.set_aside().await,
                }
            }
        }
    }

    fn says(&self, what: impl Into<String>) {
        let mut events = self
            .desk
            .events
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        events.push((self.customer, what.into()));
    }

    /// The second looks once the first has paid, if they are polled in turn.
    async fn queue(&self, turn: usize, kind: Kind) {
        // This one has its guard from the start.
        let returned = (kind == Kind::ReturnsTooMuch).then(|| Returned {
            sale: self,
            is_armed: turn > 0,
        });
        for _ in 0..turn {
            yield_now().await;
        }
        if let Some(mut returned) = returned {
            returned.is_armed = false;
        }
    }

    async fn pay(&self) {
        self.says("pays");
        yield_now().await;
    }

    fn sees_enough(&self) -> bool {
        let left = *self.desk.left() - self.desk.reserved.load(Ordering::Relaxed);
        self.says(format!("sees {left} left"));
        match self.desk.kind {
            Kind::SellsTheRest => left > 0 || self.tickets == 0,
            Kind::KeepsOneBack => left > self.tickets,
            _ => left >= self.tickets,
        }
    }

    fn take(&self) {
        let mut left = self.desk.left();
        *left = left.saturating_sub(self.tickets);
        self.says(format!("takes {}: {left} left", self.tickets));
    }

    async fn set_aside(&self) -> bool {
        let mut returned = {
            if !self.sees_enough() {
                return false;
            }
            self.take();
            Returned {
                sale: self,
                is_armed: true,
            }
        };
        self.pay().await;
        returned.is_armed = false;
        true
    }

    async fn permits(&self) -> bool {
        let permits = u32::try_from(self.tickets)
            .ok()
            .and_then(|tickets| self.desk.semaphore.try_acquire_many(tickets).ok());
        let Some(permits) = permits else {
            return false;
        };
        self.pay().await;
        permits.forget();
        true
    }

    /// Looks before the payment, and takes after it.
    async fn unguarded(&self) -> bool {
        if !self.sees_enough() {
            return false;
        }
        self.pay().await;
        self.take();
        true
    }

    async fn read_and_written(&self) -> bool {
        if !self.sees_enough() {
            return false;
        }
        let before = *self.desk.left();
        self.pay().await;
        // It looks again, so it sells no more than there are.
        let is_enough = self.sees_enough();
        if is_enough {
            *self.desk.left() = before - self.tickets;
            self.says(format!("writes {before} - {}", self.tickets));
        }
        is_enough
    }

    async fn locked(&self, turn: usize) -> bool {
        let desk = self.desk;
        let locks = [("the turn", &desk.turn), ("the books", &desk.books)];
        let [(first, one), (second, other)] = match turn % 2 {
            0 => locks,
            _ => [locks[1], locks[0]],
        };
        let _one = one.lock().await;
        self.says(format!("locks {first}"));
        self.pay().await;
        self.says(format!("wants {second}"));
        let _other = other.lock().await;
        let is_enough = self.sees_enough();
        if is_enough {
            self.take();
        }
        is_enough
    }

    async fn signalled(&self) -> bool {
        while self.desk.is_busy.swap(true, Ordering::Relaxed) {
            self.says("finds the till busy");
            yield_now().await;
            self.says("waits for the signal");
            self.desk.freed.notified().await;
        }
        let _busy = Busy(self);
        self.unguarded().await
    }

    async fn kept_on_drop(&self) -> bool {
        if !self.sees_enough() {
            return false;
        }
        self.take();
        self.pay().await;
        true
    }

    async fn taken_last(&self) -> bool {
        if !self.sees_enough() {
            return false;
        }
        self.pay().await;
        let is_enough = self.sees_enough();
        if is_enough {
            self.take();
        }
        is_enough
    }

    /// What is reserved stays so if the sale is dropped.
    async fn reserved(&self) -> bool {
        if !self.sees_enough() {
            return false;
        }
        self.says(format!("reserves {}", self.tickets));
        let reserved = &self.desk.reserved;
        reserved.fetch_add(self.tickets, Ordering::Relaxed);
        self.pay().await;
        reserved.fetch_sub(self.tickets, Ordering::Relaxed);
        self.take();
        true
    }
}

/// A sale that has not ended. If it's dropped, it says so.
struct UnderWay<'a>(Option<&'a Sale<'a>>);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if let Some(sale) = self.0 {
            sale.says("is dropped");
        }
    }
}

/// Tickets that come back.
struct Returned<'a> {
    sale: &'a Sale<'a>,
    is_armed: bool,
}

impl Drop for Returned<'_> {
    fn drop(&mut self) {
        if self.is_armed {
            let mut left = self.sale.desk.left();
            *left += self.sale.tickets;
            let tickets = self.sale.tickets;
            self.sale.says(format!("gives {tickets} back: {left} left"));
        }
    }
}

struct Busy<'a>(&'a Sale<'a>);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.says("signals that it's free");
        self.0.desk.is_busy.store(false, Ordering::Relaxed);
        self.0.desk.freed.notify_waiters();
    }
}

/// Draws what happened to each customer: a column for each, a line for each event.
pub(crate) fn drawn(events: &[(usize, String)]) -> String {
    const COLUMN: usize = 28;
    let last = events.iter().map(|(customer, _)| *customer).max();
    let all = ["first customer", "second customer", "third customer"];
    let shown = all.iter().take(1 + last.unwrap_or_default().max(1));
    let titles: String = shown.map(|title| format!("{title:COLUMN$}")).collect();
    let mut lines = format!("  {}\n", titles.trim_end());
    for (customer, event) in events {
        let indent = customer * COLUMN;
        writeln!(lines, "  {:indent$}{event}", "").expect("a String takes every write");
    }
    lines
}
