//! A semaphore that is made in the handler limits one request, and there are many.

async fn shelf(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<String, StatusCode> {
    let limit = Semaphore::new(AT_ONCE);
    let titles = isbns.split(',').map(async |isbn| {
        let _permit = limit.acquire().await.expect("nobody closes it");
        let url = format!("{}/titles/{isbn}", shop.deps.catalogue);
        ask(&shop.client, &url).await
    });
    let titles = try_join_all(titles).await?;
    Ok(titles.join("\n"))
}
