//! Background tasks: own what you spawn.
//!
//! A handler answers at once and leaves the mail to a task. The service bounds its tasks, and logs how each of
//! them ended. When it is told to stop, it gives them a grace period and aborts what is left.
//!
//!     cargo run --example 07_background_tasks
//!
//! registers Ada with the mail before the response, and five others with the mail after it. A mail takes 2 s;
//! Zoe's takes 5 s, Max's fails, Eve's panics, and for Ian's there is no room. At 0.5 s the service is told to
//! stop, with a grace of 2 s. Ada has her answer after 2.0 s, the others after 0 ms, and the last line is
//!
//!     stopped at 2.5 s
//!
//! give or take some milliseconds. With `WORKBOOK_CLOCK=virtual` it ends at once, and every figure is exact.

use std::{error::Error, panic, sync::Arc, time::Duration};

use async_workbook::clock::{Clock, Readable, timed};
use async_workbook::services::mailer::{Mailer, SimulatedMailer};
use async_workbook::timeline::Recorder;
use axum::extract::{Path, State};
use axum::http::{Request, StatusCode};
use axum::{Router, body::Body, routing::post};
use tokio::{sync::Semaphore, time};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt as _;
use tracing::{Instrument as _, info_span};

fn main() -> Result<(), Box<dyn Error>> {
    // Each panic prints a line on standard error. Here the log has one for it, and that is enough.
    panic::set_hook(Box::new(|_| ()));
    Clock::from_env()?.runtime()?.block_on(lesson())
}

async fn lesson() -> Result<(), Box<dyn Error>> {
    let recorder = Recorder::new();
    recorder.install()?;
    let mailer = SimulatedMailer::new(Duration::from_secs(2));
    let mailer = mailer.latency_for("zoe", Duration::from_secs(5));
    let service = Service {
        mailer: Arc::new(mailer.fails_for("max").panics_for("eve")),
        room: Arc::new(Semaphore::new(4)),
        tasks: TaskTracker::new(),
        abort: CancellationToken::new(),
    };
    let app = Router::new()
        .route("/before/{to}", post(before_the_response))
        .route("/after/{to}", post(after_the_response))
        .with_state(service.clone());

    let others = async {
        for to in ["bob", "max", "eve", "zoe", "ian"] {
            register(&app, format!("/after/{to}")).await;
        }
        time::sleep(Duration::from_millis(500)).await;
        let stop = stop(&service, Duration::from_secs(2));
        stop.instrument(info_span!("stop")).await;
    };
    let both = async { tokio::join!(register(&app, "/before/ada".into()), others) };
    let ((_, took), timeline) = recorder.watch(timed(both)).await;
    println!("\n{timeline}\nstopped at {}", Readable(took));
    Ok(())
}

/// Sends a request, in memory, and says what came back when.
async fn register(app: &Router, path: String) {
    let request = Request::post(&path).body(Body::empty());
    let response = app.clone().oneshot(request.expect("each path is valid"));
    let span = info_span!("request", label = path);
    let (Ok(response), took) = timed(response.instrument(span)).await;
    println!("{path}: {} after {}", response.status(), Readable(took));
}

// ANCHOR: handlers
async fn before_the_response(State(service): State<Service>, Path(to): Path<String>) -> StatusCode {
    let sent = service.mailer.send(&to, "Welcome!").await;
    sent.map_or(StatusCode::SERVICE_UNAVAILABLE, |()| StatusCode::CREATED)
}

async fn after_the_response(State(service): State<Service>, Path(to): Path<String>) -> StatusCode {
    let Ok(place) = service.room.try_acquire_owned() else {
        return StatusCode::SERVICE_UNAVAILABLE;
    };
    // The task may outlive the request, and so it owns what it uses.
    let (mailer, address) = (service.mailer, to.clone());
    let mail = async move { mailer.send(&address, "Welcome!").await };
    // A task of its own: a panic ends it, and not the one that awaits it.
    let task = tokio::spawn(service.abort.run_until_cancelled_owned(mail));
    service.tasks.spawn(async move {
        match task.await {
            Ok(Some(Ok(()))) => println!("log: mail to {to} sent"),
            Ok(Some(Err(error))) => println!("log: {error}"),
            Ok(None) => println!("log: mail to {to} aborted"),
            Err(panic) => println!("log: {panic}"),
        }
        drop(place);
    });
    StatusCode::ACCEPTED
}
// ANCHOR_END: handlers

#[derive(Clone)]
struct Service {
    mailer: Arc<dyn Mailer>,
    room: Arc<Semaphore>,
    tasks: TaskTracker,
    abort: CancellationToken,
}

// ANCHOR: stop
async fn stop(service: &Service, grace: Duration) {
    // The first refuses what is new; the second lets `wait` end with the last task.
    service.room.close();
    service.tasks.close();
    if time::timeout(grace, service.tasks.wait()).await.is_err() {
        service.abort.cancel();
        service.tasks.wait().await;
    }
}
// ANCHOR_END: stop
