//! The mail is on its way when the order fails to be kept.

async fn order(
    State(shop): State<Arc<Shop>>,
    Path((isbn, address)): Path<(String, String)>,
) -> Result<StatusCode, StatusCode> {
    let (to, text) = (address.clone(), isbn.clone());
    let kept = Arc::clone(&shop);
    let failures = shop.deps.failures.clone();
    let mail = tokio::spawn(async move { shop.deps.mailer.send(&to, &text).await });
    tokio::spawn(async move {
        let failure = match mail.await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        drop(failures.send(failure));
    });
    sqlx::query("INSERT INTO orders (isbn, address) VALUES (?, ?)")
        .bind(&isbn)
        .bind(&address)
        .execute(&kept.pool)
        .await
        .map_err(database_failed)?;
    Ok(StatusCode::ACCEPTED)
}
