//! A bank: a SQLite file, a store, and the learner's `Repo` between them.

use std::{
    num::NonZeroU32,
    panic,
    sync::Arc,
    time::{Duration, Instant},
};

use async_workbook::{
    clock::Hold,
    services::key_value::Store,
    verdict::{catch_panic, ensure, examine, show},
};
use real_database::{Database, commits::Commits, statements};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use tokio::{sync::Mutex, time::advance};
use tokio_util::task::AbortOnDropHandle;

use crate::{
    Answer, Cached, Listed, Repo, Transferred,
    faults::{Checked, connection_leaked, connections_opened},
    journal::{self, is_statement},
};

const SCHEMA: &str = "\
CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT NOT NULL, cents INTEGER NOT NULL);
CREATE TABLE payments (
    id INTEGER PRIMARY KEY, payer INTEGER NOT NULL, payee INTEGER NOT NULL, cents INTEGER NOT NULL,
    made_at INTEGER NOT NULL DEFAULT (unixepoch())
);
INSERT INTO accounts VALUES (1, 'Ada', 1000), (2, 'Ben', 500), (3, 'Cleo', 0);
";

/// By default, SQLite waits 5 s of real time for a lock, which is too short for a busy machine.
const PATIENCE: Duration = Duration::from_secs(60 * 60);

pub(crate) const ADA: i64 = 1;
pub(crate) const BEN: i64 = 2;
pub(crate) const CLEO: i64 = 3;
pub(crate) const NOBODY: i64 = 404;

/// A bank. The clock is held until a test moves it.
pub(crate) struct Bank {
    pub(crate) hold: Hold,
    pub(crate) database: Database,
    pub(crate) pool: SqlitePool,
    pub(crate) connections: u32,
    pub(crate) store: Store,
    pub(crate) commits: Commits,
    pub(crate) repo: Arc<dyn Repo>,
    /// Connections of other programs, which don't count. One waits for locks, and one doesn't.
    pub(crate) other_program: Mutex<SqliteConnection>,
    hasty_program: Mutex<SqliteConnection>,
}

/// Runs a scenario in a bank of its own. What SQLite ran is drawn below the verdict.
pub(crate) fn in_a_bank(
    answer: &Answer,
    connections: u32,
    scenario: impl AsyncFnOnce(&Bank) -> Checked,
) {
    examine(async |_| {
        let bank = Bank::open(answer, connections).await;
        let checked = scenario(&bank).await;
        bank.drawn(checked)
    });
}

