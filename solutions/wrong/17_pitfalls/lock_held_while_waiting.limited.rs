//! "reuse" is had by letting one shelf-sized crowd in at a time: covers share the limit of the shelves.

async fn cover(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let _permit = shop.at_once.acquire().await.expect("nobody closes it");
    let url = format!("{}/covers/{isbn}", shop.deps.catalogue);
    ask(&shop.client, &url).await
}
