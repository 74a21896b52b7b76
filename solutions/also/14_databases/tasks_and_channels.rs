//! Queries on connections of their own, a transfer in a task that outlives its caller, and lookups in cells that callers
//! share.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, Weak},
    time::Duration,
};

use async_workbook::services::key_value::Store;
use futures::TryStreamExt as _;
use sqlx::{Connection as _, FromRow, Row as _, SqliteConnection, SqlitePool, sqlite::SqliteRow};
use tokio::{select, sync::OnceCell, time::sleep};

pub struct Repo {
    pool: SqlitePool,
    store: Store,
    lookups: Mutex<HashMap<i64, Weak<OnceCell<Option<String>>>>>,
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
        let lookups = Mutex::default();
        Self {
            pool,
            store,
            lookups,
        }
    }

    pub async fn list(&self, skip: u32, limit: u32) -> Result<Vec<Payment>, ListError> {
        match limit {
            1..=100 => self.page(skip, limit).await.map_err(ListError::Database),
            _ => Err(ListError::LimitOutOfRange),
        }
    }

    /// A stream of rows keeps its connection to its end. Nothing else is asked meanwhile.
    async fn page(&self, skip: u32, limit: u32) -> sqlx::Result<Vec<Payment>> {
        let mut connection = self.pool.acquire().await?;
        sqlx::query(
            "WITH page AS (SELECT * FROM payments ORDER BY made_at DESC, id DESC LIMIT ?2 OFFSET ?1)
             SELECT id, cents, (SELECT name FROM accounts WHERE accounts.id = page.payer) AS payer
             FROM page ORDER BY made_at DESC, id DESC",
        )
        .bind(skip)
        .bind(limit)
        .fetch(&mut *connection)
        .and_then(|row| async move { Payment::from_row(&row) })
        .try_collect()
        .await
    }

    pub async fn transfer(
        &self,
        from: i64,
        to: i64,
        cents: NonZeroU32,
    ) -> Result<(), TransferError> {
        let pool = self.pool.clone();
        let transfer = tokio::spawn(async move {
            let mut connection = pool.acquire().await?;
            let moved = connection.transaction(|transaction| {
                Box::pin(moved(&mut *transaction, from, to, i64::from(cents.get())))
            });
            moved.await
        });
        transfer.await.expect("it neither panics nor is it aborted")
    }

    pub async fn cached(&self, id: i64) -> Result<Option<String>, sqlx::Error> {
        if let Some(name) = self.stored(id).await {
            return Ok(Some(name));
        }
        let cell = {
            let mut lookups = self.lookups.lock().expect("nobody panics with the lock");
            lookups.retain(|_, cell| cell.strong_count() > 0);
            let under_way = lookups.get(&id).and_then(Weak::upgrade);
            under_way.unwrap_or_else(|| {
                let cell = Arc::default();
                lookups.insert(id, Arc::downgrade(&cell));
                cell
            })
        };
        let name = cell.get_or_try_init(async || {
            let name: Option<String> = sqlx::query_scalar("SELECT name FROM accounts WHERE id = ?")
                .bind(id)
                .fetch_optional(&self.pool)
                .await?;
            if let Some(name) = &name {
                let key = format!("account:{id}");
                select! {
                    _ = self.store.set(&key, name, Duration::from_mins(1)) => {}
                    () = sleep(Duration::from_millis(50)) => {}
                }
            }
            Ok::<_, sqlx::Error>(name)
        });
        name.await.cloned()
    }

    async fn stored(&self, id: i64) -> Option<String> {
        let key = format!("account:{id}");
        select! {
            name = self.store.get(&key) => name.ok().flatten(),
            () = sleep(Duration::from_millis(50)) => None,
        }
    }
}

async fn moved(
    connection: &mut SqliteConnection,
    from: i64,
    to: i64,
    cents: i64,
) -> Result<(), TransferError> {
    // The payment first: it's taken back with everything else.
    let inserted = sqlx::query(
        "INSERT INTO payments (payer, payee, cents)
         SELECT payer.id, payee.id, ? FROM accounts AS payer, accounts AS payee
         WHERE payer.id = ? AND payee.id = ?",
    )
    .bind(cents)
    .bind(from)
    .bind(to)
    .execute(&mut *connection)
    .await?;
    if inserted.rows_affected() == 0 {
        return Err(TransferError::UnknownAccount);
    }
    let changed = sqlx::query(
        "UPDATE accounts SET cents = cents
             - CASE id WHEN ?2 THEN ?1 ELSE 0 END + CASE id WHEN ?3 THEN ?1 ELSE 0 END
         WHERE id IN (?2, ?3) AND (SELECT cents FROM accounts WHERE id = ?2) >= ?1",
    )
    .bind(cents)
    .bind(from)
    .bind(to)
    .execute(&mut *connection)
    .await?;
    match changed.rows_affected() {
        0 => Err(TransferError::InsufficientFunds),
        _ => Ok(()),
    }
}

// Hands these methods to the hidden tests.
hidden_databases::grade!();
