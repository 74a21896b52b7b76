//! A simulated bank: what a handler moves money with, in sessions that have to be closed.
//!
//! A session is opened for one piece of work, and closed when it's dropped, whatever happened in between. Each step takes
//! its time. The bank carries it out half way through, so a step that is dropped later has had its effect, and nobody has
//! heard of it: that's how remote services are.
//!
//! ```
//! # use std::time::Duration;
//! use async_workbook::services::bank::{Bank, Refused};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), Refused> {
//! let bank = Bank::new(Duration::from_secs(1)).account("ada", 500);
//!
//! let session = bank.open();
//! session.withdraw("ada", 200).await?;
//! session.deposit("bob", 200).await;
//! assert_eq!(session.withdraw("ada", 301).await, Err(Refused));
//! assert_eq!(bank.sessions_open(), 1);
//! drop(session);
//!
//! assert_eq!((bank.balance("ada"), bank.balance("bob")), (300, 200));
//! assert_eq!((bank.sessions_open(), bank.sessions_opened()), (0, 1));
//! # Ok(())
//! # }
//! ```

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::sleep;
use tracing::Span;

use crate::probes::drops::{Drops, Life};

/// A bank. Clones share its accounts.
#[derive(Clone, Debug)]
pub struct Bank {
    latency: Duration,
    breaks_for: Option<String>,
    steps: Drops,
    books: Arc<Mutex<Books>>,
}

#[derive(Debug, Default)]
struct Books {
    balances: HashMap<String, i64>,
    open: usize,
    opened: usize,
}

/// There isn't enough money in the account.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("there isn't enough money in the account")]
pub struct Refused;

impl Bank {
    /// A bank without accounts, whose steps take `latency` each.
    #[must_use]
    pub fn new(latency: Duration) -> Self {
        Self {
            latency,
            breaks_for: None,
            steps: Drops::new(),
            books: Arc::default(),
        }
    }

    /// Opens an account with so many cents in it.
    #[must_use]
    pub fn account(self, name: &str, cents: i64) -> Self {
        self.books().balances.insert(name.to_owned(), cents);
        self
    }

    /// Panics in the middle of a deposit to this account.
    #[must_use]
    pub fn breaks_for(mut self, name: &str) -> Self {
        self.breaks_for = Some(name.to_owned());
        self
    }

    /// Opens a session. Dropping it closes it.
    #[must_use = "the session is closed when this is dropped"]
    pub fn open(&self) -> Session {
        let mut books = self.books();
        books.open += 1;
        books.opened += 1;
        let span = tracing::info_span!(
            "session",
            label = "session",
            outcome = tracing::field::Empty
        );
        // On a timeline, the session begins now.
        span.in_scope(|| {});
        Session {
            bank: self.clone(),
            span,
        }
    }

    /// How many cents are in an account. One that was never heard of is empty.
    #[must_use]
    pub fn balance(&self, account: &str) -> i64 {
        self.books().balances.get(account).copied().unwrap_or(0)
    }

    /// How many sessions are open at this moment.
    #[must_use]
    pub fn sessions_open(&self) -> usize {
        self.books().open
    }

    /// How many sessions were ever opened.
    #[must_use]
    pub fn sessions_opened(&self) -> usize {
        self.books().opened
    }

    /// The steps that were made, in their order.
    #[must_use]
    pub fn steps(&self) -> Vec<Life> {
        self.steps.lives()
    }

    // Held for a few assignments, and never across an await. A panic elsewhere leaves no entry half written: poison is
    // ignored.
    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn step<T>(&self, what: &str, effect: impl FnOnce(&mut Books) -> T) -> T {
        let step = async {
            sleep(self.latency / 2).await;
            let result = effect(&mut self.books());
            sleep(self.latency - self.latency / 2).await;
            result
        };
        self.steps.watch(what, step).await
    }
}

/// An open session. Dropping it closes it.
#[derive(Debug)]
pub struct Session {
    bank: Bank,
    span: Span,
}

impl Session {
    /// Takes money out of an account.
    ///
    /// # Errors
    ///
    /// There isn't enough in it. Then nothing is taken.
    ///
    /// # Cancel safety
    ///
    /// Dropped half way, the money may be gone all the same.
    pub async fn withdraw(&self, account: &str, cents: i64) -> Result<(), Refused> {
        let withdrawn = self.bank.step("withdraw", |books| {
            let balance = books.balances.entry(account.to_owned()).or_default();
            if *balance < cents {
                return Err(Refused);
            }
            *balance -= cents;
            Ok(())
        });
        withdrawn.await
    }

    /// Puts money into an account, which is opened if need be.
    ///
    /// # Panics
    ///
    /// The bank was told to break for this account.
    ///
    /// # Cancel safety
    ///
    /// Dropped half way, the money may have come in all the same.
    pub async fn deposit(&self, account: &str, cents: i64) {
        let breaks = self.bank.breaks_for.as_deref() == Some(account);
        let deposited = self.bank.step("deposit", |books| {
            // Unlike `panic!`, this prints nothing: the panic is part of the simulation.
            if breaks {
                std::panic::resume_unwind(Box::new("the ledger of /var/bank/7 is torn"));
            }
            *books.balances.entry(account.to_owned()).or_default() += cents;
        });
        deposited.await;
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.span.record("outcome", "closed");
        self.bank.books().open -= 1;
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;
    use crate::verdict::catch_panic;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[tokio::test(start_paused = true)]
    async fn a_step_that_is_dropped_late_has_had_its_effect() {
        let bank = Bank::new(ms(1000)).account("ada", 500);
        for (dropped, left) in [(400, 500), (600, 300)] {
            let session = bank.open();
            let given_up = timeout(ms(dropped), session.withdraw("ada", 200)).await;
            assert!(given_up.is_err());
            assert_eq!(bank.balance("ada"), left);
        }
        assert_eq!(bank.sessions_open(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_closes_the_session_too() {
        let bank = Bank::new(ms(1000)).breaks_for("bob");
        let session = bank.open();
        let broken = catch_panic(async move { session.deposit("bob", 1).await }).await;
        assert!(broken.is_err());
        assert_eq!((bank.balance("bob"), bank.sessions_open()), (0, 0));
    }
}
