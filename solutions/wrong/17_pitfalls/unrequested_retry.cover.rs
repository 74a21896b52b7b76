//! A cover that fails is asked for again.

async fn cover(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let url = format!("{}/covers/{isbn}", shop.deps.catalogue);
    match ask(&shop.client, &url).await {
        Ok(cover) => Ok(cover),
        Err(_) => ask(&shop.client, &url).await,
    }
}
