//! Also right: a transfer that reads first, and begins anew when somebody else has written.

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

    pub async fn transfer(
        &self,
        from: i64,
        to: i64,
        cents: NonZeroU32,
    ) -> Result<(), TransferError> {
        loop {
            match self.once(from, to, cents).await {
                Err(TransferError::Database(sqlx::Error::Database(error)))
                    if error.message().contains("locked") =>
                {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                done => return done,
            }
        }
    }

    async fn once(&self, from: i64, to: i64, cents: NonZeroU32) -> Result<(), TransferError> {
        let mut transaction = self.pool.begin().await?;
        let payee: Option<i64> = sqlx::query_scalar("SELECT id FROM accounts WHERE id = ?")
            .bind(to)
            .fetch_optional(&mut *transaction)
            .await?;
        if payee.is_none() {
            return Err(TransferError::UnknownAccount);
        }
        let balance: Option<i64> = sqlx::query_scalar("SELECT cents FROM accounts WHERE id = ?")
            .bind(from)
            .fetch_optional(&mut *transaction)
            .await?;
        let balance = balance.ok_or(TransferError::UnknownAccount)?;
        if balance < i64::from(cents.get()) {
            return Err(TransferError::InsufficientFunds);
        }
        sqlx::query("UPDATE accounts SET cents = cents - ? WHERE id = ?")
            .bind(cents.get())
            .bind(from)
            .execute(&mut *transaction)
            .await?;
        sqlx::query("UPDATE accounts SET cents = cents + ? WHERE id = ?")
            .bind(cents.get())
            .bind(to)
            .execute(&mut *transaction)
            .await?;
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
