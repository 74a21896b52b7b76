//! `try_join!` drops what it had when one part fails, and then all three are asked for again.

async fn book(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    let part = async |part| {
        let url = format!("{}/{part}/{isbn}", shop.deps.catalogue);
        ask(&shop.client, &url).await
    };
    let all = tokio::try_join!(part("titles"), part("reviews"), part("related"));
    let lines = match all {
        Ok((titles, reviews, related)) => vec![titles, reviews, related],
        Err(_) => join_all(["titles", "reviews", "related"].map(part))
            .await
            .into_iter()
            .map(|line| line.unwrap_or_else(|_| "unavailable".into()))
            .collect(),
    };
    lines.join("\n")
}
