//! The handles are kept, and nobody ever looks at them.

use async_workbook::services::mailer::MailError;
use tokio::{sync::Mutex, task::JoinHandle};

/// What all requests share.
struct Shop {
    deps: Deps,
    client: Client,
    pool: SqlitePool,
    at_once: Semaphore,
    mails: Mutex<Vec<JoinHandle<Result<(), MailError>>>>,
}

pub fn app(deps: Deps) -> Router {
    let shop = Shop {
        client: new_client(),
        pool: SqlitePoolOptions::new()
            .max_connections(deps.connections)
            .connect_lazy_with(deps.database.clone()),
        at_once: Semaphore::new(AT_ONCE),
        mails: Mutex::default(),
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
    let service = Arc::clone(&shop);
    let mail = tokio::spawn(async move { service.deps.mailer.send(&address, &isbn).await });
    shop.mails.lock().await.push(mail);
    Ok(StatusCode::ACCEPTED)
}
