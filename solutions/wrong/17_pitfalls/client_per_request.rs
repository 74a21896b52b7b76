//! A client is a pool of connections. Made for one request, it is thrown away with the connection that
//! the next one could have used.

async fn cover(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let client = new_client();
    ask(&client, &format!("{}/covers/{isbn}", shop.deps.catalogue)).await
}
