//! A database of its own on a MariaDB or MySQL server.

use std::str::FromStr as _;

use real_servers::Server;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, MySqlPool, Result,
    mysql::{MySqlConnectOptions, MySqlPoolOptions},
};

/// A database.
#[derive(Clone, Debug)]
pub struct Database {
    server: MySqlConnectOptions,
    name: String,
}

impl Database {
    /// Makes it, and runs `sql` in it. One with this name that a run before has left is removed.
    ///
    /// # Errors
    ///
    /// The server can't be reached, or refuses a statement.
    pub async fn create(server: &Server, name: &str, sql: &'static str) -> Result<Self> {
        let server = MySqlConnectOptions::from_str(server.url())?;
        let database = Self {
            server,
            name: format!("async_workbook_{name}"),
        };
        database.clear().await?;
        database
            .on_server(format!("CREATE DATABASE {}", database.name))
            .await?;
        let mut connection = database.options().connect().await?;
        sqlx::raw_sql(sql).execute(&mut connection).await?;
        Ok(database)
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
    pub fn options(&self) -> MySqlConnectOptions {
        self.server.clone().database(&self.name)
    }

    /// A pool of at most `connections`.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    #[must_use]
    pub fn pool(&self, connections: u32) -> MySqlPool {
        MySqlPoolOptions::new()
            .max_connections(connections)
            .connect_lazy_with(self.options())
    }

    async fn clear(&self) -> Result<()> {
        self.on_server(format!("DROP DATABASE IF EXISTS {}", self.name))
            .await
    }

    async fn on_server(&self, sql: String) -> Result<()> {
        let mut connection = self.server.connect().await?;
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await?;
        Ok(())
    }
}
