//! The threads that the code under study starts.

use std::{
    collections::HashSet,
    env, fs,
    sync::{Mutex, PoisonError},
};

use crate::harness::Request;

/// The threads that there were before it ran.
///
/// Linux lists the threads of a process. Elsewhere, a thread is noticed by the calls that it makes.
pub(crate) struct Threads {
    before: HashSet<String>,
}

/// Those that were started by code under study. One that outlives a test is no older than it is in the next.
static STARTED: Mutex<Vec<String>> = Mutex::new(Vec::new());

impl Threads {
    pub(crate) fn before() -> Self {
        let mut before = of_this_process();
        let started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
        before.retain(|thread| !started.contains(thread));
        Self { before }
    }

    /// Whether there are threads by now that there were not before.
    pub(crate) fn more(&self) -> bool {
        let mut more = of_this_process();
        more.retain(|thread| !self.before.contains(thread));
        // This thread is always among them: if there was none, they could not be listed.
        let any = !more.is_empty() && !self.before.is_empty();
        let mut started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
        if any {
            started.extend(more);
        }
        any
    }
}

/// Their ids, where they can be known to be those of one test: a plain `cargo test` runs the tests of several tasks
/// side by side.
fn of_this_process() -> HashSet<String> {
    if env::var_os(Request::VARIABLE).is_none() {
        return HashSet::new();
    }
    let Ok(threads) = fs::read_dir("/proc/self/task") else {
        return HashSet::new();
    };
    threads
        .filter_map(|thread| Some(thread.ok()?.file_name().to_string_lossy().into_owned()))
        .collect()
}
