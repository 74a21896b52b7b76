//! The call comes first, but the connection still before it.

async fn quote(
    State(shop): State<Arc<Shop>>,
    Path((isbn, currency)): Path<(String, String)>,
) -> Result<String, StatusCode> {
    let mut connection = shop.pool.acquire().await.map_err(database_failed)?;
    let url = format!("{}/rates/{currency}", shop.deps.catalogue);
    let rate = ask(&shop.client, &url).await;
    let cents: Option<i64> = sqlx::query_scalar("SELECT cents FROM books WHERE isbn = ?")
        .bind(&isbn)
        .fetch_optional(&mut *connection)
        .await
        .map_err(database_failed)?;
    let cents = cents.ok_or(StatusCode::NOT_FOUND)?;
    let rate: i64 = rate?.parse().map_err(|_| StatusCode::BAD_GATEWAY)?;
    let quoted = cents * rate / 100;
    sqlx::query("INSERT INTO quotes (isbn, cents) VALUES (?, ?)")
        .bind(&isbn)
        .bind(quoted)
        .execute(&mut *connection)
        .await
        .map_err(database_failed)?;
    Ok(quoted.to_string())
}
