//! Two of the parts are joined, and the third waits for both.

async fn book(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    let part = async |part| {
        let url = format!("{}/{part}/{isbn}", shop.deps.catalogue);
        let line = ask(&shop.client, &url).await;
        line.unwrap_or_else(|_| "unavailable".into())
    };
    let title = part("titles").await;
    let (reviews, related) = tokio::join!(part("reviews"), part("related"));
    [title, reviews, related].join("\n")
}
