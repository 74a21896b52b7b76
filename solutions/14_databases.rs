//! A reference solution of chapter 14.
//!
//! One pool is enough for everybody, as long as nobody wants a second connection while holding one, or keeps one while
//! waiting for something else.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_workbook::services::key_value::Store;
use sqlx::{FromRow, Row as _, SqlitePool, sqlite::SqliteRow};
use tokio::time::timeout;

/// How long a name is kept in the store.
const TIME_TO_LIVE: Duration = Duration::from_secs(60);

/// How long the store may take for a call.
const PATIENCE: Duration = Duration::from_millis(50);

/// What the handlers share.
pub struct Repo {
    pool: SqlitePool,
    store: Store,
    /// A lock for each name that is being looked up.
    lookups: Mutex<HashMap<i64, Arc<tokio::sync::Mutex<()>>>>,
}

/// A payment, with the name of the account that it came from, if that account still exists.
#[derive(Debug, PartialEq)]
pub struct Payment {
    pub id: i64,
    pub payer: Option<String>,
    pub cents: i64,
}

/// Given: what `query_as` makes of a row. (With sqlx's feature `derive`, it's `#[derive(FromRow)]`.)
impl FromRow<'_, SqliteRow> for Payment {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            payer: row.try_get("payer")?,
            cents: row.try_get("cents")?,
        })
    }
}

#[derive(Debug)]
pub enum ListError {
    /// The limit isn't from 1 to 100.
    LimitOutOfRange,
    Database(sqlx::Error),
}

#[derive(Debug)]
pub enum TransferError {
    /// There's no such account: the payer's or the payee's.
    UnknownAccount,
    /// Both accounts exist, and the payer has less than that.
    InsufficientFunds,
    Database(sqlx::Error),
}

impl From<sqlx::Error> for TransferError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl Repo {
    pub fn new(pool: SqlitePool, store: Store) -> Self {
        Self {
            pool,
            store,
            lookups: Mutex::default(),
        }
    }

    /// One query: the join brings the names, and the database skips what isn't on the page. The id decides between
    /// payments of the same second; without it, they could change places from one page to the next.
    pub async fn list(&self, skip: u32, limit: u32) -> Result<Vec<Payment>, ListError> {
        if !(1..=100).contains(&limit) {
            return Err(ListError::LimitOutOfRange);
        }
        // A plain join would lose the payments whose account is gone.
        sqlx::query_as(
            "SELECT payments.id, accounts.name AS payer, payments.cents
             FROM payments LEFT JOIN accounts ON accounts.id = payments.payer
             ORDER BY payments.made_at DESC, payments.id DESC LIMIT ? OFFSET ?",
        )
        .bind(limit)
        .bind(skip)
        .fetch_all(&self.pool)
        .await
        .map_err(ListError::Database)
    }

    /// The first statement writes, so SQLite's lock for writers is taken before anything is read. A transaction that
    /// reads first may find that another program has written since, and then it can't write any more.
    pub async fn transfer(
        &self,
        from: i64,
        to: i64,
        cents: NonZeroU32,
    ) -> Result<(), TransferError> {
        // Dropped before the commit, by an error or by the caller, a transaction rolls back.
        let mut transaction = self.pool.begin().await?;
        // The condition is part of the statement, so nothing can come between the check and the change.
        let paid =
            sqlx::query("UPDATE accounts SET cents = cents - ?1 WHERE id = ?2 AND cents >= ?1")
                .bind(cents.get())
                .bind(from)
                .execute(&mut *transaction)
                .await?;
        let received = sqlx::query("UPDATE accounts SET cents = cents + ? WHERE id = ?")
            .bind(cents.get())
            .bind(to)
            .execute(&mut *transaction)
            .await?;
        if received.rows_affected() == 0 {
            return Err(TransferError::UnknownAccount);
        }
        if paid.rows_affected() == 0 {
            let payer: Option<i64> = sqlx::query_scalar("SELECT id FROM accounts WHERE id = ?")
                .bind(from)
                .fetch_optional(&mut *transaction)
                .await?;
            return Err(match payer {
                Some(_) => TransferError::InsufficientFunds,
                None => TransferError::UnknownAccount,
            });
        }
        sqlx::query("INSERT INTO payments (payer, payee, cents) VALUES (?, ?, ?)")
            .bind(from)
            .bind(to)
            .bind(cents.get())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The store is a help, and nothing depends on it: whatever it does, the database has the name.
    pub async fn cached(&self, id: i64) -> Result<Option<String>, sqlx::Error> {
        let key = format!("account:{id}");
        if let Some(name) = self.stored(&key).await {
            return Ok(Some(name));
        }
        let lookup = self.lookup(id);
        let _first = lookup.lock().await;
        // Whoever held the lock before has stored the name, unless it was dropped or the store has failed.
        if let Some(name) = self.stored(&key).await {
            return Ok(Some(name));
        }
        // The connection is back in the pool at the end of this statement.
        let name: Option<String> = sqlx::query_scalar("SELECT name FROM accounts WHERE id = ?")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        if let Some(name) = &name {
            // If it can't be stored, the next caller asks the database.
            let stored = timeout(PATIENCE, self.store.set(&key, name, TIME_TO_LIVE)).await;
            drop(stored);
        }
        Ok(name)
    }

    /// What the store has, if it answers in time.
    async fn stored(&self, key: &str) -> Option<String> {
        timeout(PATIENCE, self.store.get(key)).await.ok()?.ok()?
    }

    /// The lock of this name. Locks that nobody uses any more are removed.
    fn lookup(&self, id: i64) -> Arc<tokio::sync::Mutex<()>> {
        let mut lookups = self.lookups.lock().unwrap_or_else(PoisonError::into_inner);
        lookups.retain(|_, lookup| Arc::strong_count(lookup) > 1);
        Arc::clone(lookups.entry(id).or_default())
    }
}

// Hands these methods to the hidden tests.
hidden_databases::grade!();
