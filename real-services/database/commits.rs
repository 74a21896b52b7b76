//! The commits of connections: noted among their statements, held back, or refused.
//!
//! ```
//! use real_database::{Database, commits::Commits};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), sqlx::Error> {
//! let database = Database::create("CREATE TABLE books (title TEXT);").await?;
//! let commits = Commits::default();
//! let mut connection = database.pool(1).acquire().await?;
//! commits.watch(&mut connection).await?;
//!
//! commits.refuse();
//! let insert = sqlx::query("INSERT INTO books VALUES ('Emma')").execute(&mut *connection).await;
//! insert.expect_err("a statement outside a transaction commits by itself");
//! # Ok(())
//! # }
//! ```

use std::sync::{
    Arc, Condvar, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use sqlx::{SqliteConnection, sqlite::LockedSqliteHandle};

use crate::statements;

/// How a commit is noted.
pub const COMMIT: &str = "COMMIT";
/// How a rollback is noted.
pub const ROLLBACK: &str = "ROLLBACK";

/// What happens to commits. Clones say the same.
#[derive(Clone, Debug, Default)]
pub struct Commits(Arc<Gate>);

#[derive(Debug, Default)]
struct Gate {
    refused: AtomicBool,
    begun: AtomicUsize,
    held: Mutex<bool>,
    changed: Condvar,
}

impl Commits {
    /// From now on, each commit of this connection is noted, and does what was said of all commits. The hooks run on
    /// SQLite's thread.
    ///
    /// # Errors
    ///
    /// The connection is broken.
    pub async fn watch(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        hook(&mut connection.lock_handle().await?, Arc::clone(&self.0));
        Ok(())
    }

    /// How many commits have begun, whatever became of them.
    #[must_use]
    pub fn begun(&self) -> usize {
        self.0.begun.load(Ordering::SeqCst)
    }

    /// From now on, every commit fails.
    pub fn refuse(&self) {
        self.0.refused.store(true, Ordering::SeqCst);
    }

    /// Until this is dropped, no commit comes to its end.
    pub fn hold(&self) -> HeldCommits<'_> {
        self.set_held(true);
        HeldCommits(self)
    }

    fn set_held(&self, held: bool) {
        *self.0.held.lock().unwrap_or_else(PoisonError::into_inner) = held;
        self.0.changed.notify_all();
    }
}

/// A function of its own, and not part of an async one: those are compiled wherever they're awaited, and there SQLite's
/// own functions may be out of reach.
#[inline(never)]
fn hook(handle: &mut LockedSqliteHandle<'_>, gate: Arc<Gate>) {
    handle.set_commit_hook(move || {
        gate.begun.fetch_add(1, Ordering::SeqCst);
        let mut held = gate.held.lock().unwrap_or_else(PoisonError::into_inner);
        while *held {
            let changed = gate.changed.wait(held);
            held = changed.unwrap_or_else(PoisonError::into_inner);
        }
        if gate.refused.load(Ordering::SeqCst) {
            return false;
        }
        statements::note(COMMIT);
        true
    });
    handle.set_rollback_hook(|| statements::note(ROLLBACK));
}

/// Held commits.
#[derive(Debug)]
#[must_use = "commits go on when this is dropped"]
pub struct HeldCommits<'a>(&'a Commits);

impl Drop for HeldCommits<'_> {
    fn drop(&mut self) {
        self.0.set_held(false);
    }
}
