//! A pool that is made for a request opens a connection for it, and is thrown away.

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
    Ok(copies.ok_or(StatusCode::NOT_FOUND)?.to_string())
}
