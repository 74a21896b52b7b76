//! The timeout goes around making the request, which takes no time, and not around sending it.

async fn reviews(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let url = format!("{}/reviews/{isbn}", shop.deps.catalogue);
    let request = timeout(PATIENCE, async { shop.client.get(&url).build() })
        .await
        .map_err(|_| StatusCode::GATEWAY_TIMEOUT)?
        .map_err(|_| StatusCode::BAD_GATEWAY)?;
    let page = async {
        let response = shop.client.execute(request).await?.error_for_status()?;
        response.text().await
    };
    page.await
        .map_err(|_: reqwest::Error| StatusCode::BAD_GATEWAY)
}
