//! A schema of its own on a PostgreSQL server.

use std::str::FromStr as _;

use real_servers::Server;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, PgPool, Result,
    postgres::{PgConnectOptions, PgPoolOptions},
    query, query_scalar,
};
use tokio::select;

/// A schema. Whatever else is on the server, its connections see only this.
#[derive(Clone, Debug)]
pub struct Schema {
    server: PgConnectOptions,
    name: String,
}

impl Schema {
    /// Makes it, and runs `sql` in it. A schema with this name that a run before has left is removed.
    ///
    /// # Errors
    ///
    /// The server can't be reached, or refuses a statement.
    pub async fn create(server: &Server, name: &str, sql: &'static str) -> Result<Self> {
        let server = PgConnectOptions::from_str(server.url())?.application_name("async-workbook");
        let schema = Self {
            server,
            name: format!("async_workbook_{name}"),
        };
        schema.clear().await?;
        schema
            .on_server(format!("CREATE SCHEMA {}", schema.name))
            .await?;
        let mut connection = schema.options().connect().await?;
        sqlx::raw_sql(sql).execute(&mut connection).await?;
        Ok(schema)
    }

    /// Removes it.
    ///
    /// # Errors
    ///
    /// The server can't be reached.
    pub async fn remove(self) -> Result<()> {
        self.clear().await
    }

    /// How to connect.
    #[must_use]
    pub fn options(&self) -> PgConnectOptions {
        self.server.clone().options([("search_path", &self.name)])
    }

    /// A pool of at most `connections`.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    #[must_use]
    pub fn pool(&self, connections: u32) -> PgPool {
        PgPoolOptions::new()
            .max_connections(connections)
            .connect_lazy_with(self.options())
    }

    /// How many connections the server takes.
    ///
    /// # Errors
    ///
    /// The server can't be reached.
    pub async fn max_connections(&self) -> Result<u32> {
        let mut connection = self.server.connect().await?;
        let max: i32 = sqlx::query_scalar("SELECT current_setting('max_connections')::int")
            .fetch_one(&mut connection)
            .await?;
        Ok(max.unsigned_abs())
    }

    async fn clear(&self) -> Result<()> {
        let words = format!("DROP SCHEMA IF EXISTS {} CASCADE", self.name);
        self.on_server(words).await
    }

    async fn on_server(&self, sql: String) -> Result<()> {
        let mut connection = self.server.connect().await?;
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await?;
        Ok(())
    }
}

/// Begins a transaction on `pool`, and drops it between its `BEGIN` and the server's answer. The drop never comes too late: the
/// server can't answer until it has a lock, which is held through `another`.
///
/// # Errors
///
/// The server can't be reached, or has answered all the same.
pub async fn drop_begin(pool: &PgPool, another: &PgPool) -> Result<()> {
    let mut holder = another.acquire().await?;
    query("SELECT pg_advisory_lock(4393)")
        .execute(&mut *holder)
        .await?;
    let sent = async {
        let waits = "SELECT EXISTS (
            SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 4393 AND NOT granted
        )";
        loop {
            match query_scalar(waits).fetch_one(&mut *holder).await {
                Ok(false) => {}
                Ok(true) => break Ok(()),
                Err(error) => break Err(error),
            }
        }
    };
    select! {
        begun = pool.begin_with("BEGIN; SELECT pg_advisory_lock(4393)") => {
            begun?;
            return Err(sqlx::Error::BeginFailed);
        }
        sent = sent => sent?,
    }
    query("SELECT pg_advisory_unlock(4393)")
        .execute(&mut *holder)
        .await?;
    Ok(())
}
