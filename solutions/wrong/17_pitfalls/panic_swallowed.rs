//! The task reports its own error. A panic ends it before it comes to that line.

async fn order(
    State(shop): State<Arc<Shop>>,
    Path((isbn, address)): Path<(String, String)>,
) -> Result<StatusCode, StatusCode> {
    sqlx::query("INSERT INTO orders (isbn, address) VALUES (?, ?)")
        .bind(&isbn)
        .bind(&address)
        .execute(&shop.pool)
        .await
        .map_err(database_failed)?;
    tokio::spawn(async move {
        if let Err(error) = shop.deps.mailer.send(&address, &isbn).await {
            drop(shop.deps.failures.send(error.to_string()));
        }
    });
    Ok(StatusCode::ACCEPTED)
}
