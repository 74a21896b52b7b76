//! Background tasks: own what you spawn.
//!
//! A handler answers at once and leaves the mail to a task. The service keeps track of its tasks, notices
//! the one that panics, and when it is told to stop, gives them a grace period and aborts what is left.
//!
//!     cargo run --example 07_background_tasks
//!
//! registers Ada with the mail before the response, and Bob with the mail after it. A thumbnail panics at
//! 0.5 s, an export would take 5 s, and at 0.5 s the service is told to stop, with a grace of 2 s. It draws
//! who ran when, and ends with
//!
//!     POST /before/ada   202 Accepted after 2.0 s
//!     POST /after/bob    202 Accepted after 0 ms
//!     stopped at 2.5 s   1 done, 1 panicked, 1 aborted
//!
//! give or take some milliseconds. With `WORKBOOK_CLOCK=virtual` it ends at once, and every figure is exact.

use std::{
    error::Error,
    panic,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_workbook::{
    clock::{Clock, Readable, timed},
    mailer::{Mailer, SimulatedMailer},
    timeline::Recorder,
};
use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::{Request, StatusCode},
    routing::post,
};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt as _;
use tracing::{Instrument as _, field::Empty, info_span};

const MAIL: Duration = Duration::from_secs(2);
const EXPORT: Duration = Duration::from_secs(5);
const STOP_AT: Duration = Duration::from_millis(500);
const GRACE: Duration = Duration::from_secs(2);

fn main() -> Result<(), Box<dyn Error>> {
    // A panic is told where it belongs: in the service's log, which is standard output here.
    panic::set_hook(Box::new(|panic| {
        let message = panic.payload_as_str().unwrap_or("no message");
        println!("log: a task panicked: {message}\n");
    }));
    Clock::from_env()?.runtime()?.block_on(lesson())
}

async fn lesson() -> Result<(), Box<dyn Error>> {
    let recorder = Recorder::new();
    recorder.install()?;
    let service = Service::new(SimulatedMailer::new(MAIL));
    let app = Router::new()
        .route("/before/{to}", post(mail_before_the_response))
        .route("/after/{to}", post(mail_after_the_response))
        .with_state(service.clone());

    let start = Instant::now();
    let program = async {
        service.spawn("thumbnail", async {
            sleep(STOP_AT).await;
            panic!("a picture with a width of 0");
        });
        service.spawn("export", sleep(EXPORT));
        let stop = async {
            sleep(STOP_AT).await;
            let report = service.stop().instrument(info_span!("stop")).await;
            format!("stopped at {}   {report}", Readable(start.elapsed()))
        };
        let (ada, bob) = (respond(&app, "/before/ada"), respond(&app, "/after/bob"));
        tokio::join!(ada, bob, stop)
    };
    let ((ada, bob, stopped), timeline) = recorder.watch(program).await;
    println!("{timeline}\n{ada}\n{bob}\n{stopped}");
    Ok(())
}

/// Sends a request, and says what came back when.
async fn respond(app: &Router, path: &str) -> String {
    let request = Request::post(path).body(Body::empty());
    let request = request.expect("the path is one");
    let response = app.clone().oneshot(request);
    let span = info_span!("request", label = path);
    let (Ok(response), took) = timed(response.instrument(span)).await;
    let answer = format!("{} after {}", response.status(), Readable(took));
    format!("{:19}{answer}", format!("POST {path}"))
}

// ANCHOR: before
async fn mail_before_the_response(
    State(service): State<Service>,
    Path(to): Path<String>,
) -> StatusCode {
    match service.mailer.send(&to, "Welcome!").await {
        Ok(()) => StatusCode::ACCEPTED,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
// ANCHOR_END: before

// ANCHOR: after
async fn mail_after_the_response(
    State(service): State<Service>,
    Path(to): Path<String>,
) -> StatusCode {
    // The task may outlive the request, and so it owns what it uses.
    let mailer = Arc::clone(&service.mailer);
    service.spawn("job", async move {
        if let Err(error) = mailer.send(&to, "Welcome!").await {
            println!("log: {error}");
        }
    });
    StatusCode::ACCEPTED
}
// ANCHOR_END: after

#[derive(Clone)]
struct Service {
    mailer: Arc<dyn Mailer>,
    tasks: TaskTracker,
    abort: CancellationToken,
    report: Arc<Mutex<Report>>,
}
