//! One call after another keeps every limit, and makes no use of it.

pub fn app(deps: Deps) -> Router {
    let shop = Shop {
        client: new_client(),
        pool: SqlitePoolOptions::new()
            .max_connections(deps.connections)
            .connect_lazy_with(deps.database.clone()),
        at_once: Semaphore::new(1),
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
    let _turn = shop.at_once.acquire().await.expect("nobody closes it");
    let mut titles = Vec::new();
    for isbn in isbns.split(',') {
        let url = format!("{}/titles/{isbn}", shop.deps.catalogue);
        titles.push(ask(&shop.client, &url).await?);
    }
    Ok(titles.join("\n"))
}
