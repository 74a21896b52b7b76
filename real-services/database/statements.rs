//! What SQLite was asked: each statement that ran, on which connection, and how many rows it returned.
//!
//! sqlx reports statements as `tracing` events, on the thread of their connection. [`watch`] takes them from every
//! thread that has no subscriber of its own, and [`Database::statements`](crate::Database::statements) gives those of
//! one database.

use std::{
    fmt, mem,
    sync::{LazyLock, Mutex, PoisonError},
    thread,
};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
    span,
    subscriber::{Interest, set_global_default},
};

/// A statement that ran to its end, or was given up.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Statement {
    /// The connection: the name of its thread.
    pub connection: String,
    /// The statement, on one line.
    pub sql: String,
    /// How many rows it returned.
    pub returned: u64,
    /// How many rows it changed.
    pub changed: u64,
}

static LOG: Mutex<Vec<Statement>> = Mutex::new(Vec::new());

/// Notes statements from now on. Further calls change nothing.
///
/// # Panics
///
/// The program has another global subscriber.
pub fn watch() {
    static WATCHED: LazyLock<()> = LazyLock::new(|| {
        set_global_default(Statements).expect("be the only global subscriber");
    });
    LazyLock::force(&WATCHED);
}

/// Notes something that isn't a statement, such as a commit, on the thread of its connection.
pub fn note(what: &str) {
    push(Statement {
        connection: thread::current().name().unwrap_or_default().to_owned(),
        sql: what.to_owned(),
        returned: 0,
        changed: 0,
    });
}

/// Those on connections whose names begin with `prefix`, in the order in which they ended.
pub(crate) fn of(prefix: &str) -> Vec<Statement> {
    let log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
    log.iter()
        .filter(|statement| statement.connection.starts_with(prefix))
        .cloned()
        .collect()
}

/// Forgets them.
pub(crate) fn forget(prefix: &str) {
    let mut log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
    log.retain(|statement| !statement.connection.starts_with(prefix));
}

fn push(statement: Statement) {
    let mut log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
    // A program that never ends must not take all memory with it.
    if log.len() < MAX_STATEMENTS {
        log.push(statement);
    }
}

const MAX_STATEMENTS: usize = 100_000;

/// A subscriber of nothing but statements.
struct Statements;

impl Subscriber for Statements {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.enabled(metadata) {
            Interest::always()
        } else {
            Interest::never()
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // Not only events: sqlx asks first whether anybody listens.
        metadata.target() == "sqlx::query"
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::DEBUG)
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let whole = mem::take(&mut fields.statement);
        // sqlx leaves out the whole statement if its first four words are all of it.
        let sql = if whole.is_empty() {
            fields.summary
        } else {
            whole
        };
        // What sqlx sets up on each connection is nobody's question.
        if sql.trim_start().starts_with("PRAGMA") {
            return;
        }
        push(Statement {
            connection: thread::current().name().unwrap_or_default().to_owned(),
            sql: sql.split_whitespace().collect::<Vec<_>>().join(" "),
            returned: fields.returned,
            changed: fields.changed,
        });
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[derive(Default)]
struct Fields {
    summary: String,
    statement: String,
    returned: u64,
    changed: u64,
}

impl Visit for Fields {
    fn record_u64(&mut self, field: &Field, value: u64) {
        match field.name() {
            "rows_returned" => self.returned = value,
            "rows_affected" => self.changed = value,
            _ => {}
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.statement),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}
