//! A reqwest client has no timeout unless one is set.

async fn reviews(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let url = format!("{}/reviews/{isbn}", shop.deps.catalogue);
    ask(&shop.client, &url).await
}
