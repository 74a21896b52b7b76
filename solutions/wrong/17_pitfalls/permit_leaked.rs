//! The permit is forgotten, and given back by hand: not where the call fails, or is dropped.

/// The permits belong to the service, so that they count for all requests together.
async fn shelf(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<String, StatusCode> {
    let titles = isbns.split(',').map(async |isbn| {
        let permit = shop.at_once.acquire().await.expect("nobody closes it");
        permit.forget();
        let url = format!("{}/titles/{isbn}", shop.deps.catalogue);
        let title = ask(&shop.client, &url).await?;
        shop.at_once.add_permits(1);
        Ok::<_, StatusCode>(title)
    });
    let titles = try_join_all(titles).await?;
    Ok(titles.join("\n"))
}
