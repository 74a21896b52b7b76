//! The client gives up in time; nobody asks its error whether it is a timeout.

async fn reviews(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let url = format!("{}/reviews/{isbn}", shop.deps.catalogue);
    let page = async {
        let call = shop.client.get(&url).timeout(PATIENCE);
        call.send().await?.error_for_status()?.text().await
    };
    page.await
        .map_err(|_: reqwest::Error| StatusCode::BAD_GATEWAY)
}
