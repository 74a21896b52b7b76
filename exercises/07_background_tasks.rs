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
//! Worth looking up: `tokio::task::JoinSet` with `try_join_next`, `join_next` and `shutdown`;
//! `tokio::task::JoinError::is_panic`; `tokio::sync::Semaphore::try_acquire_owned`; `tokio_util::task::TaskTracker`
//! with `tokio_util::sync::CancellationToken`; `tokio::time::timeout_at`.

use std::{sync::Arc, time::Duration};

use async_workbook::mailer::Mailer;
use axum::{BoxError, Router, extract::Path, http::StatusCode, routing::post};

/// Why a job was not accepted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refused {
    /// As many jobs as there is room for are under way.
    Full,
    /// The shutdown has begun.
    ShuttingDown,
}

/// How the accepted jobs ended: each of them is counted once.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Report {
    /// Returned `Ok`.
    pub done: usize,
    /// Returned `Err`.
    pub failed: usize,
    /// Panicked.
    pub panicked: usize,
    /// Had not ended when the grace period did, and were aborted.
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
    /// - An accepted job begins at once, by itself, next to all others, and runs to its end on the runtime
    ///   of the caller, however long it takes.
    /// - While `limit` accepted jobs have not ended, another one is refused as `Full`: it never runs, now or
    ///   later. A job that ends gives its place back, whether it returns `Ok` or `Err`, or panics.
    /// - Of jobs that have ended it keeps the counts, and lets go of what they returned, with the next job that
    ///   is submitted at the latest: a service runs for months.
    ///
    /// It must NOT queue jobs without bound, and must NOT need a thread for each of them.
    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        todo!("refuse the job if there is no room, or else spawn it and remember how it ends")
    }

    /// Task 2: ends the background work, and reports how each job that was ever accepted ended.
    ///
    /// - As soon as it begins, every further job is refused as `ShuttingDown`, also when there is no room.
    /// - It waits until the last job has ended, or until `grace` has passed since it began, whichever comes
    ///   first, and not a millisecond longer. Then it aborts what is left.
    /// - When it returns, no job is left, and no other task that `Background` spawned: also the aborted ones
    ///   have been dropped. It is called once.
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

// The hidden tests. Leave these lines as they are.
#[cfg(test)]
#[path = "hidden/07_background_tasks.rs"]
mod hidden;
