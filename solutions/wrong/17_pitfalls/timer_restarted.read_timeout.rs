//! `read_timeout` bounds the time from one read to the next.

struct Shop {
    deps: Deps,
    client: Client,
    hasty: Client,
    pool: SqlitePool,
    at_once: Semaphore,
}

pub fn app(deps: Deps) -> Router {
    let hasty = Client::builder().no_proxy().read_timeout(PATIENCE).build();
    let shop = Shop {
        client: new_client(),
        hasty: hasty.expect("a client without TLS needs nothing of the system"),
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

async fn reviews(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let failed = |error: reqwest::Error| match error.is_timeout() {
        true => StatusCode::GATEWAY_TIMEOUT,
        false => StatusCode::BAD_GATEWAY,
    };
    let url = format!("{}/reviews/{isbn}", shop.deps.catalogue);
    let response = shop.hasty.get(&url).send().await.map_err(failed)?;
    let response = response.error_for_status().map_err(failed)?;
    response.text().await.map_err(failed)
}
