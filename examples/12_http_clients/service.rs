//! The service that the lesson calls, on loopback, and a clock to call it on.

use std::{
    collections::HashSet,
    future::{IntoFuture as _, pending},
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_workbook::{
    clock::{Clock, Hold, Readable},
    timeline::Timeline,
};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use futures::{Stream, StreamExt as _, stream};
use real_services::accepts::Accepts;
use reqwest::{Client, ClientBuilder};
use tokio::{
    net::{TcpListener, TcpSocket},
    time::{advance, sleep},
};
use tokio_util::task::AbortOnDropHandle;

const MS: Duration = Duration::from_millis(1);

/// What goes wrong, and where.
const FAILURES: [(&str, &str); 7] = [
    ("nobody listens", "nobody"),
    ("no answer within 0.2 s", "/silent"),
    ("half an answer in 0.2 s", "/stalls"),
    ("the connection breaks", "/breaks"),
    ("a redirect in a circle", "/circle"),
    ("status 200, and no JSON", "/html"),
    ("status 500, and the text 7", "/error"),
];

/// A running service. It ends when this is dropped.
pub(super) struct Service {
    base: String,
    accepts: Accepts,
    ledger: Arc<Ledger>,
    nobody: (String, TcpSocket),
    _server: AbortOnDropHandle<io::Result<()>>,
}

/// What has been paid.
#[derive(Default)]
struct Ledger {
    requests: AtomicUsize,
    payments: AtomicUsize,
    keys: Mutex<HashSet<HeaderValue>>,
}

impl Service {
    pub(super) async fn start() -> io::Result<Self> {
        let loopback = ([127, 0, 0, 1], 0).into();
        let listener = TcpListener::bind(loopback).await?;
        let (accepts, ledger) = (Accepts::default(), Arc::<Ledger>::default());
        // Taken, and nobody listens: nobody else can.
        let socket = TcpSocket::new_v4()?;
        socket.bind(loopback)?;
        let base = format!("http://{}", listener.local_addr()?);
        let server = axum::serve(accepts.count(listener), app(Arc::clone(&ledger)));
        Ok(Self {
            base,
            accepts,
            ledger,
            nobody: (format!("http://{}", socket.local_addr()?), socket),
            _server: AbortOnDropHandle::new(tokio::spawn(server.into_future())),
        })
    }

    pub(super) fn url(&self, path: &str) -> String {
        match path {
            "nobody" => self.nobody.0.clone(),
            path => format!("{}{path}", self.base),
        }
    }

    /// Does this 20 times, one after another, and prints how many connections that took.
    pub(super) async fn count(
        &self,
        what: &str,
        ask: impl AsyncFn() -> reqwest::Result<()>,
    ) -> reqwest::Result<()> {
        let (before, hold) = (self.accepts.total(), Hold::new());
        for _ in 0..20 {
            ask().await?;
            // The client notices the end of an answer in a task of its own.
            hold.turns(5).await;
        }
        println!(
            "{what}: {}",
            plural(self.accepts.total() - before, "connection")
        );
        Ok(())
    }

    /// Asks where something goes wrong, each time in another way, and prints what reqwest says of it.
    pub(super) async fn fail_in_all_ways(&self, ask: impl AsyncFn(&str) -> reqwest::Result<u64>) {
        println!(
            "\n{:26} {:28}  and is true of it",
            "what happens", "what reqwest says"
        );
        for (what, path) in FAILURES {
            match ask(&self.url(path)).await {
                Ok(number) => println!("{what:26} Ok({number})"),
                Err(error) => {
                    let is = true_of(&error);
                    // The URL has another port in each run.
                    let says = error.without_url().to_string();
                    println!("{what:26} {says:28}  {is}");
                }
            }
        }
    }

    /// How many payments there were since this was last asked.
    pub(super) fn new_payments(&self) -> String {
        plural(self.ledger.payments.swap(0, Ordering::Relaxed), "payment")
    }
}

fn app(ledger: Arc<Ledger>) -> Router {
    let piece = || Ok(Bytes::from_static(b"12"));
    let stalls = move || body(stream::iter([piece()]).chain(stream::pending()));
    let breaks = move || {
        let end = async {
            sleep(100 * MS).await;
            Err(io::Error::other("breaks"))
        };
        body(stream::iter([piece()]).chain(stream::once(end)))
    };
    let slow = move || {
        body(stream::iter(0..3).then(move |_| async move {
            sleep(200 * MS).await;
            piece()
        }))
    };
    Router::new()
        // Larger than what a client reads ahead.
        .route("/page", get(async || vec![b'.'; 1 << 20]))
        .route("/silent", get(pending::<()>))
        .route("/stalls", get(async move || stalls()))
        .route("/breaks", get(async move || breaks()))
        .route("/circle", get(async || Redirect::to("/circle")))
        .route("/html", get(async || "<h1>Welcome</h1>"))
        .route(
            "/error",
            get(async || (StatusCode::INTERNAL_SERVER_ERROR, "7")),
        )
        .route("/slow", get(async move || slow()))
        .route("/payments", post(pay))
        .with_state(ledger)
}

fn body(pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Body {
    Body::from_stream(pieces)
}

/// Pays, unless it has paid for this key. Its first answer gets lost. If there's a key, it's busy the next time.
async fn pay(State(ledger): State<Arc<Ledger>>, headers: HeaderMap) -> Response {
    let key = headers.get("idempotency-key").cloned();
    let is_new = {
        let mut keys = ledger.keys.lock().unwrap_or_else(PoisonError::into_inner);
        key.clone().is_none_or(|key| keys.insert(key))
    };
    let number = ledger.requests.fetch_add(1, Ordering::Relaxed);
    if key.is_some() && number == 3 {
        return (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, "1")]).into_response();
    }
    sleep(100 * MS).await;
    if is_new {
        ledger.payments.fetch_add(1, Ordering::Relaxed);
    }
    // The first request without a key, and the first with one.
    if [0, 2].contains(&number) {
        pending::<()>().await;
    }
    StatusCode::OK.into_response()
}

