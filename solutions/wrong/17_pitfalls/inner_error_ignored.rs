//! `if let Err` on the handle sees the panic. The mail's own error stands in the `Ok`.

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
    let failures = shop.deps.failures.clone();
    let mail = tokio::spawn(async move { shop.deps.mailer.send(&address, &isbn).await });
    tokio::spawn(async move {
        if let Err(error) = mail.await {
            drop(failures.send(error.to_string()));
        }
    });
    Ok(StatusCode::ACCEPTED)
}
