//! One task sends all mails, one after another.

use tokio::sync::mpsc;

struct Shop {
    deps: Deps,
    client: Client,
    pool: SqlitePool,
    at_once: Semaphore,
    mails: mpsc::UnboundedSender<(String, String)>,
}

pub fn app(deps: Deps) -> Router {
    let (mails, mut received) = mpsc::unbounded_channel::<(String, String)>();
    let (mailer, failures) = (Arc::clone(&deps.mailer), deps.failures.clone());
    tokio::spawn(async move {
        while let Some((address, isbn)) = received.recv().await {
            let mailer = Arc::clone(&mailer);
            let mail = tokio::spawn(async move { mailer.send(&address, &isbn).await });
            let failure = match mail.await {
                Ok(Ok(())) => continue,
                Ok(Err(error)) => error.to_string(),
                Err(error) => error.to_string(),
            };
            drop(failures.send(failure));
        }
    });
    let shop = Shop {
        client: new_client(),
        pool: SqlitePoolOptions::new()
            .max_connections(deps.connections)
            .connect_lazy_with(deps.database.clone()),
        mails,
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

async fn order(
    State(shop): State<Arc<Shop>>,
    Path((isbn, address)): Path<(String, String)>,
) -> Result<StatusCode, StatusCode> {
    sqlx::query("INSERT INTO orders (isbn, address) VALUES (?, ?)")
        .bind(&isbn)
        .bind(&address)
        .execute(&shop.pool)
        .await
        .map_err(database_failed)?;
    let posted = shop.mails.send((address, isbn));
    posted.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(StatusCode::ACCEPTED)
}
