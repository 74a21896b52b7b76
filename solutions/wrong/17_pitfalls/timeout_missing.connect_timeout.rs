//! The timeout bounds the connecting, which is done at once; it is the answer that never comes.

fn new_client() -> Client {
    // A proxy that the environment names must not see calls that stay on this machine.
    let client = Client::builder()
        .no_proxy()
        .connect_timeout(PATIENCE)
        .build();
    client.expect("a client without TLS needs nothing of the system")
}

async fn reviews(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let url = format!("{}/reviews/{isbn}", shop.deps.catalogue);
    ask(&shop.client, &url).await
}
