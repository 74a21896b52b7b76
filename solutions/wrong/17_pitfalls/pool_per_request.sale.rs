//! The transaction has a pool to itself, so that it never waits for another request.

async fn sale(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<StatusCode, StatusCode> {
    let pool = SqlitePoolOptions::new()
        .max_connections(shop.deps.connections)
        .connect_lazy_with(shop.deps.database.clone());
    let mut transaction = pool.begin().await.map_err(database_failed)?;
    for isbn in isbns.split(',') {
        let sold =
            sqlx::query("UPDATE books SET copies = copies - 1 WHERE isbn = ? AND copies > 0")
                .bind(isbn)
                .execute(&mut *transaction)
                .await
                .map_err(database_failed)?;
        if sold.rows_affected() == 0 {
            return Err(StatusCode::CONFLICT);
        }
    }
    transaction.commit().await.map_err(database_failed)?;
    Ok(StatusCode::NO_CONTENT)
}
