//! Looks up each book once.

use std::{collections::HashMap, sync::Mutex};

struct Shop {
    deps: Deps,
    client: Client,
    pool: SqlitePool,
    at_once: Semaphore,
    known: Mutex<HashMap<String, i64>>,
}

pub fn app(deps: Deps) -> Router {
    let shop = Shop {
        client: new_client(),
        pool: SqlitePoolOptions::new()
            .max_connections(deps.connections)
            .connect_lazy_with(deps.database.clone()),
        known: Mutex::default(),
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

async fn stock(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let known = shop
        .known
        .lock()
        .expect("nobody panics with it")
        .get(&isbn)
        .copied();
    if let Some(copies) = known {
        return Ok(copies.to_string());
    }
    let copies: Option<i64> = sqlx::query_scalar("SELECT copies FROM books WHERE isbn = ?")
        .bind(&isbn)
        .fetch_optional(&shop.pool)
        .await
        .map_err(database_failed)?;
    let copies = copies.ok_or(StatusCode::NOT_FOUND)?;
    shop.known
        .lock()
        .expect("nobody panics with it")
        .insert(isbn, copies);
    Ok(copies.to_string())
}
