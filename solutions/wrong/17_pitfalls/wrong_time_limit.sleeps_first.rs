//! A pause before the call, which a faster machine was given at some time, counts for the customer as
//! well.

use tokio::time::sleep;

/// The timeout goes around all of it: a catalogue that sends its headers and then stalls is no faster.
async fn reviews(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let url = format!("{}/reviews/{isbn}", shop.deps.catalogue);
    sleep(Duration::from_millis(10)).await;
    timeout(PATIENCE, ask(&shop.client, &url))
        .await
        .unwrap_or(Err(StatusCode::GATEWAY_TIMEOUT))
}
