//! As right: an actor that owns the mails, tokens in a channel, a pool that is opened when it is needed.

use std::{sync::Arc, time::Duration};

use async_workbook::services::mailer::Mailer;
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use reqwest::Client;
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use tokio::{
    runtime::Handle,
    sync::{
        Mutex, OnceCell,
        mpsc::{Receiver, Sender, UnboundedReceiver, UnboundedSender, channel, unbounded_channel},
    },
    task::JoinSet,
    time::sleep,
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
    // Opened by the first who needs it.
    pool: OnceCell<SqlitePool>,
    // A call to the catalogue for a title begins with a token from here, and puts it back.
    tokens: (Sender<()>, Mutex<Receiver<()>>),
    mails: UnboundedSender<(String, String)>,
}

impl Shop {
    async fn pool(&self) -> Result<&SqlitePool, StatusCode> {
        let options = SqlitePoolOptions::new().max_connections(self.deps.connections);
        let pool = || options.connect_with(self.deps.database.clone());
        self.pool
            .get_or_try_init(pool)
            .await
            .map_err(database_failed)
    }
}

/// Puts its token back however the call ends.
struct Token<'a>(&'a Sender<()>);

impl Drop for Token<'_> {
    fn drop(&mut self) {
        // There is room for it; only a service that ends has nobody to take it.
        let _ended = self.0.try_send(());
    }
}

/// The post office of the service: one task, which owns all mails under way, and learns how each ends.
async fn post_office(
    mailer: Arc<dyn Mailer>,
    mut mails: UnboundedReceiver<(String, String)>,
    failures: UnboundedSender<String>,
) {
    let mut under_way = JoinSet::new();
    loop {
        let ended = tokio::select! {
            mail = mails.recv() => {
                let Some((address, isbn)) = mail else { break };
                let mailer = Arc::clone(&mailer);
                under_way.spawn(async move { mailer.send(&address, &isbn).await });
                continue;
            }
            Some(ended) = under_way.join_next() => ended,
        };
        let failure = match ended {
            Ok(Ok(())) => continue,
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        drop(failures.send(failure));
    }
}

pub fn app(deps: Deps) -> Router {
    let (mails, received) = unbounded_channel();
    let failures = deps.failures.clone();
    tokio::spawn(post_office(Arc::clone(&deps.mailer), received, failures));
    let (give, take) = channel(AT_ONCE);
    for _ in 0..AT_ONCE {
        give.try_send(()).expect("there is room for each");
    }
    let shop = Shop {
        client: new_client(),
        pool: OnceCell::new(),
        tokens: (give, Mutex::new(take)),
        mails,
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
    let library = Arc::clone(&shop.deps.fingerprint);
    Handle::current()
        .spawn_blocking(move || library(&isbn))
        .await
        .expect("the library does not panic")
}

async fn book(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    let part = async |part| {
        let url = format!("{}/{part}/{isbn}", shop.deps.catalogue);
        match ask(&shop.client, &url).await {
            Ok(line) => line,
            Err(_) => "unavailable".into(),
        }
    };
    let (titles, reviews, related) = tokio::join!(part("titles"), part("reviews"), part("related"));
    format!("{titles}\n{reviews}\n{related}")
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
        .fetch_optional(shop.pool().await?)
        .await
        .map_err(database_failed)?;
    Ok(copies.ok_or(StatusCode::NOT_FOUND)?.to_string())
}

async fn quote(
    State(shop): State<Arc<Shop>>,
    Path((isbn, currency)): Path<(String, String)>,
) -> Result<String, StatusCode> {
    let cents: Option<i64> = sqlx::query_scalar("SELECT cents FROM books WHERE isbn = ?")
        .bind(&isbn)
        .fetch_optional(shop.pool().await?)
        .await
        .map_err(database_failed)?;
    let cents = cents.ok_or(StatusCode::NOT_FOUND)?;
    let url = format!("{}/rates/{currency}", shop.deps.catalogue);
    let rate = ask(&shop.client, &url).await?;
    let rate: i64 = rate.parse().map_err(|_| StatusCode::BAD_GATEWAY)?;
    let quoted = cents * rate / 100;
    sqlx::query("INSERT INTO quotes (isbn, cents) VALUES (?, ?)")
        .bind(&isbn)
        .bind(quoted)
        .execute(shop.pool().await?)
        .await
        .map_err(database_failed)?;
    Ok(quoted.to_string())
}

/// The lock for writers is taken at once, and a sale that comes to nothing is taken back by name.
async fn sale(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<StatusCode, StatusCode> {
    let begun = shop.pool().await?.begin_with("BEGIN IMMEDIATE").await;
    let mut transaction = begun.map_err(database_failed)?;
    for isbn in isbns.split(',') {
        let copies: Option<i64> = sqlx::query_scalar("SELECT copies FROM books WHERE isbn = ?")
            .bind(isbn)
            .fetch_optional(&mut *transaction)
            .await
            .map_err(database_failed)?;
        if copies.unwrap_or(0) < 1 {
            transaction.rollback().await.map_err(database_failed)?;
            return Err(StatusCode::CONFLICT);
        }
        sqlx::query("UPDATE books SET copies = copies - 1 WHERE isbn = ?")
            .bind(isbn)
            .execute(&mut *transaction)
            .await
            .map_err(database_failed)?;
    }
    transaction.commit().await.map_err(database_failed)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn reviews(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let url = format!("{}/reviews/{isbn}", shop.deps.catalogue);
    tokio::select! {
        page = ask(&shop.client, &url) => page,
        () = sleep(PATIENCE) => Err(StatusCode::GATEWAY_TIMEOUT),
    }
}

async fn order(
    State(shop): State<Arc<Shop>>,
    Path((isbn, address)): Path<(String, String)>,
) -> Result<StatusCode, StatusCode> {
    sqlx::query("INSERT INTO orders (isbn, address) VALUES (?, ?)")
        .bind(&isbn)
        .bind(&address)
        .execute(shop.pool().await?)
        .await
        .map_err(database_failed)?;
    let posted = shop.mails.send((address, isbn));
    posted.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(StatusCode::ACCEPTED)
}

async fn shelf(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<String, StatusCode> {
    let isbns: Vec<_> = isbns.split(',').map(str::to_owned).collect();
    let titles: Vec<String> = stream::iter(isbns)
        .map(|isbn| {
            let shop = Arc::clone(&shop);
            async move {
                let (give, take) = &shop.tokens;
                take.lock().await.recv().await;
                let _token = Token(give);
                let url = format!("{}/titles/{isbn}", shop.deps.catalogue);
                ask(&shop.client, &url).await
            }
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    Ok(titles.join("\n"))
}

// Hands this service to the hidden tests. Leave this line as it is.
hidden_pitfalls::grade!();
