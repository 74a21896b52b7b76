//! Asks for the rate while the price is looked up, also of a book that does not exist.

async fn quote(
    State(shop): State<Arc<Shop>>,
    Path((isbn, currency)): Path<(String, String)>,
) -> Result<String, StatusCode> {
    let price = sqlx::query_scalar("SELECT cents FROM books WHERE isbn = ?")
        .bind(&isbn)
        .fetch_optional(&shop.pool);
    let url = format!("{}/rates/{currency}", shop.deps.catalogue);
    let (cents, rate) = tokio::join!(price, ask(&shop.client, &url));
    let cents: Option<i64> = cents.map_err(database_failed)?;
    let cents = cents.ok_or(StatusCode::NOT_FOUND)?;
    let rate: i64 = rate?.parse().map_err(|_| StatusCode::BAD_GATEWAY)?;
    let quoted = cents * rate / 100;
    sqlx::query("INSERT INTO quotes (isbn, cents) VALUES (?, ?)")
        .bind(&isbn)
        .bind(quoted)
        .execute(&shop.pool)
        .await
        .map_err(database_failed)?;
    Ok(quoted.to_string())
}
