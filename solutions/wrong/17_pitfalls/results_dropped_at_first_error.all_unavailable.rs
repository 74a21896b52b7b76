//! The page is a 200 whatever happens, but `try_join!` has dropped the parts that there were.

async fn book(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    let part = async |part| {
        let url = format!("{}/{part}/{isbn}", shop.deps.catalogue);
        ask(&shop.client, &url).await
    };
    let parts = tokio::try_join!(part("titles"), part("reviews"), part("related"));
    let lines = match parts {
        Ok((titles, reviews, related)) => [titles, reviews, related],
        Err(_) => ["unavailable"; 3].map(String::from),
    };
    lines.join("\n")
}
