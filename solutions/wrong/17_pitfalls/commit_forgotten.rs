//! The transaction is dropped before it is committed, and all of it is taken back.

async fn sale(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<StatusCode, StatusCode> {
    let mut transaction = shop.pool.begin().await.map_err(database_failed)?;
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
    Ok(StatusCode::NO_CONTENT)
}
