//! The timeout is there, and its error goes the way of all others: a 502.

/// The timeout goes around all of it: a catalogue that sends its headers and then stalls is no faster.
async fn reviews(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let url = format!("{}/reviews/{isbn}", shop.deps.catalogue);
    timeout(PATIENCE, ask(&shop.client, &url))
        .await
        .unwrap_or(Err(StatusCode::BAD_GATEWAY))
}
