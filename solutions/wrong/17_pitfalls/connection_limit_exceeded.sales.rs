//! The sales have a pool of their own, so that a transaction never waits for another handler's connection.

struct Shop {
    deps: Deps,
    client: Client,
    pool: SqlitePool,
    at_once: Semaphore,
    sales: SqlitePool,
}

pub fn app(deps: Deps) -> Router {
    let shop = Shop {
        client: new_client(),
        pool: SqlitePoolOptions::new()
            .max_connections(deps.connections)
            .connect_lazy_with(deps.database.clone()),
        sales: SqlitePoolOptions::new()
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

async fn sale(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<StatusCode, StatusCode> {
    let mut transaction = shop.sales.begin().await.map_err(database_failed)?;
    for isbn in isbns.split(',') {
        let sold =
            sqlx::query("UPDATE books SET copies = copies - 1 WHERE isbn = ? AND copies > 0")
                .bind(isbn)
                .execute(&mut *transaction)
                .await
                .map_err(database_failed)?;
        if sold.rows_affected() == 0 {
            return Err(StatusCode::CONFLICT);
        }
    }
    transaction.commit().await.map_err(database_failed)?;
    Ok(StatusCode::NO_CONTENT)
}
