//! A pool for each order: the mail never keeps anything of it waiting.

async fn order(
    State(shop): State<Arc<Shop>>,
    Path((isbn, address)): Path<(String, String)>,
) -> Result<StatusCode, StatusCode> {
    let pool = SqlitePoolOptions::new()
        .max_connections(shop.deps.connections)
        .connect_lazy_with(shop.deps.database.clone());
    sqlx::query("INSERT INTO orders (isbn, address) VALUES (?, ?)")
        .bind(&isbn)
        .bind(&address)
        .execute(&pool)
        .await
        .map_err(database_failed)?;
    let failures = shop.deps.failures.clone();
    let mail = tokio::spawn(async move { shop.deps.mailer.send(&address, &isbn).await });
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
