//! Chapter 17, pitfalls: the bug hunt.
//!
//! This is a small service of a bookshop, on axum, reqwest and sqlx with SQLite. It compiles, it answers every
//! request correctly when there is one at a time, and it fell over on its first busy day. There are eight faults in
//! it, one in each handler. What a handler lacks may have to be made in `app` and kept in `Shop`.
//!
//! See it first:  cargo run --example 17_pitfalls
//! Grade it:      cargo test -p exercises -- 17
//!
//! The text above each handler says what it has to do, and what was seen in production instead. Find out why, and
//! mend it. Each handler is graded by itself, in whatever order you take them; until you begin, all eight are wrong.
//! The gallery of the lesson has every one of these faults.
//!
//! Keep the signature of `app`, `Deps`, the routes, and what is answered. Two services in one process have nothing in
//! common: keep nothing in a `static`. Add no caches, limits, timeouts or second attempts that nobody asks for here.
//!
//! Worth looking up: `tokio::task::{spawn_blocking, JoinHandle, JoinError}`, `tokio::time::timeout`,
//! `tokio::sync::Semaphore`, `futures::future::{join_all, try_join_all}`, `reqwest::Client`, `sqlx::Pool`; of each,
//! who should own it, and for how long.

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

/// Task 1: the fingerprint of a book, as the library computes it.
///
/// Seen: while one fingerprint is computed, no other request is answered. The machine has an idle core.
async fn fingerprint(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    (shop.deps.fingerprint)(&isbn)
}

/// Task 2: the page of a book: its title, its reviews and what is related to it, a line each, as the catalogue has
/// them at `/titles/<isbn>`, `/reviews/<isbn>` and `/related/<isbn>`. For a part that fails, its line says
/// `unavailable`, and the others are shown all the same, with status 200.
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

/// Task 3: the cover of a book, as the catalogue has it at `/covers/<isbn>`.
///
/// Seen: twenty customers, one after another, cost the catalogue twenty connections. Customers who come at the same
/// time are served at the same time, and must go on to be.
async fn cover(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let client = new_client();
    ask(&client, &format!("{}/covers/{isbn}", shop.deps.catalogue)).await
}

/// Task 4: how many copies of a book there are, from the table `books`. An unknown book is a 404.
///
/// Seen: the database counts a new connection for each request, where `deps.connections` should be all there ever
/// are.
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

/// Task 5: the price of a book (the column `cents` of `books`) in another currency: `cents` times what the catalogue
/// says at `/rates/<currency>`, a whole number, over 100. Every quote is kept in the table `quotes`, in the columns
/// `isbn` and `cents`, before it is answered. An unknown book is a 404, for which the catalogue is not asked.
///
/// Seen: when the catalogue is slow, quotes fail with a 500, since the pool times out; so does all else that needs
/// the database, which itself is idle. `deps.connections` was 1 that day, which has to be enough.
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

/// Task 6: the reviews of a book, as the catalogue has them at `/reviews/<isbn>`. If the whole page is not there
/// `PATIENCE` after it was asked for, the answer is a 504, Gateway Timeout, at that instant, and the call ends.
///
/// Seen: one evening the catalogue took connections and never answered. Every customer waited for ever.
async fn reviews(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let url = format!("{}/reviews/{isbn}", shop.deps.catalogue);
    ask(&shop.client, &url).await
}

/// Task 7: orders a book: keeps it in the table `orders` (columns `isbn` and `address`), then sends a mail to the
/// address with the ISBN as its text. The answer is a 202, Accepted, which waits for the database, but not for the
/// mail. An order that cannot be kept is a 500, without a mail. If the mail comes to nothing, one line goes to
/// `deps.failures`, with the words of the error, or of the panic.
///
/// Seen: half of the customers got no mail, and nobody in the shop knew.
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

/// Task 8: the titles of several books (`/shelves/1,2,3`), a line each, in their order, as the catalogue has them at
/// `/titles/<isbn>`. If one of them fails, so does the shelf. All requests for shelves together have at most
/// `AT_ONCE` calls under way at the catalogue, and as many as that where there is enough to ask for.
///
/// Seen: `AT_ONCE` is 4, and the catalogue complains of 40 calls at once.
async fn shelf(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<String, StatusCode> {
    let limit = Semaphore::new(AT_ONCE);
    let titles = isbns.split(',').map(async |isbn| {
        let _permit = limit.acquire().await.expect("nobody closes it");
        let url = format!("{}/titles/{isbn}", shop.deps.catalogue);
        ask(&shop.client, &url).await
    });
    let titles = try_join_all(titles).await?;
    Ok(titles.join("\n"))
}

// Hands this service to the hidden tests. Leave this line as it is.
hidden_pitfalls::grade!();
