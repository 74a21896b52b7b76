//! Chapter 17, pitfalls: the reference solution.

use std::{panic, sync::Arc, time::Duration};

use async_workbook::services::mailer::Mailer;
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use futures::future::{join_all, try_join_all};
use reqwest::Client;
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use tokio::{
    sync::{Semaphore, mpsc::UnboundedSender},
    task,
    time::timeout,
};

/// How long a customer waits for the reviews.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// How many calls all shelves together may have under way at the catalogue.
pub const AT_ONCE: usize = 4;

/// What the service is given.
pub struct Deps {
    /// Where the catalogue is, another service over HTTP: `http://127.0.0.1:49152`, with no slash at the end.
    pub catalogue: String,
    /// How to open the database.
    pub database: SqliteConnectOptions,
    /// How many connections to the database the service may open in all, for as long as it runs: one or more.
    pub connections: u32,
    /// Somebody's library, which computes for a long time, and knows nothing of async.
    pub fingerprint: Arc<dyn Fn(&str) -> String + Send + Sync>,
    /// Sends mail, slowly. It may return an error, and it may panic.
    pub mailer: Arc<dyn Mailer>,
    /// Takes a line for each failure that no customer learns of. Somebody reads it.
    pub failures: UnboundedSender<String>,
}

/// What all requests share.
struct Shop {
    deps: Deps,
    client: Client,
    pool: SqlitePool,
    at_once: Semaphore,
}

pub fn app(deps: Deps) -> Router {
    let shop = Shop {
        client: new_client(),
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

fn new_client() -> Client {
    // A proxy that the environment names must not see calls that stay on this machine.
    let client = Client::builder().no_proxy().build();
    client.expect("a client without TLS needs nothing of the system")
}

/// Asks the catalogue for a page. Whatever goes wrong there is a 502 here.
async fn ask(client: &Client, url: &str) -> Result<String, StatusCode> {
    let page = async {
        let response = client.get(url).send().await?.error_for_status()?;
        response.text().await
    };
    page.await.map_err(|_| StatusCode::BAD_GATEWAY)
}

/// Whatever goes wrong at the database is a 500 here.
fn database_failed(_: sqlx::Error) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

/// What computes goes to the blocking pool, and the runtime's thread is free. A panic of the library goes on here, as
/// it would have without the hop.
async fn fingerprint(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    let job = task::spawn_blocking(move || (shop.deps.fingerprint)(&isbn));
    match job.await {
        Ok(fingerprint) => fingerprint,
        Err(error) => panic::resume_unwind(error.into_panic()),
    }
}

/// The parts need nothing of each other: they are joined. Not with `try_join!`, for which one failure ends all.
async fn book(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    let lines = ["titles", "reviews", "related"].map(async |part| {
        let url = format!("{}/{part}/{isbn}", shop.deps.catalogue);
        let line = ask(&shop.client, &url).await;
        line.unwrap_or_else(|_| "unavailable".into())
    });
    join_all(lines).await.join("\n")
}

/// The one client keeps its connections open for the next request. It needs no lock: all of its methods take `&self`.
async fn cover(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let url = format!("{}/covers/{isbn}", shop.deps.catalogue);
    ask(&shop.client, &url).await
}

/// The one pool that was made with the service, and lives as long.
async fn stock(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let copies: Option<i64> = sqlx::query_scalar("SELECT copies FROM books WHERE isbn = ?")
        .bind(&isbn)
        .fetch_optional(&shop.pool)
        .await
        .map_err(database_failed)?;
    Ok(copies.ok_or(StatusCode::NOT_FOUND)?.to_string())
}

/// Each query takes a connection for itself and gives it back, so that none is held during the call to the catalogue.
async fn quote(
    State(shop): State<Arc<Shop>>,
    Path((isbn, currency)): Path<(String, String)>,
) -> Result<String, StatusCode> {
    let cents: Option<i64> = sqlx::query_scalar("SELECT cents FROM books WHERE isbn = ?")
        .bind(&isbn)
        .fetch_optional(&shop.pool)
        .await
        .map_err(database_failed)?;
    let cents = cents.ok_or(StatusCode::NOT_FOUND)?;
    let url = format!("{}/rates/{currency}", shop.deps.catalogue);
    let rate: i64 = ask(&shop.client, &url)
        .await?
        .parse()
        .map_err(|_| StatusCode::BAD_GATEWAY)?;
    let quoted = cents * rate / 100;
    sqlx::query("INSERT INTO quotes (isbn, cents) VALUES (?, ?)")
        .bind(&isbn)
        .bind(quoted)
        .execute(&shop.pool)
        .await
        .map_err(database_failed)?;
    Ok(quoted.to_string())
}

/// Sound as it came. A transaction belongs to one connection, which it keeps until the commit: all waits in between are
/// for the database, and they end. Its statements go one after another, since one connection runs one at a time. If a
/// book is missing, or the customer hangs up, the transaction is dropped, which takes the statements before it back.
async fn sale(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<StatusCode, StatusCode> {
    let mut transaction = shop.pool.begin().await.map_err(database_failed)?;
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

/// The timeout goes around all of it: a catalogue that sends its headers and then stalls is no faster.
async fn reviews(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let url = format!("{}/reviews/{isbn}", shop.deps.catalogue);
    timeout(PATIENCE, ask(&shop.client, &url))
        .await
        .unwrap_or(Err(StatusCode::GATEWAY_TIMEOUT))
}

/// The mail has a task, and a second one waits for its handle: nobody else would learn of a panic.
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
    let failures = shop.deps.failures.clone();
    let mail = tokio::spawn(async move { shop.deps.mailer.send(&address, &isbn).await });
    tokio::spawn(async move {
        let failure = match mail.await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            // Its text has the words of the panic.
            Err(error) => error.to_string(),
        };
        // Without a reader, nobody is left to tell.
        drop(failures.send(failure));
    });
    Ok(StatusCode::ACCEPTED)
}

/// The permits belong to the service, so that they count for all requests together.
async fn shelf(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<String, StatusCode> {
    let titles = isbns.split(',').map(async |isbn| {
        let _permit = shop.at_once.acquire().await.expect("nobody closes it");
        let url = format!("{}/titles/{isbn}", shop.deps.catalogue);
        ask(&shop.client, &url).await
    });
    let titles = try_join_all(titles).await?;
    Ok(titles.join("\n"))
}

// Hands this service to the hidden tests. Leave this line as it is.
hidden_pitfalls::grade!();
