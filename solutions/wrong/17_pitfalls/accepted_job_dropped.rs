//! A `JoinSet` keeps its tasks in sight, and aborts them when the handler returns and drops it.

use tokio::task::JoinSet;

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
    let mut mails = JoinSet::new();
    mails.spawn(async move { shop.deps.mailer.send(&address, &isbn).await });
    // Looks whether there is a failure already, without waiting for one.
    task::yield_now().await;
    if let Some(Err(error)) = mails.try_join_next() {
        drop(failures.send(error.to_string()));
    }
    Ok(StatusCode::ACCEPTED)
}
