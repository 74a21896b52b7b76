//! Chapter 14, databases: the pool is the limit.
//!
//! A bank keeps its accounts in SQLite, and caches names in a key-value store, such as Redis. Write the three methods
//! that its handlers call. All of them share one pool.
//!
//! See it first:  cargo run --example 14_databases
//! Grade it:      cargo test -p exercises -- 14
//!
//! The tables are `accounts (id, name, cents)` and `payments (id, payer, payee, cents, made_at)`. `payer` and
//! `payee` are ids of accounts. SQLite fills in `id` and `made_at` (a second), unless an `INSERT` names them.
//!
//! All three methods:
//!
//! - work with a pool of one connection, however many callers there are. They wait for it as long as the pool
//!   does, and give it back.
//! - pass on the errors of the database as they are, and keep no rows in memory from one call to the next: the
//!   store is the only cache.
//! - must NOT block the thread, keep it busy while they wait, open connections outside the pool, or leave anything
//!   running when they've returned or been dropped. (Only a transfer may go on to its end.)
//! - return futures that are `Send`, so a handler can await them.
//!
//! Worth looking up: `sqlx::query_as`, `SqlitePool::begin`, `Transaction`, `SqliteQueryResult::rows_affected`,
//! `tokio::time::timeout`, `tokio::sync::Mutex`.

use std::num::NonZeroU32;

use async_workbook::services::key_value::Store;
use sqlx::{FromRow, Row as _, SqlitePool, sqlite::SqliteRow};

/// What the handlers share. Give it whatever else it needs.
pub struct Repo {
    pool: SqlitePool,
    store: Store,
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

impl Repo {
    pub fn new(pool: SqlitePool, store: Store) -> Self {
        Self { pool, store }
    }

    /// Task 1: a page of the payments, the newest first. Of payments made in the same second, the one with the
    /// higher id is the newer.
    ///
    /// - It skips `skip` payments, and returns the `limit` that come next, or fewer at the end.
    /// - A limit outside 1 to 100 is an error at once, without a connection.
    ///
    /// It must NOT make a query for each payment, or fetch payments or accounts that aren't on the page.
    pub async fn list(&self, skip: u32, limit: u32) -> Result<Vec<Payment>, ListError> {
        todo!("check the limit, and fetch one page of payments, with names")
    }

    /// Task 2: moves money from one account to another, and inserts the payment.
    ///
    /// - All of it is stored, or nothing: also if something fails, or if this future is dropped at any `.await`.
    ///   After a drop, either may be the case.
    /// - It returns once all of it is stored.
    /// - No account ever has less than nothing, whatever else changes accounts at the same time: other calls of
    ///   this, and other programs.
    /// - An account may pay itself: if it has enough, the payment is inserted, and its balance stays the same.
    ///
    /// It must NOT fail because other programs write at the same time, however often.
    pub async fn transfer(
        &self,
        from: i64,
        to: i64,
        cents: NonZeroU32,
    ) -> Result<(), TransferError> {
        todo!("move the money and insert the payment: all of it or nothing")
    }

    /// Task 3: the name of an account, or `None` if there's no such account.
    ///
    /// - It asks the store first, for the key `account:<id>`. If the store has the name, the database isn't asked.
    /// - Otherwise it asks the database, and stores the name for 60 s. What doesn't exist isn't stored, so each
    ///   caller may ask for it.
    /// - Callers who want the same name at the same time make one query between them, as long as the store works.
    ///   That includes those who come while the name is being stored. Any of them may be dropped at any time.
    ///   Callers who want other names don't wait for them.
    /// - If the store fails, or takes longer than 50 ms for a call, it goes on without the store: the answer
    ///   comes all the same.
    ///
    /// It must NOT hold a connection while it waits for the store.
    pub async fn cached(&self, id: i64) -> Result<Option<String>, sqlx::Error> {
        todo!("ask the store, then the database, and store what you've found")
    }
}

// Hands these methods to the hidden tests. Leave this line as it is.
hidden_databases::grade!();
