//! A stream of rows, a transaction in a closure, and callers who watch whoever looks up their name.

use std::{collections::HashMap, num::NonZeroU32, sync::Mutex, time::Duration};

use async_workbook::services::key_value::Store;
use futures::StreamExt as _;
use sqlx::{
    Connection as _, FromRow, Row as _, SqlitePool, query, query_as, query_scalar,
    sqlite::SqliteRow,
};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_millis(50);

pub struct Repo {
    pool: SqlitePool,
    store: Store,
    leaders: Mutex<HashMap<i64, tokio::sync::watch::Receiver<()>>>,
}

/// Whoever looks a name up. When this is dropped, those who wait look again.
struct Leader<'a> {
    repo: &'a Repo,
    id: i64,
    _sender: tokio::sync::watch::Sender<()>,
}

impl Drop for Leader<'_> {
    fn drop(&mut self) {
        self.repo.leaders.lock().unwrap().remove(&self.id);
    }
}

/// A payment, with the name of the account that it came from: `None` if that account is closed, and gone from the
/// table.
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

impl From<sqlx::Error> for ListError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
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
            leaders: Mutex::default(),
        }
    }

    pub async fn list(&self, skip: u32, limit: u32) -> Result<Vec<Payment>, ListError> {
        if !(1..=100).contains(&limit) {
            return Err(ListError::LimitOutOfRange);
        }
        let sql = "SELECT p.id, a.name AS payer, p.cents FROM
            (SELECT * FROM payments ORDER BY made_at DESC, id DESC LIMIT ? OFFSET ?) AS p
            LEFT OUTER JOIN accounts AS a ON a.id = p.payer ORDER BY p.made_at DESC, p.id DESC";
        let mut rows = query_as(sql).bind(limit).bind(skip).fetch(&self.pool);
        let mut page = Vec::new();
        while let Some(payment) = rows.next().await {
            page.push(payment?);
        }
        Ok(page)
    }

    pub async fn transfer(
        &self,
        from: i64,
        to: i64,
        cents: NonZeroU32,
    ) -> Result<(), TransferError> {
        let cents = i64::from(cents.get());
        let mut connection = self.pool.acquire().await?;
        connection
            .transaction(|tx| {
                Box::pin(async move {
                    let taken = query(
                        "UPDATE accounts SET cents = cents - ?1 WHERE id = ?2 AND cents >= ?1",
                    )
                    .bind(cents)
                    .bind(from)
                    .execute(&mut **tx)
                    .await?;
                    let paid = query("UPDATE accounts SET cents = cents + ?1 WHERE id = ?2")
                        .bind(cents)
                        .bind(to)
                        .execute(&mut **tx)
                        .await?;
                    if paid.rows_affected() == 0 {
                        return Err(TransferError::UnknownAccount);
                    }
                    if taken.rows_affected() == 0 {
                        let payer: Option<i64> =
                            query_scalar("SELECT 1 FROM accounts WHERE id = ?")
                                .bind(from)
                                .fetch_optional(&mut **tx)
                                .await?;
                        return Err(match payer {
                            Some(_) => TransferError::InsufficientFunds,
                            None => TransferError::UnknownAccount,
                        });
                    }
                    query("INSERT INTO payments (payer, payee, cents) VALUES (?, ?, ?)")
                        .bind(from)
                        .bind(to)
                        .bind(cents)
                        .execute(&mut **tx)
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    pub async fn cached(&self, id: i64) -> Result<Option<String>, sqlx::Error> {
        let key = format!("account:{id}");
        loop {
            if let Some(name) = self.look(&key).await {
                return Ok(Some(name));
            }
            let mut leader = {
                let mut leaders = self.leaders.lock().unwrap();
                match leaders.get(&id) {
                    Some(leader) => Err(leader.clone()),
                    None => {
                        let (sender, receiver) = tokio::sync::watch::channel(());
                        leaders.insert(id, receiver);
                        Ok(Leader {
                            repo: self,
                            id,
                            _sender: sender,
                        })
                    }
                }
            };
            match &mut leader {
                Err(leader) => {
                    let _ = leader.changed().await;
                }
                Ok(_) => {
                    // Somebody may have finished while this looked.
                    if let Some(name) = self.look(&key).await {
                        return Ok(Some(name));
                    }
                    let name = self.asked(id).await?;
                    if let Some(name) = &name {
                        self.keep(&key, name).await;
                    }
                    return Ok(name);
                }
            }
        }
    }

    async fn look(&self, key: &str) -> Option<String> {
        timeout(PATIENCE, self.store.get(key)).await.ok()?.ok()?
    }

    async fn keep(&self, key: &str, name: &str) {
        let _ = timeout(PATIENCE, self.store.set(key, name, Duration::from_secs(60))).await;
    }

    async fn asked(&self, id: i64) -> sqlx::Result<Option<String>> {
        query_scalar("SELECT name FROM accounts WHERE id = ?")
            .bind(id)
            .fetch_optional(&self.pool)
            .await
    }
}

// Hands these methods to the hidden tests. Leave this line as it is.
hidden_databases::grade!();
