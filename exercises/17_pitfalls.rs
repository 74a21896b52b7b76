//! Chapter 17, pitfalls: the bug hunt.
//!
//! This is a bookshop's small service, built on axum, reqwest and sqlx with SQLite. It compiles, and it answers every
//! request correctly when they come one at a time, but it fell over on its first busy day. It has eight faults, one in
//! each handler. You may have to make what a handler lacks in `app`, and keep it in `Shop`.
//!
//! See it first:  cargo run --example 17_pitfalls
//! Grade it:      cargo test -p exercises -- 17
//!
//! The text above each handler says what it has to do, and what the shop saw in production instead. Find out why, and
//! mend it. Each handler is graded separately, in whatever order you like. Until you begin, all eight are wrong. The
//! lesson's gallery shows every one of these faults.
//!
//! Keep the signature of `app`, `Deps`, the routes and the answers. Two services in one process share nothing: keep
//! nothing in a `static`. Don't add caches, limits, timeouts or retries that the tasks don't ask for.
//!
//! Worth looking up: `tokio::task::{spawn_blocking, JoinHandle, JoinError}`, `tokio::time::timeout`,
//! `tokio::sync::Semaphore`, `futures::future::{join_all, try_join_all}`, `reqwest::Client`, `sqlx::Pool`. For each
//! of them, ask what should own it, and for how long.

use std::{sync::Arc, time::Duration};

use async_workbook::services::mailer::Mailer;
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use futures::future::try_join_all;
use reqwest::Client;
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use tokio::sync::{Semaphore, mpsc::UnboundedSender};

/// How long a customer waits for the reviews.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// How many calls to the catalogue all shelves together may have in flight.
pub const AT_ONCE: usize = 4;

/// What the service depends on.
pub struct Deps {
    /// Where the catalogue is, another service over HTTP: `http://127.0.0.1:49152`, with no slash at the end.
    pub catalogue: String,
    /// How to open the database.
    pub database: SqliteConnectOptions,
    /// How many connections to the database the service may open in all, for as long as it runs: one or more.
    pub connections: u32,
    /// A synchronous library, which computes for a long time.
    pub fingerprint: Arc<dyn Fn(&str) -> String + Send + Sync>,
    /// Sends mail, slowly. It may return an error, and it may panic.
    pub mailer: Arc<dyn Mailer>,
    /// Takes a line for each failure that the customer doesn't learn about. The shop reads these lines.
    pub failures: UnboundedSender<String>,
}

/// What all requests share.
struct Shop {
    deps: Deps,
    client: Client,
    pool: SqlitePool,
}

pub fn app(deps: Deps) -> Router {
    let shop = Shop {
        client: new_client(),
        pool: SqlitePoolOptions::new()
            .max_connections(deps.connections)
            .connect_lazy_with(deps.database.clone()),
        deps,
    };
    Router::new()
        .route("/fingerprints/{isbn}", get(fingerprint))
        .route("/books/{isbn}", get(book))
        .route("/covers/{isbn}", get(cover))
        .route("/stock/{isbn}", get(stock))
        .route("/quotes/{isbn}/{currency}", get(quote))
        .route("/reviews/{isbn}", get(reviews))
        .route("/orders/{isbn}/{address}", post(order))
        .route("/shelves/{isbns}", get(shelf))
        .with_state(Arc::new(shop))
}

fn new_client() -> Client {
    // A proxy from the environment must not see calls that stay on this machine.
    let client = Client::builder().no_proxy().build();
    client.expect("a client without TLS needs nothing from the system")
}

/// Asks the catalogue for a page. Any failure there becomes a 502 here.
async fn ask(client: &Client, url: &str) -> Result<String, StatusCode> {
    let page = async {
        let response = client.get(url).send().await?.error_for_status()?;
        response.text().await
    };
    page.await.map_err(|_| StatusCode::BAD_GATEWAY)
}

/// Any failure of the database becomes a 500 here.
fn database_failed(_: sqlx::Error) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

/// Task 1: the fingerprint of a book, as the library computes it.
///
/// Seen: while the service computes one fingerprint, it answers no other request. The machine has an idle core.
async fn fingerprint(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    (shop.deps.fingerprint)(&isbn)
}

