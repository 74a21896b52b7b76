//! A task keeps the quote, at some time, and nobody learns whether it did.

async fn quote(
    State(shop): State<Arc<Shop>>,
    Path((isbn, currency)): Path<(String, String)>,
) -> Result<String, StatusCode> {
    let cents: Option<i64> = sqlx::query_scalar("SELECT cents FROM books WHERE isbn = ?")
        .bind(&isbn)
        .fetch_optional(&shop.pool)
        .await
        .map_err(database_failed)?;
    let cents = cents.ok_or(StatusCode::NOT_FOUND)?;
    let url = format!("{}/rates/{currency}", shop.deps.catalogue);
    let rate: i64 = ask(&shop.client, &url)
        .await?
        .parse()
        .map_err(|_| StatusCode::BAD_GATEWAY)?;
    let quoted = cents * rate / 100;
    tokio::spawn(async move {
        sqlx::query("INSERT INTO quotes (isbn, cents) VALUES (?, ?)")
            .bind(&isbn)
            .bind(quoted)
            .execute(&shop.pool)
            .await
    });
    Ok(quoted.to_string())
}
