//! What chapter 14 has on other stores than SQLite.
//!
//! - [`cache`]: a cache in front of a query, on Redis
//! - [`mysql`]: a database of its own on a MariaDB server
//! - [`postgres`]: a schema of its own on a PostgreSQL server
//! - [`resp`]: a small server of Redis' protocol, on tokio's clock

pub mod cache;
pub mod mysql;
pub mod postgres;
pub mod resp;

/// The real one, for tests that call something else `sqlx`.
pub use sqlx as driver;