/// Task 2: the page of a book: its title, its reviews and related books, one line each. The catalogue has them at
/// `/titles/<isbn>`, `/reviews/<isbn>` and `/related/<isbn>`. If a part fails, its line says `unavailable`, and the
/// page still shows the other parts, with status 200.
///
/// Seen: the page takes as long as its three parts added up.
async fn book(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    let mut lines = Vec::new();
    for part in ["titles", "reviews", "related"] {
        let url = format!("{}/{part}/{isbn}", shop.deps.catalogue);
        let line = ask(&shop.client, &url).await;
        lines.push(line.unwrap_or_else(|_| "unavailable".into()));
    }
    lines.join("\n")
}

/// Task 3: the cover of a book, which the catalogue has at `/covers/<isbn>`. Customers who come at the same time are
/// served at the same time, and that has to stay so.
///
/// Seen: twenty customers, one after another, cost the catalogue twenty connections.
async fn cover(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let client = new_client();
    ask(&client, &format!("{}/covers/{isbn}", shop.deps.catalogue)).await
}

/// Task 4: how many copies of a book there are, from the table `books`. An unknown book is a 404.
///
/// Seen: the database counts a new connection for each request. It should never see more than `deps.connections`.
async fn stock(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let pool = SqlitePoolOptions::new()
        .max_connections(shop.deps.connections)
        .connect_with(shop.deps.database.clone())
        .await
        .map_err(database_failed)?;
    let copies: Option<i64> = sqlx::query_scalar("SELECT copies FROM books WHERE isbn = ?")
        .bind(&isbn)
        .fetch_optional(&pool)
        .await
        .map_err(database_failed)?;
    Ok(copies.ok_or(StatusCode::NOT_FOUND)?.to_string())
}

/// Task 5: the price of a book (the column `cents` of `books`) in another currency. Multiply `cents` by the rate, a
/// whole number that the catalogue has at `/rates/<currency>`, and divide by 100. Store every quote in the table
/// `quotes`, in the columns `isbn` and `cents`, before you answer. An unknown book is a 404, and then the catalogue
/// isn't asked.
///
/// Seen: when the catalogue is slow, quotes fail with a 500, because the pool times out. So does every other request
/// that needs the database, and yet the database is idle. `deps.connections` was 1 that day, and that has to be enough.
async fn quote(
    State(shop): State<Arc<Shop>>,
    Path((isbn, currency)): Path<(String, String)>,
) -> Result<String, StatusCode> {
    let mut connection = shop.pool.acquire().await.map_err(database_failed)?;
    let cents: Option<i64> = sqlx::query_scalar("SELECT cents FROM books WHERE isbn = ?")
        .bind(&isbn)
        .fetch_optional(&mut *connection)
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
        .execute(&mut *connection)
        .await
        .map_err(database_failed)?;
    Ok(quoted.to_string())
}

/// Task 6: the reviews of a book, which the catalogue has at `/reviews/<isbn>`. If the whole page hasn't arrived
/// `PATIENCE` after the request, the handler answers 504, Gateway Timeout, at that instant, and ends the call.
///
/// Seen: one evening the catalogue accepted connections and never answered. Every customer waited for ever.
async fn reviews(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let url = format!("{}/reviews/{isbn}", shop.deps.catalogue);
    ask(&shop.client, &url).await
}

/// Task 7: orders a book. Store the order in the table `orders` (columns `isbn` and `address`), then send a mail to
/// the address, with the ISBN as its text. The answer is a 202, Accepted, which waits for the database but not for
/// the mail. If the order can't be stored, the answer is a 500, and no mail goes out. If the mail fails, send one line
/// to `deps.failures`, with the text of the error or the panic.
///
/// Seen: half of the customers got no mail, and the shop didn't know.
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
    tokio::spawn(async move { shop.deps.mailer.send(&address, &isbn).await });
    Ok(StatusCode::ACCEPTED)
}

/// Task 8: the titles of several books (`/shelves/1,2,3`), one line each, in the order of the request. The catalogue
/// has them at `/titles/<isbn>`. If one of them fails, so does the shelf. All requests for shelves together have at
/// most `AT_ONCE` calls to the catalogue in flight, and no fewer while there's enough to ask for.
///
/// Seen: `AT_ONCE` is 4, and the catalogue complains of 40 calls at once.
async fn shelf(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<String, StatusCode> {
    let limit = Semaphore::new(AT_ONCE);
    let titles = isbns.split(',').map(async |isbn| {
        let _permit = limit.acquire().await.expect("it is never closed");
        let url = format!("{}/titles/{isbn}", shop.deps.catalogue);
        ask(&shop.client, &url).await
    });
    let titles = try_join_all(titles).await?;
    Ok(titles.join("\n"))
}

// Hands this service to the hidden tests. Leave this line as it is.
hidden_pitfalls::grade!();