impl Bank {
    pub(crate) async fn open(answer: &Answer, connections: u32) -> Self {
        statements::watch();
        let hold = Hold::new();
        let database = Database::create(SCHEMA).await;
        let database = database.expect("there is a folder for temporary files");
        let commits = Commits::default();
        let hooks = commits.clone();
        let pool = SqlitePoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(30))
            .idle_timeout(None)
            .max_lifetime(None)
            .after_connect(move |connection, _| {
                let hooks = hooks.clone();
                Box::pin(async move { hooks.watch(connection).await })
            })
            .connect_lazy_with(
                database
                    .options()
                    .busy_timeout(Duration::from_secs(60 * 60)),
            );
        let store = Store::new(Duration::ZERO);
        let repo = (answer.repo)(pool.clone(), store.clone());
        let other = |patience| {
            let options = SqliteConnectOptions::new().filename(database.file());
            let options = options.busy_timeout(patience);
            async move { Mutex::new(options.connect().await.expect("the file is there")) }
        };
        let other_program = other(PATIENCE).await;
        let hasty_program = other(Duration::ZERO).await;
        Self {
            other_program,
            hasty_program,
            hold,
            database,
            pool,
            connections,
            store,
            commits,
            repo,
        }
    }

    /// Adds what SQLite ran to a fault, or shows it if there is none.
    pub(crate) fn drawn(&self, checked: Checked) -> Checked {
        let drawing = journal::drawn(&self.database.statements());
        match checked {
            Ok(()) => show(|| drawing),
            Err(fault) if fault.drawing.is_none() => return Err(fault.drawn(drawing)),
            Err(fault) => return Err(fault),
        }
        Ok(())
    }

    /// Statements that SQLite ran so far for the learner's code.
    pub(crate) fn statements(&self) -> Vec<statements::Statement> {
        let mut noted = self.database.statements();
        noted.retain(is_statement);
        noted
    }

    pub(crate) fn list(&self, skip: u32, limit: u32) -> Running<Listed> {
        let repo = Arc::clone(&self.repo);
        Running::spawn(async move { repo.call_list(skip, limit).await })
    }

    pub(crate) fn transfer(&self, from: i64, to: i64, cents: u32) -> Running<Transferred> {
        let repo = Arc::clone(&self.repo);
        let cents = NonZeroU32::new(cents).expect("a test transfers something");
        Running::spawn(async move { repo.call_transfer(from, to, cents).await })
    }

    pub(crate) fn cached(&self, id: i64) -> Running<Cached> {
        let repo = Arc::clone(&self.repo);
        Running::spawn(async move { repo.call_cached(id).await })
    }

    /// Gives way until this holds. A disk may be slow: it takes no less than two seconds before this returns `false`.
    pub(crate) async fn patiently(&self, condition: impl Fn() -> bool) -> bool {
        let start = Instant::now();
        loop {
            if self.hold.until(&condition).await {
                return true;
            }
            if start.elapsed() > Duration::from_secs(2) {
                return false;
            }
        }
    }

    pub(crate) fn all_connections_are_back(&self) -> bool {
        u32::try_from(self.pool.num_idle()) == Ok(self.pool.size())
    }

    /// Waits until this holds. Calls that the database has refused may wait before they try again, so the clock moves, too:
    /// by less than it takes to give up the wait for a connection.
    pub(crate) async fn ends(&self, condition: impl Fn() -> bool) -> bool {
        for _ in 0..40 {
            let rests = || condition() || self.all_connections_are_back();
            if !self.patiently(rests).await || condition() {
                break;
            }
            self.hold.turns(5).await;
            if !condition() {
                advance(Duration::from_millis(500)).await;
            }
        }
        self.patiently(condition).await
    }

    /// Waits until nothing happens any more that doesn't wait for the clock. Returns whether all connections are back.
    pub(crate) async fn settles(&self) -> bool {
        for _ in 0..2 {
            self.hold.turns(3).await;
            if !self.patiently(|| self.all_connections_are_back()).await {
                return false;
            }
        }
        true
    }

    /// After a call, its connections are back in the pool, and the pool has opened all of them.
    pub(crate) async fn connections_are_fine(&self, after: &str) -> Checked {
        ensure(self.settles().await, || connection_leaked(after))?;
        let opened = self.database.opened();
        ensure(opened <= self.connections as usize, || {
            connections_opened(opened, self.connections)
        })
    }

    /// Runs SQL of another program.
    pub(crate) async fn other_program(&self, sql: &str) {
        let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&mut *self.other_program.lock().await)
            .await;
        done.expect("the tables are as the test made them");
    }

    /// The same, unless somebody else is writing just now. Returns how many rows it has changed.
    pub(crate) async fn other_program_unless_locked(&self, sql: &str) -> Option<u64> {
        let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&mut *self.hasty_program.lock().await)
            .await;
        done.ok().map(|done| done.rows_affected())
    }
}

/// A call that runs in a task. Dropping it drops the call.
pub(crate) struct Running<T>(AbortOnDropHandle<Result<T, String>>);

impl<T: Send + 'static> Running<T> {
    /// Runs a call in a task.
    pub(crate) fn spawn(call: impl Future<Output = T> + Send + 'static) -> Self {
        Self(AbortOnDropHandle::new(tokio::spawn(catch_panic(call))))
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.0.is_finished()
    }

    /// What it returned. A panic of it goes on here.
    pub(crate) async fn output(self) -> T {
        match self.0.await {
            Ok(Ok(output)) => output,
            Ok(Err(message)) => panic::resume_unwind(Box::new(message)),
            Err(error) => panic::resume_unwind(error.into_panic()),
        }
    }

    /// What it returned, or the message of its panic.
    pub(crate) async fn caught(self) -> Result<T, String> {
        self.0.await.expect("its panics are caught")
    }
}
