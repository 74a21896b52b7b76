//! HTTP in both directions, a database, and a service that stops.

use std::time::Duration;

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use reqwest::Client;
use sqlx::SqlitePool;
use tokio::{io, net::TcpListener, time::timeout};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::call::{Page, fetch, ms, timed};

// ANCHOR: client
fn client() -> reqwest::Result<Client> {
    // Once; clones share it.
    Client::builder().timeout(Duration::from_secs(5)).build()
}

async fn text(client: &Client, url: String) -> reqwest::Result<String> {
    client
        .get(url)
        .send()
        .await?
        .error_for_status()?
        .text()
        .await
}
// ANCHOR_END: client

// ANCHOR: app
#[derive(Clone)]
struct App {
    pool: SqlitePool, // A handle: clones share the connections.
}

fn app(state: App) -> Router {
    Router::new()
        .route("/users/{id}", get(user))
        .route("/report", get(report))
        .with_state(state)
}

async fn user(State(app): State<App>, Path(id): Path<i64>) -> Result<String, StatusCode> {
    match name(&app.pool, id).await {
        Ok(Some(name)) => Ok(name),
        Ok(None) => Err(StatusCode::NOT_FOUND),
        // What went wrong is for the log, and not for the client.
        Err(_) => Err(StatusCode::INTERNAL_SERVER_ERROR),
    }
}
// ANCHOR_END: app

// ANCHOR: gateway_timeout
struct TooSlow;

impl IntoResponse for TooSlow {
    fn into_response(self) -> Response {
        (StatusCode::GATEWAY_TIMEOUT, "the report takes too long").into_response()
    }
}

async fn report() -> Result<Page, TooSlow> {
    let report = timeout(Duration::from_secs(5), fetch("report", 60_000)).await;
    report.map_err(|_elapsed| TooSlow)
}
// ANCHOR_END: gateway_timeout

// ANCHOR: query
async fn name(pool: &SqlitePool, id: i64) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT name FROM users WHERE id = ?")
        .bind(id)
        .fetch_optional(pool) // Takes a connection, and gives it back.
        .await
}
// ANCHOR_END: query

// ANCHOR: transaction
async fn rename(pool: &SqlitePool, id: i64, name: &str) -> sqlx::Result<bool> {
    let mut transaction = pool.begin().await?;
    let done = sqlx::query("UPDATE users SET name = ? WHERE id = ?")
        .bind(name)
        .bind(id)
        .execute(&mut *transaction)
        .await?;
    if done.rows_affected() != 1 {
        return Ok(false); // The transaction is dropped, and so rolled back.
    }
    transaction.commit().await?;
    Ok(true)
}
// ANCHOR_END: transaction

// ANCHOR: serve
async fn serve(on: TcpListener, app: Router, stop: CancellationToken) -> io::Result<()> {
    axum::serve(on, app)
        .with_graceful_shutdown(stop.cancelled_owned())
        .await // Returns when the open requests have been answered.
}
// ANCHOR_END: serve

/// One connection: each connection to `:memory:` is a database of its own.
async fn database() -> SqlitePool {
    let one = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1);
    let pool = one
        .connect("sqlite::memory:")
        .await
        .expect("SQLite is linked in");
    for statement in [
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)",
        "INSERT INTO users VALUES (1, 'Ada')",
    ] {
        sqlx::query(statement)
            .execute(&pool)
            .await
            .expect("the statement is right");
    }
    pool
}

// ANCHOR: oneshot
async fn status(app: Router, path: &str) -> StatusCode {
    let request = axum::http::Request::get(path).body(axum::body::Body::empty());
    app.oneshot(request.expect("the path is one"))
        .await
        .expect("a router does not fail")
        .status()
}
// ANCHOR_END: oneshot

#[tokio::test]
async fn a_service_answers_and_stops_when_it_is_told() {
    let pool = database().await;
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("loopback is there");
    let address = listener.local_addr().expect("it is bound");
    let stop = CancellationToken::new();
    let service = tokio::spawn(serve(listener, app(App { pool }), stop.clone()));

    // A proxy that the environment names cannot reach this machine's loopback.
    let client = Client::builder().no_proxy().build();
    let client = client.expect("the settings are right");
    let ada = text(&client, format!("http://{address}/users/1")).await;
    assert_eq!(ada.expect("it is there"), "Ada");
    let nobody = text(&client, format!("http://{address}/users/2")).await;
    assert_eq!(
        nobody.expect_err("there is no such user").status(),
        Some(StatusCode::NOT_FOUND)
    );
    // Without `error_for_status`, that answer is a success like any other.
    let nobody = client.get(format!("http://{address}/users/2")).send().await;
    assert_eq!(
        nobody.expect("it was answered").status(),
        StatusCode::NOT_FOUND
    );

    drop(client);
    stop.cancel();
    service
        .await
        .expect("it does not panic")
        .expect("it served");
}

#[test]
fn a_client_has_a_limit() {
    // What it has been told is to be seen in no other way, where the environment may name a proxy.
    let client = client().expect("the settings are right");
    assert!(format!("{client:?}").contains("5s"), "{client:?}");
}

#[tokio::test]
async fn a_path_that_is_no_number_never_reaches_the_handler() {
    assert_eq!(
        status(
            app(App {
                pool: database().await
            }),
            "/users/ada"
        )
        .await,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn a_transaction_that_is_dropped_is_rolled_back() {
    let pool = database().await;
    assert!(
        !rename(&pool, 2, "Grace")
            .await
            .expect("the statement is right")
    );
    assert!(
        rename(&pool, 1, "Grace")
            .await
            .expect("the statement is right")
    );
    assert_eq!(
        name(&pool, 1).await.expect("the query is right").as_deref(),
        Some("Grace")
    );

    let mut transaction = pool.begin().await.expect("the connection is free");
    let gone = sqlx::query("DELETE FROM users")
        .execute(&mut *transaction)
        .await;
    assert_eq!(gone.expect("the statement is right").rows_affected(), 1);
    drop(transaction);
    assert_eq!(
        name(&pool, 1).await.expect("the query is right").as_deref(),
        Some("Grace")
    );
}

// ANCHOR: test
#[tokio::test(start_paused = true)]
async fn a_slow_report_is_given_up_after_five_seconds() {
    let app = Router::new().route("/report", get(report));
    let (status, took) = timed(status(app, "/report")).await;
    assert_eq!((status, took), (StatusCode::GATEWAY_TIMEOUT, ms(5000)));
}
// ANCHOR_END: test
