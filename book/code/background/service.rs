//! A service with work in the background that stops in order.
//!
//!     cargo run -p book --example background_service
//!     curl -X POST http://127.0.0.1:3000/register/ada
//!     curl http://127.0.0.1:3000/report
//!
//! Stop it with Ctrl-C, or with `kill`, which is what systemd, Docker and Kubernetes do. It takes no more connections,
//! answers the requests that are open, sends the mails that it has promised, and then ends; or it gives up after 20 s.

use std::{io, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use tokio::{
    net::TcpListener,
    signal::ctrl_c,
    sync::Semaphore,
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

#[cfg(all(test, unix))]
#[path = "service/signal.rs"]
mod signal;
#[cfg(test)]
#[path = "service/stopping.rs"]
mod stopping;

// ANCHOR: main
#[tokio::main]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on {}", listener.local_addr()?);
    let service = Service::new(16);
    let end = run(listener, app(service.clone()), service, told_to_stop()).await?;
    println!("{end:?}");
    Ok(())
}
// ANCHOR_END: main

// ANCHOR: signals
/// Ends at the first Ctrl-C or SIGTERM.
async fn told_to_stop() {
    tokio::select! {
        pressed = ctrl_c() => pressed.expect("listen for Ctrl-C"),
        () = terminated() => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminate = signal(SignalKind::terminate());
    terminate.expect("listen for SIGTERM").recv().await;
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await // Windows has no SIGTERM.
}
// ANCHOR_END: signals

// ANCHOR: run
// How long open requests and background tasks may take after the signal.
// Together, that is less than the 30 s after which Kubernetes kills a process.
const ANSWER: Duration = Duration::from_secs(10);
const DRAIN: Duration = Duration::from_secs(10);

/// Serves until `stop`, and then ends in order.
async fn run(
    listener: TcpListener,
    app: Router,
    service: Service,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<End> {
    let stopping = CancellationToken::new();
    let told = stopping.clone();
    let serving = axum::serve(listener, app).with_graceful_shutdown(async move {
        stop.await;
        told.cancel();
    });
    // The limit counts from the signal, and not from the start.
    let too_long = async {
        stopping.cancelled().await;
        sleep(ANSWER).await;
    };
    let answered = tokio::select! {
        served = serving.into_future() => served.map(|()| true)?,
        () = too_long => false,
    };
    // Only now, since the last requests may have submitted tasks.
    service.room.close();
    service.tasks.close();
    let drained = timeout(DRAIN, service.tasks.wait()).await.is_ok();
    Ok(End { answered, drained })
}

/// Whether the open requests and the background tasks ended in time.
#[derive(Debug, Eq, PartialEq)]
struct End {
    answered: bool,
    drained: bool,
}
// ANCHOR_END: run

/// What the handlers share.
#[derive(Clone)]
struct Service {
    room: Arc<Semaphore>,
    tasks: TaskTracker,
}

impl Service {
    fn new(limit: usize) -> Self {
        Self {
            room: Arc::new(Semaphore::new(limit)),
            tasks: TaskTracker::new(),
        }
    }

    /// Whether there was room for the job.
    fn submit(&self, job: impl Future<Output = ()> + Send + 'static) -> bool {
        let Ok(place) = Arc::clone(&self.room).try_acquire_owned() else {
            return false;
        };
        self.tasks.spawn(async move {
            let _place = place;
            job.await;
        });
        true
    }
}

fn app(service: Service) -> Router {
    Router::new()
        .route("/register/{name}", post(register))
        .route("/report", get(report))
        .with_state(service)
}

async fn register(State(service): State<Service>, Path(name): Path<String>) -> StatusCode {
    let mail = async move {
        sleep(Duration::from_secs(2)).await;
        println!("mail to {name} sent");
    };
    if service.submit(mail) {
        StatusCode::ACCEPTED
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

async fn report() -> &'static str {
    sleep(Duration::from_secs(3)).await;
    "done\n"
}
