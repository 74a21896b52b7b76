//! Two queries for a page, `BEGIN IMMEDIATE` for a transfer, and lookups that all callers share as one future.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_workbook::services::key_value::Store;
use futures::{
    FutureExt as _,
    future::{BoxFuture, Shared, WeakShared},
};
use sqlx::{FromRow, QueryBuilder, Row as _, SqlitePool, sqlite::SqliteRow};
use tokio::time::timeout;

type Found = Result<Option<String>, Arc<sqlx::Error>>;
type Lookup = BoxFuture<'static, Found>;

pub struct Repo {
    pool: SqlitePool,
    store: Store,
    /// Lookups under way. They end with the last caller who waits for one: none of them is kept alive here.
    lookups: Mutex<HashMap<i64, WeakShared<Lookup>>>,
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

    pub async fn list(&self, skip: u32, limit: u32) -> Result<Vec<Payment>, ListError> {
        if limit == 0 || limit > 100 {
            return Err(ListError::LimitOutOfRange);
        }
        let page: Vec<(i64, i64, i64)> = sqlx::query_as(
            "SELECT id, payer, cents FROM payments ORDER BY made_at DESC, id DESC LIMIT ? OFFSET ?",
        )
        .bind(limit)
        .bind(skip)
        .fetch_all(&self.pool)
        .await
        .map_err(ListError::Database)?;
        let mut query = QueryBuilder::new("SELECT id, name FROM accounts WHERE id IN (");
        let mut ids = query.separated(", ");
        for (_, payer, _) in &page {
            ids.push_bind(*payer);
        }
        query.push(")");
        let names: Vec<(i64, String)> = query
            .build_query_as()
            .fetch_all(&self.pool)
            .await
            .map_err(ListError::Database)?;
        let names: HashMap<_, _> = names.into_iter().collect();
        let payments = page.into_iter().map(|(id, payer, cents)| Payment {
            id,
            payer: names.get(&payer).cloned(),
            cents,
        });
        Ok(payments.collect())
    }

    pub async fn transfer(
        &self,
        from: i64,
        to: i64,
        cents: NonZeroU32,
    ) -> Result<(), TransferError> {
        // The lock for writers comes first, so reading before writing does no harm.
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let mut balances = Vec::new();
        for id in [from, to] {
            let balance: Option<i64> =
                sqlx::query_scalar("SELECT cents FROM accounts WHERE id = ?")
                    .bind(id)
                    .fetch_optional(&mut *transaction)
                    .await?;
            balances.push(balance.ok_or(TransferError::UnknownAccount)?);
        }
        let cents = i64::from(cents.get());
        if balances[0] < cents {
            return Err(TransferError::InsufficientFunds);
        }
        for (id, change) in [(from, -cents), (to, cents)] {
            sqlx::query("UPDATE accounts SET cents = cents + ? WHERE id = ?")
                .bind(change)
                .bind(id)
                .execute(&mut *transaction)
                .await?;
        }
        sqlx::query("INSERT INTO payments (payer, payee, cents) VALUES (?, ?, ?)")
            .bind(from)
            .bind(to)
            .bind(cents)
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    pub async fn cached(&self, id: i64) -> Result<Option<String>, sqlx::Error> {
        let lookup = self.lookup(id);
        lookup.await.map_err(|error| match Arc::try_unwrap(error) {
            Ok(error) => error,
            Err(shared) => sqlx::Error::Io(std::io::Error::other(shared.to_string())),
        })
    }

    fn lookup(&self, id: i64) -> Shared<Lookup> {
        let mut lookups = self.lookups.lock().unwrap();
        if let Some(lookup) = lookups.get(&id).and_then(WeakShared::upgrade)
            && lookup.peek().is_none()
        {
            return lookup;
        }
        let lookup = look_up(self.pool.clone(), self.store.clone(), id)
            .boxed()
            .shared();
        lookups.retain(|_, lookup| lookup.upgrade().is_some());
        lookups.extend(lookup.downgrade().map(|lookup| (id, lookup)));
        lookup
    }
}

async fn look_up(pool: SqlitePool, store: Store, id: i64) -> Found {
    const LIMIT: Duration = Duration::from_millis(50);
    let key = format!("account:{id}");
    if let Ok(Ok(Some(name))) = timeout(LIMIT, store.get(&key)).await {
        return Ok(Some(name));
    }
    let name: Option<String> = sqlx::query_scalar("SELECT name FROM accounts WHERE id = ?")
        .bind(id)
        .fetch_optional(&pool)
        .await?;
    if let Some(name) = &name {
        drop(timeout(LIMIT, store.set(&key, name, Duration::from_secs(60))).await);
    }
    Ok(name)
}

// Hands these methods to the hidden tests.
hidden_databases::grade!();
