//! Processes that an answer started and that left its process group, which would outlive it.
//!
//! Each inherits a variable of its parent's environment whose value nobody else has. On Windows they cannot leave the
//! job.

use std::process::id;

use async_workbook::harness::Request;
use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};
use tokio::task::spawn_blocking;

use super::run::secret;

/// What is left of an answer. It is ended when this is dropped at the latest.
#[derive(Debug)]
pub(super) struct Stragglers {
    /// The value of [`Request::VARIABLE`] in their environment; empty once they have ended.
    mark: String,
}

impl Stragglers {
    /// Those of one answer, whose processes are yet to be started.
    pub(super) fn new() -> Self {
        Self { mark: secret() }
    }

    /// What [`Request::VARIABLE`] has to be for each process of the answer.
    pub(super) fn mark(&self) -> &str {
        &self.mark
    }

    /// Ends them, and comes back when each of them has been told. To look at every process of the system takes some
    /// milliseconds, so it is done once an answer and not once a task.
    pub(super) async fn end(mut self) {
        let variable = self.variable();
        self.mark.clear();
        // A panic would mean that the system does not say which processes there are: none is found then.
        drop(spawn_blocking(move || end_all(&variable)).await);
    }

    fn variable(&self) -> String {
        format!("{}={}", Request::VARIABLE, self.mark)
    }
}

impl Drop for Stragglers {
    fn drop(&mut self) {
        if !self.mark.is_empty() {
            let variable = self.variable();
            // Whoever drops this should not wait for it.
            std::thread::spawn(move || end_all(&variable));
        }
    }
}

fn end_all(variable: &str) {
    if cfg!(windows) {
        return;
    }
    let Ok(mut system) = System::new() else {
        return;
    };
    // One that is found may have started another in the meantime. Those that multiply faster than they are ended are
    // left to the limits of the system.
    const ROUNDS: usize = 50;
    for _ in 0..ROUNDS {
        if !end_those_that_run(&mut system, variable) {
            break;
        }
    }
}

fn end_those_that_run(system: &mut System, variable: &str) -> bool {
    let what = ProcessRefreshKind::nothing()
        .with_environ(UpdateKind::Always)
        .without_tasks();
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, what);
    let mut any = false;
    for (pid, process) in system.processes() {
        let is_marked = process.environ().iter().any(|mine| mine == variable);
        if is_marked && pid.as_u32() != id() {
            any |= process.kill();
        }
    }
    any
}
