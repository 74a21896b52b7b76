//! The parts come in the order in which they end, under each other's names.

use tokio::task::JoinSet;

async fn book(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    let mut calls = JoinSet::new();
    for part in ["titles", "reviews", "related"] {
        let url = format!("{}/{part}/{isbn}", shop.deps.catalogue);
        let client = shop.client.clone();
        calls.spawn(async move { ask(&client, &url).await });
    }
    let lines = calls.join_all().await.into_iter();
    let lines = lines.map(|line| line.unwrap_or_else(|_| "unavailable".into()));
    lines.collect::<Vec<_>>().join("\n")
}
