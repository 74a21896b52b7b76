//! As right: a task for each call, connections in scopes, and the client's own timeout.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use async_workbook::services::mailer::Mailer;
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use futures::FutureExt as _;
use reqwest::Client;
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use tokio::{
    sync::{Semaphore, mpsc::UnboundedSender, oneshot},
    task::JoinSet,
};
use tokio_util::task::AbortOnDropHandle;

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
    at_once: Arc<Semaphore>,
}

pub fn app(deps: Deps) -> Router {
    let shop = Shop {
        client: new_client(),
        pool: SqlitePoolOptions::new()
            .max_connections(deps.connections)
            .connect_lazy_with(deps.database.clone()),
        at_once: Arc::new(Semaphore::new(AT_ONCE)),
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

async fn fingerprint(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    // A thread of its own, and a channel to await it by: a computation that lasts leaves the blocking pool
    // alone.
    let (sender, receiver) = oneshot::channel();
    std::thread::spawn(move || {
        let fingerprint = (shop.deps.fingerprint)(&isbn);
        // A customer who has hung up waits for nothing.
        drop(sender.send(fingerprint));
    });
    receiver.await.expect("the library does not panic")
}

async fn book(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    // A `JoinSet` gives back its tasks as they end: each carries the place of its line.
    let mut calls = JoinSet::new();
    for (place, part) in ["titles", "reviews", "related"].into_iter().enumerate() {
        let shop = Arc::clone(&shop);
        let url = format!("{}/{part}/{isbn}", shop.deps.catalogue);
        calls.spawn(async move { (place, ask(&shop.client, &url).await) });
    }
    let mut lines = ["unavailable"; 3].map(String::from);
    while let Some(called) = calls.join_next().await {
        if let Ok((place, Ok(line))) = called {
            lines[place] = line;
        }
    }
    lines.join("\n")
}

async fn cover(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    // A clone of a client shares its connections.
    let client = shop.client.clone();
    ask(&client, &format!("{}/covers/{isbn}", shop.deps.catalogue)).await
}

async fn stock(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let mut connection = shop.pool.acquire().await.map_err(database_failed)?;
    let copies: Option<i64> = sqlx::query_scalar("SELECT copies FROM books WHERE isbn = ?")
        .bind(&isbn)
        .fetch_optional(&mut *connection)
        .await
        .map_err(database_failed)?;
    copies
        .map(|copies| copies.to_string())
        .ok_or(StatusCode::NOT_FOUND)
}

async fn quote(
    State(shop): State<Arc<Shop>>,
    Path((isbn, currency)): Path<(String, String)>,
) -> Result<String, StatusCode> {
    let cents = {
        let mut connection = shop.pool.acquire().await.map_err(database_failed)?;
        let cents: Option<i64> = sqlx::query_scalar("SELECT cents FROM books WHERE isbn = ?")
            .bind(&isbn)
            .fetch_optional(&mut *connection)
            .await
            .map_err(database_failed)?;
        cents.ok_or(StatusCode::NOT_FOUND)?
        // Here the connection goes back.
    };
    let url = format!("{}/rates/{currency}", shop.deps.catalogue);
    let rate: i64 = ask(&shop.client, &url)
        .await?
        .parse()
        .map_err(|_| StatusCode::BAD_GATEWAY)?;
    let quoted = cents * rate / 100;
    let mut transaction = shop.pool.begin().await.map_err(database_failed)?;
    sqlx::query("INSERT INTO quotes (isbn, cents) VALUES (?, ?)")
        .bind(&isbn)
        .bind(quoted)
        .execute(&mut *transaction)
        .await
        .map_err(database_failed)?;
    transaction.commit().await.map_err(database_failed)?;
    Ok(quoted.to_string())
}

async fn sale(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<StatusCode, StatusCode> {
    // In a task, a sale goes on to its end even if the customer hangs up.
    let sale = tokio::spawn(async move {
        let mut transaction = shop.pool.begin().await?;
        for isbn in isbns.split(',') {
            let sold =
                sqlx::query("UPDATE books SET copies = copies - 1 WHERE isbn = ? AND copies > 0")
                    .bind(isbn)
                    .execute(&mut *transaction)
                    .await?;
            if sold.rows_affected() == 0 {
                return Ok(false);
            }
        }
        transaction.commit().await?;
        Ok::<bool, sqlx::Error>(true)
    });
    match sale.await.expect("it does not panic") {
        Ok(true) => Ok(StatusCode::NO_CONTENT),
        Ok(false) => Err(StatusCode::CONFLICT),
        Err(error) => Err(database_failed(error)),
    }
}

async fn reviews(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    // The client's own timeout goes from the connecting to the last byte, and shows in the error.
    let url = format!("{}/reviews/{isbn}", shop.deps.catalogue);
    let page = async {
        let response = shop.client.get(url).timeout(PATIENCE).send().await?;
        response.error_for_status()?.text().await
    };
    page.await.map_err(|error| {
        if error.is_timeout() {
            StatusCode::GATEWAY_TIMEOUT
        } else {
            StatusCode::BAD_GATEWAY
        }
    })
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
    // One task is enough where the panic is caught inside of it.
    tokio::spawn(async move {
        let mail = AssertUnwindSafe(shop.deps.mailer.send(&address, &isbn)).catch_unwind();
        let failure = match mail.await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            Err(payload) => match payload.downcast::<String>() {
                Ok(message) => *message,
                Err(payload) => payload
                    .downcast_ref::<&str>()
                    .map_or("a panic without words", |message| *message)
                    .to_owned(),
            },
        };
        drop(shop.deps.failures.send(failure));
    });
    Ok(StatusCode::ACCEPTED)
}

async fn shelf(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<String, StatusCode> {
    // Each call is a task that takes its permit along. All are spawned before the first is awaited.
    let calls: Vec<_> = isbns
        .split(',')
        .map(|isbn| {
            let at_once = Arc::clone(&shop.at_once);
            let client = shop.client.clone();
            let url = format!("{}/titles/{isbn}", shop.deps.catalogue);
            AbortOnDropHandle::new(tokio::spawn(async move {
                let _permit = at_once.acquire_owned().await;
                ask(&client, &url).await
            }))
        })
        .collect();
    let mut titles = Vec::new();
    for call in calls {
        titles.push(call.await.expect("it does not panic")?);
    }
    Ok(titles.join("\n"))
}

// Hands this service to the hidden tests. Leave this line as it is.
hidden_pitfalls::grade!();
