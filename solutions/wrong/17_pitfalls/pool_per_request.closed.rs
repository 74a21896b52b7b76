//! The pool is closed in the end, as a resource should be; it was opened for one query all the same.

async fn stock(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let pool = SqlitePoolOptions::new()
        .max_connections(shop.deps.connections)
        .connect_with(shop.deps.database.clone())
        .await
        .map_err(database_failed)?;
    let copies: Option<i64> = sqlx::query_scalar("SELECT copies FROM books WHERE isbn = ?")
        .bind(&isbn)
        .fetch_optional(&pool)
        .await
        .map_err(database_failed)?;
    pool.close().await;
    Ok(copies.ok_or(StatusCode::NOT_FOUND)?.to_string())
}
