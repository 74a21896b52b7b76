//! Two attempts of `PATIENCE` each: the customer waits for twice as long as was asked for.

async fn reviews(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let url = format!("{}/reviews/{isbn}", shop.deps.catalogue);
    for _ in 0..2 {
        if let Ok(page) = timeout(PATIENCE, ask(&shop.client, &url)).await {
            return page;
        }
    }
    Err(StatusCode::GATEWAY_TIMEOUT)
}
