//! Also right: one task for each job, with a guard that counts when it's dropped, however the task ended; a watch
//! channel that says how many run; abort handles by id.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use async_workbook::services::mailer::Mailer;
use axum::{BoxError, Router, extract::Path, http::StatusCode, routing::post};
use tokio::{sync::watch, task::AbortHandle, time::timeout};

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refused {
    Full,
    ShuttingDown,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Report {
    pub done: usize,
    pub failed: usize,
    pub panicked: usize,
    pub aborted: usize,
}

pub struct Background {
    limit: usize,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    running: watch::Sender<usize>,
}

#[derive(Default)]
struct State {
    shutting_down: bool,
    next: u64,
    tasks: HashMap<u64, AbortHandle>,
    report: Report,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            shared: Arc::default(),
        }
    }

    /// The task waits for this lock before its guard can remove what is inserted here.
    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let mut state = self.shared.state();
        if state.shutting_down {
            return Err(Refused::ShuttingDown);
        }
        if state.tasks.len() >= self.limit {
            return Err(Refused::Full);
        }
        let id = state.next;
        state.next += 1;
        self.shared.running.send_modify(|running| *running += 1);
        let place = Place {
            shared: Arc::clone(&self.shared),
            id,
            returned: None,
        };
        let task = tokio::spawn(async move {
            // In this order: what is captured first is dropped first if the task never begins.
            let (job, mut place) = (job, place);
            place.returned = Some(job.await.is_ok());
        });
        state.tasks.insert(id, task.abort_handle());
        Ok(())
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        self.shared.state().shutting_down = true;
        let mut running = self.shared.running.subscribe();
        if timeout(grace, running.wait_for(|&running| running == 0))
            .await
            .is_err()
        {
            // Copied, since the guards of the aborted tasks need the lock.
            let tasks: Vec<_> = self.shared.state().tasks.values().cloned().collect();
            tasks.iter().for_each(AbortHandle::abort);
            let gone = running.wait_for(|&running| running == 0).await;
            drop(gone.expect("the sender lives as long as `self`"));
        }
        self.shared.state().report
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A job's place. Dropped without an outcome, it belonged to a job that panicked or was aborted.
struct Place {
    shared: Arc<Shared>,
    id: u64,
    returned: Option<bool>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        state.tasks.remove(&self.id);
        let report = &mut state.report;
        match self.returned {
            Some(true) => report.done += 1,
            Some(false) => report.failed += 1,
            None if thread::panicking() => report.panicked += 1,
            None => report.aborted += 1,
        }
        drop(state);
        self.shared.running.send_modify(|running| *running -= 1);
    }
}

pub async fn register(background: &Background, mailer: Arc<dyn Mailer>, to: String) -> StatusCode {
    let job = async move {
        let sent = mailer.send(&to, "Welcome!").await;
        sent.map_err(|error| error.into())
    };
    match background.submit(job) {
        Ok(()) => StatusCode::ACCEPTED,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

pub fn app(background: Arc<Background>, mailer: Arc<dyn Mailer>) -> Router {
    let handler =
        async move |Path(to): Path<String>| register(&background, Arc::clone(&mailer), to).await;
    Router::new().route("/register/{to}", post(handler))
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_background_tasks::grade!();
