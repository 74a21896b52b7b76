//! Pitfalls of a pool of connections, against a real SQLite file.

use std::{error::Error, time::Duration};

use async_workbook::{clock::Hold, services::upstream::Upstream};
use futures::future::try_join_all;
use real_database::Database;
use real_services::http::OverHttp as _;
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

use super::Symptom;

async fn books() -> Result<Database, sqlx::Error> {
    Database::create("CREATE TABLE books (cents INTEGER); INSERT INTO books VALUES (1000);").await
}

fn pool(connections: u32, options: SqliteConnectOptions) -> SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_millis(200))
        .connect_lazy_with(options)
}

// ANCHOR: pool_per_request
pub(super) mod pool_per_request {
    use super::*;

    async fn cents(pool: &SqlitePool) -> Result<i64, sqlx::Error> {
        sqlx::query_scalar("SELECT cents FROM books")
            .fetch_one(pool)
            .await
    }

    pub(crate) async fn wrong() -> Symptom {
        let _hold = Hold::new();
        let database = books().await?;
        try_join_all((0..20).map(async |_| cents(&pool(4, database.options())).await)).await?;
        Ok(format!(
            "20 requests, {} connections opened",
            database.opened()
        ))
    }

    pub(crate) async fn right() -> Symptom {
        let _hold = Hold::new();
        let database = books().await?;
        let pool = pool(4, database.options());
        try_join_all((0..20).map(|_| cents(&pool))).await?;
        Ok(format!(
            "20 requests, {} connections opened",
            database.opened()
        ))
    }
}
// ANCHOR_END: pool_per_request

// ANCHOR: connection_held_while_waiting
pub(super) mod connection_held_while_waiting {
    use super::*;

    /// A price from the database and a rate from the other service, with the connection kept in between.
    async fn held(pool: &SqlitePool, rates: &Upstream) -> Result<i64, sqlx::Error> {
        let mut connection = pool.acquire().await?;
        let cents: i64 = sqlx::query_scalar("SELECT cents FROM books")
            .fetch_one(&mut *connection)
            .await?;
        rates.fetch("rates").await;
        Ok(cents)
    }

    /// The same, with the connection given back by the query that took it.
    async fn given_back(pool: &SqlitePool, rates: &Upstream) -> Result<i64, sqlx::Error> {
        let cents: i64 = sqlx::query_scalar("SELECT cents FROM books")
            .fetch_one(pool)
            .await?;
        rates.fetch("rates").await;
        Ok(cents)
    }

    pub(crate) async fn wrong() -> Symptom {
        two_quotes(held, 1).await
    }

    pub(crate) async fn right() -> Symptom {
        two_quotes(given_back, 2).await
    }

    /// Two quotes at once over a pool of one connection, which a caller waits 0.2 s for.
    async fn two_quotes(
        quote: impl AsyncFn(&SqlitePool, &Upstream) -> Result<i64, sqlx::Error>,
        at_once: usize,
    ) -> Symptom {
        let hold = Hold::new();
        let database = books().await?;
        let pool = pool(1, database.options());
        let slow = Upstream::builder().page("rates", Duration::from_millis(400));
        let rates = slow.build().over_http().await?;
        let released = async {
            hold.until(|| rates.in_flight() == at_once).await;
            hold.release().await;
        };
        let quotes = [quote(&pool, &rates), quote(&pool, &rates)];
        let (outcomes, ()) = tokio::join!(futures::future::join_all(quotes), released);
        let failed: Vec<_> = outcomes
            .iter()
            .filter_map(|outcome| outcome.as_ref().err())
            .collect();
        Ok(match failed[..] {
            [] => "2 of 2 quotes, over a pool of one connection".into(),
            [error] => format!("1 of 2 quotes; the other: {error:?}"),
            _ => return Err::<_, Box<dyn Error>>(format!("no quote at all: {failed:?}").into()),
        })
    }
}
// ANCHOR_END: connection_held_while_waiting