/// A proxy from the environment must not see calls that stay on this machine.
pub(super) fn builder() -> ClientBuilder {
    Client::builder().no_proxy()
}

pub(super) fn client() -> reqwest::Result<Client> {
    builder().build()
}

/// How long the service asks to be left alone.
pub(super) fn retry_after(response: &reqwest::Response) -> Duration {
    let value = response.headers().get(RETRY_AFTER);
    let seconds = value.and_then(|value| value.to_str().ok()?.parse().ok());
    Duration::from_secs(seconds.unwrap_or(1))
}

/// Which questions such an error answers with yes.
fn true_of(error: &reqwest::Error) -> String {
    let answers = [
        ("is_timeout", error.is_timeout()),
        ("is_connect", error.is_connect()),
        ("is_request", error.is_request()),
        ("is_redirect", error.is_redirect()),
        ("is_decode", error.is_decode()),
    ];
    let is_true = answers.iter().filter(|(_, answer)| *answer);
    let names: Vec<_> = is_true.map(|(name, _)| *name).collect();
    names.join(", ")
}

fn plural(count: usize, noun: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{s}")
}

pub(super) fn show(what: &str, timeline: &Timeline) {
    let took = Readable(timeline.total);
    print!("\n{what} after {took}\n\n{timeline}");
}

/// Runs this on either clock. The paused one doesn't see that bytes are on their way, so it's held while they may be, and
/// moved by hand.
pub(super) async fn paced<T>(clock: Clock, run: impl Future<Output = T>) -> T {
    let moved = async {
        if clock == Clock::Real {
            return pending().await;
        }
        let hold = Hold::new();
        loop {
            hold.turns(50).await;
            advance(100 * MS).await;
        }
    };
    tokio::select! {
        output = run => output,
        never = moved => never,
    }
}
