//! The one client stands behind a lock, which is held for the length of the call: one customer at a
//! time.

use tokio::sync::Mutex;

/// What all requests share.
struct Shop {
    deps: Deps,
    client: Client,
    for_covers: Mutex<Client>,
    pool: SqlitePool,
    at_once: Semaphore,
}

pub fn app(deps: Deps) -> Router {
    let shop = Shop {
        client: new_client(),
        for_covers: Mutex::new(new_client()),
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
    let client = shop.for_covers.lock().await;
    let url = format!("{}/covers/{isbn}", shop.deps.catalogue);
    ask(&client, &url).await
}
