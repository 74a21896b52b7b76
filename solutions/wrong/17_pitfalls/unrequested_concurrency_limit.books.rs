//! At most ten calls for all pages of books together, to spare the catalogue.

struct Shop {
    deps: Deps,
    client: Client,
    pool: SqlitePool,
    at_once: Semaphore,
    parts: Semaphore,
}

pub fn app(deps: Deps) -> Router {
    let shop = Shop {
        client: new_client(),
        pool: SqlitePoolOptions::new()
            .max_connections(deps.connections)
            .connect_lazy_with(deps.database.clone()),
        parts: Semaphore::new(10),
        at_once: Semaphore::new(AT_ONCE),
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

async fn book(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    let lines = ["titles", "reviews", "related"].map(async |part| {
        let _permit = shop.parts.acquire().await.expect("nobody closes it");
        let url = format!("{}/{part}/{isbn}", shop.deps.catalogue);
        let line = ask(&shop.client, &url).await;
        line.unwrap_or_else(|_| "unavailable".into())
    });
    join_all(lines).await.join("\n")
}
