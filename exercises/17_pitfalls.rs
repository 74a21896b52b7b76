//! Chapter 17, pitfalls: the bug hunt.
//!
//! This is a bookshop's small service, built on axum, reqwest and sqlx with SQLite. It compiles, and it answers every
//! request correctly, as long as they come one at a time and everything that it depends on works. On its first busy day
//! it fell over. Find out why, and mend it.
//!
//! See it first:  cargo run --example 17_pitfalls
//! Grade it:      cargo test -p exercises -- 17
//!
//! # What the shop saw on Saturday
//!
//! - Several times, every request was slow at the same moment, whatever it asked for. One core was busy then, and the
//!   other was idle.
//! - Some customers waited as long as all the calls for their page added up, although no call was slow.
//! - For an hour the catalogue was slow. Requests failed with a 500, "pool timed out", even those that never ask the
//!   catalogue. The database had nothing to do. `deps.connections` was 1 that day, and that has to be enough.
//! - When twenty customers came one after another, the catalogue counted twenty new connections. So did the database,
//!   which should never see more than `deps.connections`.
//! - The catalogue complained of 40 calls at once. The agreement is 4.
//! - In the evening the catalogue sent the beginning of its answers, and then nothing. Everybody waited for ever.
//! - On Monday, eleven customers said that they had no mail. The list of failures had four lines.
//!
//! # The hunt
//!
//! There are nine handlers. Eight of them have one fault each. One is sound, though it may not look it. The text above
//! a handler says what it has to do. Mend the handlers in whatever order you like. You may have to make what a handler
//! lacks in `app`, and keep it in `Shop`. Each handler is graded separately, and its verdict stays hidden until you
//! change it: to find out whether it's sound is your part.
//!
//! Keep the signature of `app`, `Deps`, the routes and the answers. Customers who come at the same time are served at
//! the same time. Two services in one process share nothing: keep nothing in a `static`. Don't add caches, limits,
//! timeouts or retries that the handlers aren't asked for.
//!
//! Worth looking up: `tokio::task::{spawn_blocking, JoinHandle, JoinError}`, `tokio::time::timeout`,
//! `tokio::sync::Semaphore`, `futures::future::{join_all, try_join_all}`, `reqwest::{Client, Response}`,
//! `sqlx::{Pool, Transaction}`. For each of them, ask what should own it, and for how long.

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
use tokio::{
    sync::{Semaphore, mpsc::UnboundedSender},
    time::timeout,
};

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
        .route("/sales/{isbns}", post(sale))
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

/// The fingerprint of a book, as the library computes it.
async fn fingerprint(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    (shop.deps.fingerprint)(&isbn)
}

/// The page of a book: its title, its reviews and related books, one line each. The catalogue has them at
/// `/titles/<isbn>`, `/reviews/<isbn>` and `/related/<isbn>`. If a part fails, its line says `unavailable`, and the
/// page still shows the other parts, with status 200.
async fn book(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    let mut lines = Vec::new();
    for part in ["titles", "reviews", "related"] {
        let url = format!("{}/{part}/{isbn}", shop.deps.catalogue);
        let line = ask(&shop.client, &url).await;
        lines.push(line.unwrap_or_else(|_| "unavailable".into()));
    }
    lines.join("\n")
}

/// The cover of a book, which the catalogue has at `/covers/<isbn>`.
async fn cover(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let client = new_client();
    ask(&client, &format!("{}/covers/{isbn}", shop.deps.catalogue)).await
}

/// How many copies of a book there are, from the table `books`. An unknown book is a 404.
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

/// The price of a book (the column `cents` of `books`) in another currency: `cents` times the rate, divided by 100.
/// The rate is a whole number, which the catalogue has at `/rates/<currency>`. Every quote is stored in the table
/// `quotes`, in the columns `isbn` and `cents`, before it's answered. An unknown book is a 404, and then the catalogue
/// isn't asked.
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

/// Sells one copy of each of several books (`/sales/111,222,333`): all of them or none. It takes the copies from the
/// table `books`, and answers 204, No Content, once that is stored. If a book is unknown or sold out, the answer is a
/// 409, Conflict, and the table is as it was.
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

/// The reviews of a book, which the catalogue has at `/reviews/<isbn>`. If the whole page hasn't arrived `PATIENCE`
/// after the request, the handler answers 504, Gateway Timeout, at that instant, and ends the call.
async fn reviews(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let url = format!("{}/reviews/{isbn}", shop.deps.catalogue);
    let response = timeout(PATIENCE, shop.client.get(url).send())
        .await
        .map_err(|_| StatusCode::GATEWAY_TIMEOUT)?
        .and_then(|response| response.error_for_status())
        .map_err(|_| StatusCode::BAD_GATEWAY)?;
    response.text().await.map_err(|_| StatusCode::BAD_GATEWAY)
}

/// Orders a book. It stores the order in the table `orders` (columns `isbn` and `address`), then sends a mail to the
/// address, with the ISBN as its text. The answer is a 202, Accepted, which waits for the database but not for the
/// mail. If the order can't be stored, the answer is a 500, and no mail goes out. If the mail fails, one line goes to
/// `deps.failures`, with the text of the error or the panic.
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
    tokio::spawn(async move {
        if let Err(error) = shop.deps.mailer.send(&address, &isbn).await {
            // Without a reader, nobody is left to tell.
            drop(shop.deps.failures.send(error.to_string()));
        }
    });
    Ok(StatusCode::ACCEPTED)
}

/// The titles of several books (`/shelves/1,2,3`), one line each, in the order of the request. The catalogue has them
/// at `/titles/<isbn>`. If one of them fails, so does the shelf. All requests for shelves together have at most
/// `AT_ONCE` calls to the catalogue in flight, and no fewer while there's enough to ask for.
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
