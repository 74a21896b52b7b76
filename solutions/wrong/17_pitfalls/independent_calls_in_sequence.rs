//! `.await` inside a loop is a stop: the next part is not even asked for before this one is there.

async fn book(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    let mut lines = Vec::new();
    for part in ["titles", "reviews", "related"] {
        let url = format!("{}/{part}/{isbn}", shop.deps.catalogue);
        let line = ask(&shop.client, &url).await;
        lines.push(line.unwrap_or_else(|_| "unavailable".into()));
    }
    lines.join("\n")
}
