//! `buffered` limits one stream, and each request has its own.

use futures::{StreamExt as _, TryStreamExt as _, stream};

/// What all requests share.
struct Shop {
    deps: Deps,
    client: Client,
    pool: SqlitePool,
}

pub fn app(deps: Deps) -> Router {
    let shop = Shop {
        client: new_client(),
        pool: SqlitePoolOptions::new()
            .max_connections(deps.connections)
            .connect_lazy_with(deps.database.clone()),
        deps,
    };
    Router::new()
        .route("/fingerprints/{isbn}", get(fingerprint))
        .route("/books/{isbn}", get(book))
        .route("/covers/{isbn}", get(cover))
        .route("/stock/{isbn}", get(stock))
        .route("/quotes/{isbn}/{currency}", get(quote))
        .route("/sales/{isbns}", post(sale))
        .route("/reviews/{isbn}", get(reviews))
        .route("/orders/{isbn}/{address}", post(order))
        .route("/shelves/{isbns}", get(shelf))
        .with_state(Arc::new(shop))
}

async fn shelf(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<String, StatusCode> {
    let urls: Vec<_> = isbns
        .split(',')
        .map(|isbn| format!("{}/titles/{isbn}", shop.deps.catalogue))
        .collect();
    let titles: Vec<String> = stream::iter(urls)
        .map(|url| {
            let client = shop.client.clone();
            async move { ask(&client, &url).await }
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    Ok(titles.join("\n"))
}
