//! The state of a service: made before it serves, dropped when it has drained.

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
};

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::post,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{mpsc, oneshot},
};

use crate::call::fetch;

// ANCHOR: state
/// What the handlers share. Each request gets a clone, so everything in it is a handle.
#[derive(Clone)]
struct AppState {
    visits: Arc<Mutex<u64>>,
    printer: mpsc::Sender<String>,
}

async fn order(State(state): State<AppState>, Path(seat): Path<String>) -> StatusCode {
    *state.visits.lock().expect("nobody panics with it") += 1;
    match state.printer.send(seat).await {
        Ok(()) => StatusCode::ACCEPTED,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
// ANCHOR_END: state

async fn print(mut mailbox: mpsc::Receiver<String>) -> usize {
    let mut printed = 0;
    while let Some(_seat) = mailbox.recv().await {
        fetch("printer", 20).await;
        printed += 1;
    }
    printed
}

/// A connection to something without which the service makes no sense.
struct Database(Arc<AtomicBool>);

impl Database {
    async fn connect(closed: Arc<AtomicBool>, there: bool) -> io::Result<Self> {
        if !there {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        Ok(Self(closed))
    }

    async fn close(self) {
        self.0.store(true, SeqCst);
    }
}

// ANCHOR: run
async fn run(
    listener: TcpListener,
    database: impl Future<Output = io::Result<Database>>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<usize> {
    // Startup. If this fails, the service never accepts a request.
    let database = database.await?;
    let (printer, mailbox) = mpsc::channel(16);
    let printing = tokio::spawn(print(mailbox));
    let state = AppState {
        visits: Arc::default(),
        printer,
    };
    let app = Router::new()
        .route("/order/{seat}", post(order))
        .with_state(state);

    axum::serve(listener, app)
        .with_graceful_shutdown(stop)
        .await?;

    // Shutdown, in the opposite order. The state went with the last request, and the last sender with it,
    // so the printer ends when its mailbox is empty. Only then does the database close.
    let printed = printing.await?;
    database.close().await;
    Ok(printed)
}
// ANCHOR_END: run

async fn listener() -> io::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", 0)).await
}

#[tokio::test]
async fn the_state_goes_with_the_last_request_and_the_actor_ends_after_it() -> io::Result<()> {
    let (closed, listener) = (Arc::new(AtomicBool::new(false)), listener().await?);
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let database = Database::connect(Arc::clone(&closed), true);
    let running = tokio::spawn(run(listener, database, async {
        // Either way, it's told to stop.
        let _sender_is_gone = stopped.await;
    }));
    for seat in 1..=5 {
        let mut client = TcpStream::connect(address).await?;
        let request = format!(
            "POST /order/{seat} HTTP/1.1\r\nhost: here\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        );
        client.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        client.read_to_string(&mut answer).await?;
        assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
    }
    assert!(!closed.load(SeqCst));
    drop(stop);
    assert_eq!(running.await??, 5, "what was in the mailbox was printed");
    assert!(closed.load(SeqCst));
    Ok(())
}

#[tokio::test]
async fn a_service_whose_startup_fails_never_serves() -> io::Result<()> {
    let listener = listener().await?;
    let database = Database::connect(Arc::default(), false);
    let ended = run(listener, database, async {}).await;
    let kind = ended.expect_err("there's no database").kind();
    assert_eq!(kind, io::ErrorKind::ConnectionRefused);
    Ok(())
}
