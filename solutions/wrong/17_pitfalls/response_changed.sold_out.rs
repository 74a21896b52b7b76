//! An `UPDATE` that changes no row is no error, and nobody looks at how many rows it changed.

async fn sale(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<StatusCode, StatusCode> {
    let mut transaction = shop.pool.begin().await.map_err(database_failed)?;
    for isbn in isbns.split(',') {
        sqlx::query("UPDATE books SET copies = copies - 1 WHERE isbn = ? AND copies > 0")
            .bind(isbn)
            .execute(&mut *transaction)
            .await
            .map_err(database_failed)?;
    }
    transaction.commit().await.map_err(database_failed)?;
    Ok(StatusCode::NO_CONTENT)
}
