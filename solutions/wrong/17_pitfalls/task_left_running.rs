//! The call has a task of its own, which the timeout does not end.

async fn reviews(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let url = format!("{}/reviews/{isbn}", shop.deps.catalogue);
    let call = task::spawn(async move { ask(&shop.client, &url).await });
    match timeout(PATIENCE, call).await {
        Ok(page) => page.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?,
        Err(_) => Err(StatusCode::GATEWAY_TIMEOUT),
    }
}
