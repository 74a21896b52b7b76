//! The builder is made once, and the client for each request all the same.

/// What all requests share.
struct Shop {
    deps: Deps,
    client: Client,
    make_client: fn() -> Client,
    pool: SqlitePool,
    at_once: Semaphore,
}

pub fn app(deps: Deps) -> Router {
    let shop = Shop {
        client: new_client(),
        make_client: new_client,
        pool: SqlitePoolOptions::new()
            .max_connections(deps.connections)
            .connect_lazy_with(deps.database.clone()),
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

async fn cover(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let client = (shop.make_client)();
    let url = format!("{}/covers/{isbn}", shop.deps.catalogue);
    ask(&client, &url).await
}
