//! sqlx as an answer to the exercise sees it, with PostgreSQL where it says SQLite.
//!
//! All that differs between the two is in this file: PostgreSQL has `$1` where SQLite has `?`, and no unsigned
//! integers, so a `u32` goes as an `i64`.

use futures::stream::BoxStream;
use real_stores::driver::{
    self, AssertSqlSafe, Encode, Executor, Postgres, Type,
    postgres::{PgArguments, PgQueryResult, PgRow},
    query::{Query, QueryAs, QueryScalar},
};

pub use real_stores::driver::{
    Connection, Error, FromRow, PgConnection as SqliteConnection, PgPool as SqlitePool, Result, Row,
};

pub mod sqlite {
    pub use real_stores::driver::postgres::PgRow as SqliteRow;
}

/// A statement with its values.
pub struct Statement<Q>(Q);

pub fn query(sql: &str) -> Statement<Query<'static, Postgres, PgArguments>> {
    Statement(driver::query(AssertSqlSafe(numbered(sql))))
}

pub fn query_as<O>(sql: &str) -> Statement<QueryAs<'static, Postgres, O, PgArguments>>
where
    O: for<'r> FromRow<'r, PgRow>,
{
    Statement(driver::query_as(AssertSqlSafe(numbered(sql))))
}

pub fn query_scalar<O>(sql: &str) -> Statement<QueryScalar<'static, Postgres, O, PgArguments>>
where
    (O,): for<'r> FromRow<'r, PgRow>,
{
    Statement(driver::query_scalar(AssertSqlSafe(numbered(sql))))
}

impl Statement<Query<'static, Postgres, PgArguments>> {
    pub fn bind(self, value: impl Bind) -> Self {
        Self(self.0.bind(value.bound()))
    }

    pub async fn execute<'e>(
        self,
        executor: impl Executor<'e, Database = Postgres>,
    ) -> Result<PgQueryResult> {
        self.0.execute(executor).await
    }

    pub fn fetch<'e>(
        self,
        executor: impl Executor<'e, Database = Postgres>,
    ) -> BoxStream<'e, Result<PgRow>> {
        self.0.fetch(executor)
    }
}

impl<O> Statement<QueryAs<'static, Postgres, O, PgArguments>>
where
    O: for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    pub fn bind(self, value: impl Bind) -> Self {
        Self(self.0.bind(value.bound()))
    }

    pub async fn fetch_all<'e>(
        self,
        executor: impl Executor<'e, Database = Postgres>,
    ) -> Result<Vec<O>> {
        self.0.fetch_all(executor).await
    }
}

impl<O> Statement<QueryScalar<'static, Postgres, O, PgArguments>>
where
    O: Send + Unpin,
    (O,): for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    pub fn bind(self, value: impl Bind) -> Self {
        Self(self.0.bind(value.bound()))
    }

    pub async fn fetch_optional<'e>(
        self,
        executor: impl Executor<'e, Database = Postgres>,
    ) -> Result<Option<O>> {
        self.0.fetch_optional(executor).await
    }
}

/// What can be a value in a statement.
pub trait Bind {
    type Bound: Type<Postgres> + for<'q> Encode<'q, Postgres> + Send + 'static;

    fn bound(self) -> Self::Bound;
}

impl Bind for i64 {
    type Bound = Self;

    fn bound(self) -> Self {
        self
    }
}

impl Bind for u32 {
    type Bound = i64;

    fn bound(self) -> i64 {
        self.into()
    }
}

/// `?` and `?2` become `$1` and `$2`. No string of the answers has a question mark in it.
fn numbered(sql: &str) -> String {
    let mut parts = sql.split('?');
    let mut numbered = parts.next().unwrap_or_default().to_owned();
    for (index, part) in parts.enumerate() {
        numbered.push('$');
        if !part.starts_with(|c: char| c.is_ascii_digit()) {
            numbered += &(index + 1).to_string();
        }
        numbered += part;
    }
    numbered
}
