//! A schema of its own on a PostgreSQL server.

use std::str::FromStr as _;

use real_servers::Server;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, PgPool, Result,
    postgres::{PgConnectOptions, PgPoolOptions},
};

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
