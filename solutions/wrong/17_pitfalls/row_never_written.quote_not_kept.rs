//! The second connection is one too many, and so the quote is not kept at all.

/// Each query takes a connection for itself and gives it back, so that none is held during the call to the catalogue.
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
    Ok(quoted.to_string())
}
