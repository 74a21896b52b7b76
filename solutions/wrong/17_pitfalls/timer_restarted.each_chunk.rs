//! Each chunk has five seconds of its own.

async fn reviews(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let url = format!("{}/reviews/{isbn}", shop.deps.catalogue);
    let mut response = timeout(PATIENCE, shop.client.get(&url).send())
        .await
        .map_err(|_| StatusCode::GATEWAY_TIMEOUT)?
        .and_then(reqwest::Response::error_for_status)
        .map_err(|_| StatusCode::BAD_GATEWAY)?;
    let mut page = Vec::new();
    while let Some(chunk) = timeout(PATIENCE, response.chunk())
        .await
        .map_err(|_| StatusCode::GATEWAY_TIMEOUT)?
        .map_err(|_| StatusCode::BAD_GATEWAY)?
    {
        page.extend_from_slice(&chunk);
    }
    String::from_utf8(page).map_err(|_| StatusCode::BAD_GATEWAY)
}
