//! Processes that an answer started and that left its process group, which would outlive it.
//!
//! Each inherits a variable of its parent's environment whose value nobody else has. On Windows they cannot leave the
//! job.

use std::process::id;

use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};
use tokio::task::spawn_blocking;

/// Ends what is left of an answer, when this is dropped at the latest.
#[derive(Debug)]
pub(super) struct Stragglers {
    /// What is in their environment: `NAME=value`.
    mark: Option<String>,
}

impl Stragglers {
    /// Those whose environment has this.
    pub(super) fn marked(mark: String) -> Self {
        Self { mark: Some(mark) }
    }

    /// Ends them, and comes back when each of them has been told.
    pub(super) async fn end(mut self) {
        if let Some(mark) = self.mark.take() {
            // A panic would mean that the system does not say which processes there are: none is found then.
            drop(spawn_blocking(move || end_all(&mark)).await);
        }
    }
}

impl Drop for Stragglers {
    fn drop(&mut self) {
        if let Some(mark) = self.mark.take() {
            // Reading the list of processes takes some milliseconds, which is too long for whoever drops this.
            std::thread::spawn(move || end_all(&mark));
        }
    }
}

fn end_all(mark: &str) {
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
        if !end_those_that_run(&mut system, mark) {
            break;
        }
    }
}

fn end_those_that_run(system: &mut System, mark: &str) -> bool {
    let what = ProcessRefreshKind::nothing()
        .with_environ(UpdateKind::Always)
        .without_tasks();
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, what);
    let mut any = false;
    for (pid, process) in system.processes() {
        let is_marked = process.environ().iter().any(|variable| variable == mark);
        if is_marked && pid.as_u32() != id() {
            any |= process.kill();
        }
    }
    any
}
