//! A bank: a SQLite file, a store, and the learner's `Repo` between them.

use std::{
    future::poll_fn,
    num::NonZeroU32,
    panic,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use async_workbook::{
    clock::Hold,
    services::key_value::Store,
    verdict::{Fault, catch_panic, ensure, examine, show},
};
use real_database::{Database, commits::Commits, statements};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Sqlite, SqliteConnection, SqlitePool,
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use tokio::{
    select,
    sync::{Mutex, Notify},
    task::{spawn_blocking, yield_now},
    time::advance,
};
use tokio_util::task::AbortOnDropHandle;

use crate::{
    Answer, Cached, Listed, Repo, Transferred,
    faults::{Checked, busy_wait, connection_leaked, connections_opened, never_ended},
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

/// A call has been polled.
static POLLED: Notify = Notify::const_new();

/// Each time that a task gives way, all others that can go on do so. One may wake the next.
const TURNS: usize = 8;

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
    /// Whether a call was given up because it asked again and again.
    keeps_asking: AtomicBool,
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
        let other_program = Mutex::new(another_connection(&database, PATIENCE).await);
        let hasty_program = Mutex::new(another_connection(&database, Duration::ZERO).await);
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
            keeps_asking: AtomicBool::new(false),
        }
    }

    /// Another connection that doesn't count, and waits for no lock.
    pub(crate) async fn hasty_connection(&self) -> SqliteConnection {
        another_connection(&self.database, Duration::ZERO).await
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

    /// Waits until this holds. It looks whenever a call has been polled, and after rests that grow to some milliseconds. In
    /// between, this thread leaves the processor to SQLite's: on a busy machine each change of threads costs a turn in the
    /// queue. It takes no less than 200 rests and two seconds without a statement before this returns `false`.
    pub(crate) async fn patiently(&self, condition: impl Fn() -> bool) -> bool {
        self.patiently_up_to(5000, condition).await
    }

    /// The same for one call. If it's refused, it doesn't ask for ever.
    pub(crate) async fn one_call_ends(&self, condition: impl Fn() -> bool) -> bool {
        self.patiently_up_to(50, condition).await
    }

    async fn patiently_up_to(&self, statements: usize, condition: impl Fn() -> bool) -> bool {
        const RESTS: usize = 200;
        const LONGEST: Duration = Duration::from_millis(8);
        let asked = || self.database.statements().len();
        let before = asked();
        let (mut seen, mut since, mut rests) = (before, Instant::now(), 0);
        let mut rest = Duration::from_micros(100);
        loop {
            self.tasks_take_turns().await;
            if condition() {
                return true;
            }
            let now = asked();
            if now > before + statements {
                self.keeps_asking.store(true, Ordering::Relaxed);
                return false;
            }
            if now != seen {
                (seen, since, rests) = (now, Instant::now(), 0);
            }
            if rests > RESTS && since.elapsed() > Duration::from_secs(2) {
                return false;
            }
            let mut rested = spawn_blocking(move || slept(rest));
            loop {
                select! {
                    biased;
                    rested = &mut rested => break rested.expect("it only sleeps"),
                    () = POLLED.notified() => {
                        if condition() {
                            return true;
                        }
                    }
                }
            }
            rests += 1;
            rest = LONGEST.min(rest * 3);
        }
    }

    /// Lets every task go on that needs no other thread for it.
    pub(crate) async fn tasks_take_turns(&self) {
        for _ in 0..TURNS {
            yield_now().await;
        }
    }

    pub(crate) fn all_connections_are_back(&self) -> bool {
        u32::try_from(self.pool.num_idle()) == Ok(self.pool.size())
    }

    /// Waits until this holds. Calls that the database has refused may wait before they try again, longer and longer, so
    /// the clock moves, too. It does while all connections are free, so nobody gives up the wait for one.
    pub(crate) async fn ends(&self, condition: impl Fn() -> bool) -> bool {
        self.ends_beside(|| false, condition).await
    }

    /// The same, while another program may be at work.
    pub(crate) async fn ends_beside(
        &self,
        at_work: impl Fn() -> bool,
        condition: impl Fn() -> bool,
    ) -> bool {
        let at_rest = || self.all_connections_are_back() && !at_work();
        for step in 0..60 {
            if !self.patiently(|| condition() || at_rest()).await {
                return false;
            }
            if condition() {
                return true;
            }
            self.tasks_take_turns().await;
            if !condition() && at_rest() {
                advance(Duration::from_millis(if step < 40 { 500 } else { 5000 })).await;
            }
        }
        self.patiently(condition).await
    }

    /// Takes all connections of the pool, for as long as the result lives.
    pub(crate) async fn take_all_connections(&self) -> Vec<PoolConnection<Sqlite>> {
        let mut taken = Vec::new();
        for _ in 0..self.connections {
            taken.push(self.pool.acquire().await.expect("nobody has it"));
        }
        taken
    }

    /// Some calls find no connection for ten seconds. Meanwhile they rest.
    pub(crate) async fn waiting_for_a_connection<T: Send + 'static>(
        &self,
        method: &str,
        calls: usize,
        call: impl Fn() -> Running<T>,
    ) -> Result<Vec<Running<T>>, Fault> {
        let taken = self.take_all_connections().await;
        let running: Vec<_> = (0..calls).map(|_| call()).collect();
        let polls = || -> usize { running.iter().map(Running::polls).sum() };
        for _ in 0..4 {
            for _ in 0..calls {
                self.tasks_take_turns().await;
            }
            let before = polls();
            self.tasks_take_turns().await;
            ensure(polls() <= before + 1, || busy_wait(method))?;
            advance(Duration::from_millis(2500)).await;
        }
        self.tasks_take_turns().await;
        drop(taken);
        Ok(running)
    }

    /// Waits until nothing happens any more that doesn't wait for the clock. Returns whether all connections are back.
    pub(crate) async fn settles(&self) -> bool {
        for _ in 0..2 {
            self.tasks_take_turns().await;
            if !self.patiently(|| self.all_connections_are_back()).await {
                return false;
            }
        }
        true
    }

    /// A call is dropped while it waits for a connection. Nothing of it goes on.
    pub(crate) async fn nothing_outlives<T: Send + 'static>(
        &self,
        method: &str,
        call: impl FnOnce() -> Running<T>,
    ) -> Checked {
        self.database.forget_statements();
        let taken = self.take_all_connections().await;
        let running = call();
        self.tasks_take_turns().await;
        drop(running);
        self.tasks_take_turns().await;
        drop(taken);
        let dropped = format!("after `{method}` had been dropped while it waited for a connection");
        ensure(self.settles().await, || connection_leaked(&dropped))?;
        // What nobody polls any more may still be in line for a connection.
        let pool = self.pool.clone();
        let next = Running::spawn(async move { drop(pool.acquire().await) });
        let free = self.patiently(|| next.has_ended()).await;
        ensure(free && self.settles().await, || connection_leaked(&dropped))?;
        ensure(self.statements().is_empty(), || {
            Fault::new("task_left_running")
                .happened(format!("{dropped}, it asked the database all the same"))
                .expected("nothing goes on once it's dropped: nobody waits for it any more")
                .next(format!("in `{method}`, await the query instead of spawning it: a dropped `JoinHandle` doesn't stop its task, and a `JoinSet` does"))
        })
    }

    /// A call never ended: for want of a connection, or of something else, or because it never stopped trying.
    pub(crate) fn never_ended(&self, call: &str) -> Fault {
        if self.keeps_asking.load(Ordering::Relaxed) {
            return Fault::new("unrequested_retry")
                .happened(format!(
                    "{call} never ended: it had made {} queries, and went on trying",
                    self.statements().len()
                ))
                .expected("an error of the database is returned to the caller, who may try again")
                .next("try again only after the error that you mean, such as `database is locked`, and return all others");
        }
        never_ended(call, self.pool.num_idle() == 0)
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

#[expect(
    clippy::disallowed_methods,
    reason = "it runs on a thread of its own, and the clock stands"
)]
fn slept(time: Duration) {
    thread::sleep(time);
}

