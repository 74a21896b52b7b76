//! The order is kept by a task, and then the mail sent; the customer has long been told that all is well.

async fn order(
    State(shop): State<Arc<Shop>>,
    Path((isbn, address)): Path<(String, String)>,
) -> Result<StatusCode, StatusCode> {
    let failures = shop.deps.failures.clone();
    let mail = tokio::spawn(async move {
        let kept = sqlx::query("INSERT INTO orders (isbn, address) VALUES (?, ?)")
            .bind(&isbn)
            .bind(&address)
            .execute(&shop.pool)
            .await;
        kept.map_err(|error| error.to_string())?;
        let sent = shop.deps.mailer.send(&address, &isbn).await;
        sent.map_err(|error| error.to_string())
    });
    tokio::spawn(async move {
        let failure = match mail.await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error,
            Err(error) => error.to_string(),
        };
        drop(failures.send(failure));
    });
    Ok(StatusCode::ACCEPTED)
}
