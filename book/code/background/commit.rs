//! A mail that speaks of a row goes out after the row is committed, or it is a row itself.

use std::{sync::Arc, time::Duration};

use async_workbook::services::mailer::{Mailer, SimulatedMailer};
use sqlx::{SqliteConnection, SqlitePool, sqlite::SqlitePoolOptions};
use tokio_util::task::TaskTracker;

// ANCHOR: register
async fn register(service: &Service, name: &str, invited_by: i64) -> sqlx::Result<()> {
    let mut transaction = service.pool.begin().await?;
    insert(&mut transaction, name, invited_by).await?;
    transaction.commit().await?; // Can fail, and nobody sees the user before it has succeeded.
    service.mail(name);
    Ok(())
}
// ANCHOR_END: register

/// As above, the other way round.
async fn mailed_too_early(service: &Service, name: &str, invited_by: i64) -> sqlx::Result<()> {
    let mut transaction = service.pool.begin().await?;
    insert(&mut transaction, name, invited_by).await?;
    service.mail(name);
    transaction.commit().await
}

async fn insert(database: &mut SqliteConnection, name: &str, invited_by: i64) -> sqlx::Result<()> {
    let user = sqlx::query("INSERT INTO users (name, invited_by) VALUES (?, ?)");
    let inserted = user.bind(name).bind(invited_by).execute(database).await;
    inserted.map(drop)
}

// ANCHOR: outbox
async fn register_with_outbox(pool: &SqlitePool, name: &str) -> sqlx::Result<()> {
    let mut transaction = pool.begin().await?;
    for statement in [
        "INSERT INTO users (name) VALUES (?)",
        "INSERT INTO mails (recipient) VALUES (?)", // Both, or neither.
    ] {
        sqlx::query(statement)
            .bind(name)
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await
}

/// Sends what is waiting. Runs at the start of the service, and after that again and again.
async fn send_waiting(pool: &SqlitePool, mailer: &dyn Mailer) -> sqlx::Result<()> {
    let waiting = "SELECT id, recipient FROM mails ORDER BY attempts, id LIMIT 100";
    let mails: Vec<(i64, String)> = sqlx::query_as(waiting).fetch_all(pool).await?;
    for (id, recipient) in mails {
        let then = match mailer.send(&recipient, "Welcome!").await {
            Ok(()) => "DELETE FROM mails WHERE id = ?",
            Err(_) => "UPDATE mails SET attempts = attempts + 1 WHERE id = ?", // After all others.
        };
        // If the service dies before this line, the mail goes out again.
        sqlx::query(then).bind(id).execute(pool).await?;
    }
    Ok(())
}
// ANCHOR_END: outbox

struct Service {
    pool: SqlitePool,
    mailer: Arc<SimulatedMailer>,
    tasks: TaskTracker,
}

impl Service {
    async fn start() -> Self {
        // One connection: each connection to `:memory:` is a database of its own.
        let one = SqlitePoolOptions::new().max_connections(1);
        let pool = one.connect("sqlite::memory:").await;
        let pool = pool.expect("SQLite is linked in");
        // The reference is looked at when the transaction is committed, and not before.
        for statement in [
            "CREATE TABLE users (
                id INTEGER PRIMARY KEY,
                name TEXT,
                invited_by INTEGER REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED
            )",
            "CREATE TABLE mails (
                id INTEGER PRIMARY KEY,
                recipient TEXT,
                attempts INTEGER NOT NULL DEFAULT 0
            )",
            "INSERT INTO users (id, name) VALUES (1, 'ada')",
        ] {
            let made = sqlx::query(statement).execute(&pool).await;
            made.expect("the statement is right");
        }
        Self {
            pool,
            mailer: Arc::new(SimulatedMailer::new(Duration::ZERO)),
            tasks: TaskTracker::new(),
        }
    }

    fn mail(&self, name: &str) {
        let (mailer, name) = (Arc::clone(&self.mailer), name.to_owned());
        self.tasks
            .spawn(async move { mailer.send(&name, "Welcome!").await });
    }

    /// To whom mails went out, once all tasks have ended.
    async fn mailed(&self) -> Vec<String> {
        self.tasks.close();
        self.tasks.wait().await;
        self.mailer.sent().into_iter().map(|mail| mail.to).collect()
    }

    async fn users(&self) -> i64 {
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM users");
        count
            .fetch_one(&self.pool)
            .await
            .expect("the query is right")
    }
}

const ADA: i64 = 1;
const NOBODY: i64 = 99;

#[tokio::test]
async fn a_commit_that_fails_sends_no_mail() {
    let service = Service::start().await;
    register(&service, "eve", NOBODY)
        .await
        .expect_err("nobody invited Eve");
    register(&service, "bob", ADA).await.expect("Ada is there");
    assert_eq!(service.mailed().await, ["bob"]);
    assert_eq!(service.users().await, 2);
}

#[tokio::test]
async fn a_mail_before_the_commit_welcomes_nobody() {
    let service = Service::start().await;
    mailed_too_early(&service, "eve", NOBODY)
        .await
        .expect_err("nobody invited Eve");
    assert_eq!(service.mailed().await, ["eve"]);
    assert_eq!(service.users().await, 1);
}

#[tokio::test]
async fn a_mail_in_the_outbox_waits_for_the_next_start() -> sqlx::Result<()> {
    let service = Service::start().await;
    register_with_outbox(&service.pool, "bob").await?;
    let failing = SimulatedMailer::new(Duration::ZERO).fails_for("bob");
    send_waiting(&service.pool, &failing).await?;
    assert_eq!(service.mailed().await, [""; 0]);
    send_waiting(&service.pool, &*service.mailer).await?;
    send_waiting(&service.pool, &*service.mailer).await?;
    assert_eq!(service.mailed().await, ["bob"]);
    Ok(())
}
