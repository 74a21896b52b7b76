//! The error is printed, where nobody reads it, and a panic is printed by itself.

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
    tokio::spawn(async move {
        if let Err(error) = shop.deps.mailer.send(&address, &isbn).await {
            eprintln!("{error}");
        }
    });
    Ok(StatusCode::ACCEPTED)
}
