//! All books are looked up before the first is sold. In between, other customers buy them.

async fn sale(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<StatusCode, StatusCode> {
    for isbn in isbns.split(',') {
        let copies: Option<i64> = sqlx::query_scalar("SELECT copies FROM books WHERE isbn = ?")
            .bind(isbn)
            .fetch_optional(&shop.pool)
            .await
            .map_err(database_failed)?;
        if copies.unwrap_or(0) < 1 {
            return Err(StatusCode::CONFLICT);
        }
    }
    for isbn in isbns.split(',') {
        sqlx::query("UPDATE books SET copies = copies - 1 WHERE isbn = ?")
            .bind(isbn)
            .execute(&shop.pool)
            .await
            .map_err(database_failed)?;
    }
    Ok(StatusCode::NO_CONTENT)
}