async fn another_connection(database: &Database, patience: Duration) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(database.file());
    let connected = options.busy_timeout(patience).connect().await;
    connected.expect("the file is there")
}

/// A call that runs in a task. Dropping it drops the call.
pub(crate) struct Running<T> {
    task: AbortOnDropHandle<Result<T, String>>,
    polls: Arc<AtomicUsize>,
}

impl<T: Send + 'static> Running<T> {
    /// Runs a call in a task.
    pub(crate) fn spawn(call: impl Future<Output = T> + Send + 'static) -> Self {
        let polls = Arc::<AtomicUsize>::default();
        let counter = Arc::clone(&polls);
        let mut call = Box::pin(catch_panic(call));
        let counted = poll_fn(move |context| {
            counter.fetch_add(1, Ordering::Relaxed);
            let polled = call.as_mut().poll(context);
            POLLED.notify_one();
            polled
        });
        Self {
            task: AbortOnDropHandle::new(tokio::spawn(counted)),
            polls,
        }
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.task.is_finished()
    }

    /// How often it was polled so far.
    pub(crate) fn polls(&self) -> usize {
        self.polls.load(Ordering::Relaxed)
    }

    /// What it returned. A panic of it goes on here.
    pub(crate) async fn output(self) -> T {
        match self.task.await {
            Ok(Ok(output)) => output,
            Ok(Err(message)) => panic::resume_unwind(Box::new(message)),
            Err(error) => panic::resume_unwind(error.into_panic()),
        }
    }

    /// What it returned, or the message of its panic.
    pub(crate) async fn caught(self) -> Result<T, String> {
        self.task.await.expect("its panics are caught")
    }
}
