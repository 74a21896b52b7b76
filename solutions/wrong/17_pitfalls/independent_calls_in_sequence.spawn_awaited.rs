//! Each call has a task, which is awaited before the next one is spawned.

async fn book(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    let mut lines = Vec::new();
    for part in ["titles", "reviews", "related"] {
        let url = format!("{}/{part}/{isbn}", shop.deps.catalogue);
        let client = shop.client.clone();
        let line = tokio::spawn(async move { ask(&client, &url).await }).await;
        let line = line.expect("it does not panic");
        lines.push(line.unwrap_or_else(|_| "unavailable".into()));
    }
    lines.join("\n")
}
