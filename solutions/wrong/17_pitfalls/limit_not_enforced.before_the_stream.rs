//! One permit for a whole shelf limits the shelves, and not the calls.

/// The permits belong to the service, so that they count for all requests together.
async fn shelf(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<String, StatusCode> {
    let _permit = shop.at_once.acquire().await.expect("nobody closes it");
    let titles = isbns.split(',').map(async |isbn| {
        let url = format!("{}/titles/{isbn}", shop.deps.catalogue);
        ask(&shop.client, &url).await
    });
    let titles = try_join_all(titles).await?;
    Ok(titles.join("\n"))
}
