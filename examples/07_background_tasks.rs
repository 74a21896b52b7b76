//! Background tasks: own what you spawn.
//!
//! A handler answers at once and leaves the mail to a task. The service keeps track of its tasks, notices
//! the one that panics, and when it is told to stop, gives them a grace period and aborts what is left.
//!
//!     cargo run --example 07_background_tasks
//!
//! registers Ada with the mail before the response, and the others with the mail after it. A mail takes 2 s;
//! Zoe's takes 5 s, Max's fails, and Eve's panics. At 0.5 s the service is told to stop, with a grace of 2 s.
//! The program draws who ran when, says that Ada had her answer after 2.0 s and the others after 0 ms, and ends with
//!
//!     stopped at 2.5 s: Report { done: 1, failed: 1, panicked: 1, aborted: 1 }
//!
//! give or take some milliseconds. With `WORKBOOK_CLOCK=virtual` it ends at once, and every figure is exact.

use std::sync::{Arc, Mutex};
use std::{error::Error, panic, time::Duration};

use async_workbook::clock::{Clock, Readable, timed};
use async_workbook::mailer::{MailError, Mailer, SimulatedMailer};
use async_workbook::timeline::Recorder;
use axum::extract::{Path, State};
use axum::http::{Request, StatusCode};
use axum::{Router, body::Body, routing::post};
use futures::future::join_all;
use tokio::time::{sleep, timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt as _;
use tracing::{Instrument as _, info_span};

const GRACE: Duration = Duration::from_secs(2);
const PATHS: [&str; 5] = [
    "/before/ada",
    "/after/bob",
    "/after/max",
    "/after/eve",
    "/after/zoe",
];

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
    let mailer = SimulatedMailer::new(Duration::from_secs(2));
    let mailer = mailer.latency_for("zoe", Duration::from_secs(5));
    let service = Service::new(mailer.fails_for("max").panics_for("eve"));
    let app = Router::new()
        .route("/before/{to}", post(before_the_response))
        .route("/after/{to}", post(after_the_response))
        .with_state(service.clone());

    let answers = join_all(PATHS.map(|path| respond(&app, path)));
    let stop = async {
        sleep(Duration::from_millis(500)).await;
        service.stop().instrument(info_span!("stop")).await
    };
    let both = timed(async { tokio::join!(answers, stop) });
    let (((answers, report), took), timeline) = recorder.watch(both).await;
    println!("{timeline}\n{}", answers.join("\n"));
    println!("stopped at {}: {report:?}", Readable(took));
    Ok(())
}

/// Sends a request, in memory, and says what came back when.
async fn respond(app: &Router, path: &str) -> String {
    let request = Request::post(path).body(Body::empty());
    let response = app.clone().oneshot(request.expect("each path is valid"));
    let span = info_span!("request", label = path);
    let (Ok(response), took) = timed(response.instrument(span)).await;
    let status = response.status();
    format!("POST {path}: {status} after {}", Readable(took))
}

// ANCHOR: before
async fn before_the_response(State(service): State<Service>, Path(to): Path<String>) -> StatusCode {
    let sent = service.mailer.send(&to, "Welcome!").await;
    sent.map_or(StatusCode::SERVICE_UNAVAILABLE, |()| StatusCode::ACCEPTED)
}
// ANCHOR_END: before

// ANCHOR: after
async fn after_the_response(State(service): State<Service>, Path(to): Path<String>) -> StatusCode {
    // The task may outlive the request, and so it owns what it uses.
    let mailer = Arc::clone(&service.mailer);
    service.spawn(async move { mailer.send(&to, "Welcome!").await });
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

#[derive(Clone, Copy, Debug, Default)]
struct Report {
    done: usize,
    failed: usize,
    panicked: usize,
    aborted: usize,
}

impl Service {
    // ANCHOR: spawn
    fn spawn(&self, job: impl Future<Output = Result<(), MailError>> + Send + 'static) {
        // A task of its own: a panic ends it, and not the one that awaits it.
        let task = tokio::spawn(self.abort.clone().run_until_cancelled_owned(job));
        let report = Arc::clone(&self.report);
        self.tasks.spawn(async move {
            let joined = task.await;
            let mut report = report.lock().expect("nothing panics under this lock");
            match joined {
                Ok(Some(Ok(()))) => report.done += 1,
                Ok(Some(Err(_error))) => report.failed += 1,
                Ok(None) => report.aborted += 1,
                Err(_panic) => report.panicked += 1,
            }
        });
    }
    // ANCHOR_END: spawn

    // ANCHOR: stop
    async fn stop(&self) -> Report {
        // An open tracker may yet be given tasks, and `wait` would wait for them.
        self.tasks.close();
        if timeout(GRACE, self.tasks.wait()).await.is_err() {
            self.abort.cancel();
            self.tasks.wait().await;
        }
        *self.report.lock().expect("nothing panics under this lock")
    }
    // ANCHOR_END: stop

    fn new(mailer: SimulatedMailer) -> Self {
        Self {
            mailer: Arc::new(mailer),
            tasks: TaskTracker::new(),
            abort: CancellationToken::new(),
            report: Arc::default(),
        }
    }
}
