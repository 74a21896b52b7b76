//! `_` is no variable: what is bound to it is dropped at once, and the permit goes back before the call.

/// The permits belong to the service, so that they count for all requests together.
async fn shelf(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<String, StatusCode> {
    let titles = isbns.split(',').map(async |isbn| {
        let _ = shop.at_once.acquire().await;
        let url = format!("{}/titles/{isbn}", shop.deps.catalogue);
        ask(&shop.client, &url).await
    });
    let titles = try_join_all(titles).await?;
    Ok(titles.join("\n"))
}
