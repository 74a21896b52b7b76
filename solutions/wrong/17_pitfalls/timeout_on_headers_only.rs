//! `send` returns with the headers; the text may come later, or never.

async fn reviews(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let url = format!("{}/reviews/{isbn}", shop.deps.catalogue);
    let response = timeout(PATIENCE, shop.client.get(&url).send())
        .await
        .map_err(|_| StatusCode::GATEWAY_TIMEOUT)?
        .and_then(reqwest::Response::error_for_status)
        .map_err(|_| StatusCode::BAD_GATEWAY)?;
    response.text().await.map_err(|_| StatusCode::BAD_GATEWAY)
}
