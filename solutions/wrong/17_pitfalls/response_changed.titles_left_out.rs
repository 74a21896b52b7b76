//! `flatten` passes over the titles that failed, and the shelf is shorter than what was asked for.

/// The permits belong to the service, so that they count for all requests together.
async fn shelf(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<String, StatusCode> {
    let titles = isbns.split(',').map(async |isbn| {
        let _permit = shop.at_once.acquire().await.expect("nobody closes it");
        let url = format!("{}/titles/{isbn}", shop.deps.catalogue);
        ask(&shop.client, &url).await
    });
    let titles: Vec<_> = join_all(titles).await.into_iter().flatten().collect();
    Ok(titles.join("\n"))
}
