//! Chapter 07, background tasks: own what you spawn.
//!
//! A service that registers a user answers at once and sends the welcome mail afterwards. Whatever runs after
//! the response needs an owner: someone who bounds how much of it there is, learns how it ended, and waits
//! for it when the service stops. Write that owner, and a handler that uses it.
//!
//! See it first:  cargo run --example 07_background_tasks
//! Grade it:      cargo test -p exercises -- 07
//!
//! `mailer.send(to, text)` returns a future that sends a mail once it is polled. It ends with `Ok(())` or a
//! `MailError`, which `?` turns into a `BoxError`, as it does with every error.
//!
//! Worth looking up: `tokio::task::JoinSet` with `try_join_next` and `join_next`, `tokio::task::JoinError::is_panic`;
//! `tokio::sync::Semaphore`, `tokio_util::task::TaskTracker`, `tokio_util::sync::CancellationToken`;
//! `tokio::time::{Instant, timeout_at}`, whose clock the tests have paused, unlike that of `std`.

use std::{sync::Arc, time::Duration};

use async_workbook::services::mailer::Mailer;
use axum::{BoxError, Router, extract::Path, http::StatusCode, routing::post};

/// Why a job was not accepted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refused {
    /// As many jobs as there is room for are under way.
    Full,
    /// The shutdown has begun.
    ShuttingDown,
}

/// How many of the accepted jobs returned `Ok`, returned `Err`, panicked, and had to be aborted when the grace
/// period was over. Each is counted once.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Report {
    pub done: usize,
    pub failed: usize,
    pub panicked: usize,
    pub aborted: usize,
}

/// Owns the jobs that run in the background. Handlers on several threads share it (`Send` and `Sync`). It is
/// made and used on a runtime, and kept until its shutdown.
pub struct Background {
    // Your fields.
}

impl Background {
    /// Has room for `limit` jobs at a time; `limit` is 1 or more.
    pub fn new(limit: usize) -> Self {
        todo!("hold what `submit` and `shutdown` need")
    }

    /// Task 1: starts `job` in the background, and returns without waiting for anything.
    ///
    /// - An accepted job begins as soon as `submit` has returned, by itself, next to all others, and runs to its end on
    ///   the runtime of the caller, however long it takes.
    /// - While `limit` accepted jobs have not ended, another one is refused as `Full`: it never runs, now or
    ///   later. A job that ends gives its place back, whether it returns `Ok` or `Err`, or panics.
    /// - Of jobs that have ended it keeps the counts alone, since a service runs for months: their tasks, and what
    ///   these returned or panicked with, are gone with the next job that is submitted, at the latest.
    ///
    /// It must NOT queue what it has no room for, or need a thread for each job.
    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        todo!("refuse the job if there is no room, or else spawn it and remember how it ends")
    }

    /// Task 2: ends the background work, and reports how all jobs that were ever accepted ended. Called once.
    ///
    /// - As soon as it begins, every further job is refused as `ShuttingDown`, also when there is no room.
    /// - It waits until the last job has ended, or until `grace` has passed since it began, whichever comes
    ///   first, and not a millisecond longer. Then it aborts what is left.
    /// - When it returns, every job has been dropped, and no task that `Background` spawned is left.
    ///
    /// It must NOT lose a panic, or a job that ended before the shutdown began.
    pub async fn shutdown(&self, grace: Duration) -> Report {
        todo!("refuse new jobs, wait within the grace, abort the rest, and count them all")
    }
}

/// Task 3: answers a registration, and has the mail `Welcome!` sent to `to` in the background.
///
/// - It answers `202 Accepted` at once; `send` is called once, in a job of `background`.
/// - Where `background` refuses the job, it answers `503 Service Unavailable`, and no mail is sent.
/// - A mail that fails is a job that fails.
///
/// It must NOT keep the user waiting for the mail, or promise a mail that nobody will send.
pub async fn register(background: &Background, mailer: Arc<dyn Mailer>, to: String) -> StatusCode {
    todo!("submit a job that sends the mail, and answer according to whether it was accepted")
}

/// The service, complete as it stands: `POST /register/{to}`.
pub fn app(background: Arc<Background>, mailer: Arc<dyn Mailer>) -> Router {
    let handler =
        async move |Path(to): Path<String>| register(&background, Arc::clone(&mailer), to).await;
    Router::new().route("/register/{to}", post(handler))
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_background_tasks::grade!();
