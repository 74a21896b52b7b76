//! The handle is awaited in the handler: nothing vanishes, and the customer waits for the mail.

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
    let failure = match mail.await {
        Ok(Ok(())) => return Ok(StatusCode::ACCEPTED),
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    drop(failures.send(failure));
    Ok(StatusCode::ACCEPTED)
}
