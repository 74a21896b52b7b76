//! A transaction for each book: when the second one is sold out, the first is sold already.

async fn sale(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<StatusCode, StatusCode> {
    for isbn in isbns.split(',') {
        let mut transaction = shop.pool.begin().await.map_err(database_failed)?;
        let sold =
            sqlx::query("UPDATE books SET copies = copies - 1 WHERE isbn = ? AND copies > 0")
                .bind(isbn)
                .execute(&mut *transaction)
                .await
                .map_err(database_failed)?;
        if sold.rows_affected() == 0 {
            return Err(StatusCode::CONFLICT);
        }
        transaction.commit().await.map_err(database_failed)?;
    }
    Ok(StatusCode::NO_CONTENT)
}
