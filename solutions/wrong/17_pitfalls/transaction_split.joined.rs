//! Mended like `book`: the statements run at the same time, each on a connection of its own.

async fn sale(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<StatusCode, StatusCode> {
    let sales = isbns.split(',').map(async |isbn| {
        let sold =
            sqlx::query("UPDATE books SET copies = copies - 1 WHERE isbn = ? AND copies > 0")
                .bind(isbn)
                .execute(&shop.pool)
                .await
                .map_err(database_failed)?;
        match sold.rows_affected() {
            0 => Err(StatusCode::CONFLICT),
            _ => Ok(()),
        }
    });
    try_join_all(sales).await?;
    Ok(StatusCode::NO_CONTENT)
}
