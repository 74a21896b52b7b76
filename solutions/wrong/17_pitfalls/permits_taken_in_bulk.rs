//! Takes the permits of the whole shelf at once, and keeps them until its last title is there.

use futures::{StreamExt as _, TryStreamExt as _, stream};

async fn shelf(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<String, StatusCode> {
    let isbns: Vec<_> = isbns.split(',').map(str::to_owned).collect();
    let permits = isbns.len().min(AT_ONCE);
    let _permits = shop
        .at_once
        .acquire_many(permits as u32)
        .await
        .expect("nobody closes it");
    let titles: Vec<String> = stream::iter(isbns)
        .map(|isbn| {
            let shop = Arc::clone(&shop);
            async move {
                let url = format!("{}/titles/{isbn}", shop.deps.catalogue);
                ask(&shop.client, &url).await
            }
        })
        .buffered(permits)
        .try_collect()
        .await?;
    Ok(titles.join("\n"))
}
