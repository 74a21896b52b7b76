//! A mail for an order that could not be kept: the error is returned, and the mail goes out.

async fn order(
    State(shop): State<Arc<Shop>>,
    Path((isbn, address)): Path<(String, String)>,
) -> Result<StatusCode, StatusCode> {
    let kept = sqlx::query("INSERT INTO orders (isbn, address) VALUES (?, ?)")
        .bind(&isbn)
        .bind(&address)
        .execute(&shop.pool)
        .await;
    let failures = shop.deps.failures.clone();
    let mail = tokio::spawn(async move { shop.deps.mailer.send(&address, &isbn).await });
    tokio::spawn(async move {
        let failure = match mail.await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        drop(failures.send(failure));
    });
    kept.map_err(database_failed)?;
    Ok(StatusCode::ACCEPTED)
}
