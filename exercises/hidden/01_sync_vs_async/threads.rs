//! The threads that the code under study starts.

use std::{
    collections::HashSet,
    env, fs,
    sync::{Mutex, PoisonError},
};

use crate::harness::Request;

/// The threads that existed before it ran.
///
/// Linux lists the threads of a process. On other systems, a thread is noticed by the calls that it makes.
pub(crate) struct Threads {
    before: HashSet<String>,
}

/// Threads that code under study started. One that outlives its test doesn't count as an old one in the next.
static STARTED: Mutex<Vec<String>> = Mutex::new(Vec::new());

impl Threads {
    pub(crate) fn before() -> Self {
        let mut before = of_this_process();
        let started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
        before.retain(|thread| !started.contains(thread));
        Self { before }
    }

    /// Whether there are threads now that weren't there before.
    pub(crate) fn more(&self) -> bool {
        let mut more = of_this_process();
        more.retain(|thread| !self.before.contains(thread));
        // This thread is always listed: if the list was empty, the system doesn't list threads.
        let any = !more.is_empty() && !self.before.is_empty();
        let mut started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
        if any {
            started.extend(more);
        }
        any
    }
}

/// Their ids, if all of them are known to belong to one test: a plain `cargo test` runs the tests of several tasks side
/// by side.
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
