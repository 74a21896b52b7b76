//! `try_join!` gives up at the first error: one part that fails takes the whole page with it.

async fn book(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let part = async |part| {
        let url = format!("{}/{part}/{isbn}", shop.deps.catalogue);
        ask(&shop.client, &url).await
    };
    let parts = tokio::try_join!(part("titles"), part("reviews"), part("related"));
    let (titles, reviews, related) = parts?;
    Ok([titles, reviews, related].join("\n"))
}
