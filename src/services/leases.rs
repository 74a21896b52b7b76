//! A simulated service that gives out leases: the right to use something that has to be handed back.
//!
//! [`Leases::acquire`] takes a lease, and [`Lease::release`] hands it back. Both are calls to the service, so both take
//! their time, and both have to be awaited. Dropping a [`Lease`] tells the service nothing: it counts the lease as taken.
//!
//! ```
//! # use std::time::Duration;
//! use async_workbook::services::leases::Leases;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let leases = Leases::new(Duration::from_millis(20), Duration::from_millis(30));
//! let lease = leases.acquire().await;
//! assert_eq!(leases.taken(), 1);
//! lease.release().await;
//! assert_eq!(leases.taken(), 0);
//!
//! drop(leases.acquire().await);
//! assert_eq!(leases.taken(), 1, "nobody told the service");
//! # }
//! ```

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep};

use crate::probes::drops::{Drops, Life};

const RELEASE: &str = "release";

/// The service. Clones share it.
#[derive(Clone)]
pub struct Leases {
    acquire: Duration,
    release: Duration,
    calls: Drops,
    terms: Arc<Mutex<Vec<Term>>>,
}

/// What the service knows of a lease.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Term {
    /// When it was taken.
    pub taken: Instant,
    /// When it was handed back: once, if all is well.
    pub returned: Vec<Instant>,
}

/// A lease that was taken. It has to be [released](Self::release): dropping it doesn't do that.
#[must_use = "the lease stays taken until it's released"]
pub struct Lease {
    number: usize,
    leases: Leases,
}

impl Leases {
    /// A service that takes so long to give out a lease, and to take one back.
    #[must_use]
    pub fn new(acquire: Duration, release: Duration) -> Self {
        Self {
            acquire,
            release,
            calls: Drops::new(),
            terms: Arc::default(),
        }
    }

    /// Takes a lease.
    ///
    /// # Cancel safety
    ///
    /// If this is dropped before it ends, no lease was taken.
    pub async fn acquire(&self) -> Lease {
        let call = in_two_steps(self.acquire, || {
            self.with(|terms| {
                terms.push(Term {
                    taken: Instant::now(),
                    returned: Vec::new(),
                });
                terms.len() - 1
            })
        });
        Lease {
            number: self.calls.watch("acquire", call).await,
            leases: self.clone(),
        }
    }

    /// How many leases are taken now.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.with(|terms| terms.iter().filter(|term| term.returned.is_empty()).count())
    }

    /// What became of each lease, in the order in which they were taken.
    #[must_use]
    pub fn terms(&self) -> Vec<Term> {
        self.with(|terms| terms.clone())
    }

    /// The calls of `release`, ended or not, in the order in which they were first polled.
    #[must_use]
    pub fn releases(&self) -> Vec<Life> {
        let mut calls = self.calls.lives();
        calls.retain(|call| call.label == RELEASE);
        calls
    }

    // Held for a few assignments, and never across an await. No change can be left half done: poison is ignored.
    fn with<T>(&self, change: impl FnOnce(&mut Vec<Term>) -> T) -> T {
        change(&mut self.terms.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Lease {
    /// Hands the lease back. Only once.
    ///
    /// # Cancel safety
    ///
    /// If this is dropped before it ends, the lease is still taken. It can be released by another call.
    pub async fn release(&self) {
        let call = in_two_steps(self.leases.release, || {
            self.leases
                .with(|terms| terms[self.number].returned.push(Instant::now()));
        });
        self.leases.calls.watch(RELEASE, call).await;
    }
}

/// Asks, and waits for the answer. The service acts at the end.
async fn in_two_steps<T>(latency: Duration, act: impl FnOnce() -> T) -> T {
    sleep(latency / 2).await;
    sleep(latency - latency / 2).await;
    act()
}

impl fmt::Debug for Leases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Leases")
            .field("terms", &self.terms())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;
    use crate::probes::drops::Outcome;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[tokio::test(start_paused = true)]
    async fn a_lease_is_taken_until_its_release_has_ended() {
        let (leases, start) = (Leases::new(ms(20), ms(30)), Instant::now());
        let lease = leases.acquire().await;
        assert_eq!((leases.taken(), start.elapsed()), (1, ms(20)));
        lease.release().await;
        assert_eq!((leases.taken(), start.elapsed()), (0, ms(50)));
        let term = Term {
            taken: start + ms(20),
            returned: vec![start + ms(50)],
        };
        assert_eq!(leases.terms(), [term]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_is_dropped_half_way_has_done_nothing() {
        let leases = Leases::new(ms(20), ms(30));
        let late = timeout(ms(19), leases.acquire()).await;
        assert!(late.is_err());
        assert!(leases.terms().is_empty());

        let lease = leases.acquire().await;
        let late = timeout(ms(29), lease.release()).await;
        assert!(late.is_err());
        assert_eq!(leases.taken(), 1);
        lease.release().await;
        assert_eq!(leases.taken(), 0);
        let outcomes: Vec<_> = leases.releases().iter().map(|call| call.outcome).collect();
        assert_eq!(outcomes, [Some(Outcome::Dropped), Some(Outcome::Finished)]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_lease_that_is_dropped_stays_taken_and_one_that_is_released_twice_shows() {
        let leases = Leases::new(ms(20), ms(30));
        drop(leases.acquire().await);
        let lease = leases.acquire().await;
        lease.release().await;
        lease.release().await;
        assert_eq!(leases.taken(), 1);
        assert_eq!(leases.terms()[1].returned.len(), 2);
    }
}
