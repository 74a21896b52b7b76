//! The semaphore belongs to the process, and two services share it.

static AT_THE_CATALOGUE: Semaphore = Semaphore::const_new(AT_ONCE);

async fn shelf(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<String, StatusCode> {
    let titles = isbns.split(',').map(async |isbn| {
        let _permit = AT_THE_CATALOGUE.acquire().await.expect("nobody closes it");
        let url = format!("{}/titles/{isbn}", shop.deps.catalogue);
        ask(&shop.client, &url).await
    });
    let titles = try_join_all(titles).await?;
    Ok(titles.join("\n"))
}
