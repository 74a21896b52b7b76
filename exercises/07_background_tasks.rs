//! Chapter 07, background tasks: own what you spawn.
//!
//! A service that registers a user answers at once, and sends the welcome mail afterwards. Work that goes on
//! after the response needs an owner. The owner limits how much of it runs, learns how it ended, and waits
//! for it when the service stops. Write that owner, and a handler that uses it.
//!
//! See it first:  cargo run --example 07_background_tasks
//! Grade it:      cargo test -p exercises -- 07
//!
//! `mailer.send(to, text)` returns a future that sends a mail once it's polled. Its output is `Ok(())` or a
//! `MailError`. `?` turns that error into a `BoxError`, as it does with any error.
//!
//! Worth looking up: `tokio::task::JoinSet` with `try_join_next` and `join_next`;
//! `tokio::task::JoinError::is_panic`; `tokio::sync::Semaphore`, `tokio_util::task::TaskTracker`,
//! `tokio_util::sync::CancellationToken`; `tokio::time::{Instant, timeout_at}`, whose clock the tests pause,
//! unlike the clock of `std`.

use std::{sync::Arc, time::Duration};

use async_workbook::services::mailer::Mailer;
use axum::{BoxError, Router, extract::Path, http::StatusCode, routing::post};

/// Why `submit` didn't accept a job.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refused {
    /// There's no room: `limit` jobs are running.
    Full,
    /// The shutdown has begun.
    ShuttingDown,
}

/// How many of the accepted jobs returned `Ok`, returned `Err`, panicked, or had to be aborted when the grace
/// period was over. Each job counts once.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Report {
    pub done: usize,
    pub failed: usize,
    pub panicked: usize,
    pub aborted: usize,
}

/// Owns the jobs that run in the background. Handlers on several threads share it, so it must be `Send` and
/// `Sync`. It's made and used on a runtime, and lives until its shutdown.
pub struct Background {
    // Your fields.
}

impl Background {
    /// Makes a `Background` with room for `limit` jobs at a time. `limit` is at least 1.
    pub fn new(limit: usize) -> Self {
        todo!("make a `Background` with room for `limit` jobs")
    }

    /// Task 1: starts `job` in the background, and returns without waiting for anything.
    ///
    /// - An accepted job begins by itself as soon as `submit` has returned, and runs at the same time as all
    ///   others. It runs to its end on the caller's runtime, however long it takes.
    /// - While `limit` accepted jobs are running, `submit` refuses another one as `Full`, and that job never
    ///   runs, now or later. A job gives its place back when it returns `Ok`, returns `Err` or panics.
    /// - A service runs for months, so `Background` keeps only the counts of jobs that have ended. By the
    ///   time the next job is submitted, it has dropped their tasks, and whatever they returned or panicked
    ///   with.
    ///
    /// It must NOT queue a job that it has no room for, or need a thread for each job.
    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        todo!("start the job in the background, or refuse it if there's no room")
    }

    /// Task 2: ends the background work, and reports how all accepted jobs ended. It's called once.
    ///
    /// - From the moment it begins, `submit` refuses every job as `ShuttingDown`, even if there's no room.
    /// - It waits until the last job has ended, or until `grace` has passed since it began, whichever comes
    ///   first, and not a millisecond longer. Then it aborts the jobs that are left.
    /// - When it returns, every job has been dropped, and no task that `Background` spawned is left.
    ///
    /// It must NOT lose a panic, or a job that ended before the shutdown began.
    pub async fn shutdown(&self, grace: Duration) -> Report {
        todo!("end the background work within the grace, and report how all jobs ended")
    }
}

/// Task 3: answers a registration, and sends the mail `Welcome!` to `to` in the background.
///
/// - It answers `202 Accepted` at once, and calls `send` once, in a job of `background`.
/// - If `background` refuses the job, it answers `503 Service Unavailable`, and sends no mail.
/// - A mail that fails is a job that fails.
///
/// It must NOT keep the user waiting for the mail, or promise a mail that it won't send.
pub async fn register(background: &Background, mailer: Arc<dyn Mailer>, to: String) -> StatusCode {
    todo!("answer at once, and have the mail sent in the background")
}

/// Given: the service, `POST /register/{to}`.
pub fn app(background: Arc<Background>, mailer: Arc<dyn Mailer>) -> Router {
    let handler =
        async move |Path(to): Path<String>| register(&background, Arc::clone(&mailer), to).await;
    Router::new().route("/register/{to}", post(handler))
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_background_tasks::grade!();
