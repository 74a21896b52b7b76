//! The task does all of it, the mail first: the customer is told that the order is accepted before
//! anybody has kept it.

async fn order(
    State(shop): State<Arc<Shop>>,
    Path((isbn, address)): Path<(String, String)>,
) -> Result<StatusCode, StatusCode> {
    let failures = shop.deps.failures.clone();
    let mail = tokio::spawn(async move {
        let sent = shop.deps.mailer.send(&address, &isbn).await;
        sqlx::query("INSERT INTO orders (isbn, address) VALUES (?, ?)")
            .bind(&isbn)
            .bind(&address)
            .execute(&shop.pool)
            .await
            .expect("the table is there");
        sent
    });
    tokio::spawn(async move {
        let failure = match mail.await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        drop(failures.send(failure));
    });
    Ok(StatusCode::ACCEPTED)
}
