//! The pool lives in a `static`, where it is the first service's for all of them.

use tokio::sync::OnceCell;

async fn stock(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    static POOL: OnceCell<SqlitePool> = OnceCell::const_new();
    let pool = POOL
        .get_or_try_init(|| {
            SqlitePoolOptions::new()
                .max_connections(shop.deps.connections)
                .connect_with(shop.deps.database.clone())
        })
        .await
        .map_err(database_failed)?;
    let copies: Option<i64> = sqlx::query_scalar("SELECT copies FROM books WHERE isbn = ?")
        .bind(&isbn)
        .fetch_optional(pool)
        .await
        .map_err(database_failed)?;
    Ok(copies.ok_or(StatusCode::NOT_FOUND)?.to_string())
}
