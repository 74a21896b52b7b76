//! A mail that takes longer than a minute is a failure.

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
    let mail = tokio::spawn(async move {
        let sent = timeout(
            Duration::from_secs(60),
            shop.deps.mailer.send(&address, &isbn),
        )
        .await;
        match sent {
            Ok(sent) => sent.map_err(|error| error.to_string()),
            Err(late) => Err(late.to_string()),
        }
    });
    tokio::spawn(async move {
        let failure = match mail.await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error,
            // Its text has the words of the panic.
            Err(error) => error.to_string(),
        };
        // Without a reader, nobody is left to tell.
        drop(failures.send(failure));
    });
    Ok(StatusCode::ACCEPTED)
}
