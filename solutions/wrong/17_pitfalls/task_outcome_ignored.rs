//! The task's handle is dropped, and with it whatever the mail comes to.

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
    tokio::spawn(async move { shop.deps.mailer.send(&address, &isbn).await });
    Ok(StatusCode::ACCEPTED)
}
