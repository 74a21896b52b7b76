//! The task reports its error, and whoever awaits the task reports it again.

/// The mail has a task, and a second one waits for its handle: nobody else would learn of a panic.
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
        let sent = shop.deps.mailer.send(&address, &isbn).await;
        if let Err(error) = &sent {
            drop(shop.deps.failures.send(error.to_string()));
        }
        sent
    });
    tokio::spawn(async move {
        let failure = match mail.await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            // Its text has the words of the panic.
            Err(error) => error.to_string(),
        };
        // Without a reader, nobody is left to tell.
        drop(failures.send(failure));
    });
    Ok(StatusCode::ACCEPTED)
}
