//! The report of a process that the grader started.

use std::{
    fs::File,
    io::{self, Write as _},
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use super::{Event, Request};

/// What one process reports to the grader. There is one in a process, from its request to its end.
#[derive(Debug)]
pub(crate) struct Session {
    request: Request,
    // Open from before the first code of the answer runs: the file can be unlinked, but not taken away.
    report: File,
    // The process's outputs themselves. The answer may hold the locks of `std::io::stdout` for as long as it likes.
    outputs: Vec<File>,
    test: AtomicUsize,
    shown: Mutex<String>,
}

static SESSION: OnceLock<Session> = OnceLock::new();

impl Session {
    /// Opens the report, and has the system enforce the limits.
    ///
    /// # Panics
    ///
    /// The report cannot be opened, or there is a session already.
    pub(super) fn open(request: Request) -> &'static Self {
        request.limit_memory();
        let report = File::options()
            .append(true)
            .open(&request.report)
            .expect("open the report that the grader made");
        let session = Self {
            outputs: outputs().unwrap_or_default(),
            report,
            request,
            test: AtomicUsize::new(0),
            shown: Mutex::default(),
        };
        let session = SESSION.set(session).map(|()| SESSION.get());
        session
            .ok()
            .flatten()
            .expect("run one task in each process")
    }

    /// The session of this process, if the grader started it.
    pub(crate) fn current() -> Option<&'static Self> {
        SESSION.get()
    }

    /// How long a hidden test may run on the wall clock.
    pub(crate) fn time_limit(&self) -> Duration {
        self.request.time_limit
    }

    /// The position of the hidden test that runs.
    pub(crate) fn test(&self) -> usize {
        self.test.load(Ordering::Relaxed)
    }

    /// The drawing that the hidden test that runs shows, if it is content.
    pub(crate) fn shown(&self) -> MutexGuard<'_, String> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a hidden test.
    pub(super) fn begin(&self, test: usize) {
        self.test.store(test, Ordering::Relaxed);
        self.shown().clear();
        for mut output in &self.outputs {
            // What is printed is shown for the learner's sake, and proves nothing: it may be mixed up.
            let _closed = output.write_all(self.request.mark.as_bytes());
        }
        self.record(&Event::Begun { test });
    }

    /// Writes an event down.
    pub(crate) fn record(&self, event: &Event) {
        let line = event.to_line(&self.request.proof);
        // In one call, so that no other line comes in between. Without its line, the grader says that the test ended
        // early, which is the truth.
        if let Err(error) = (&self.report).write_all(line.as_bytes()) {
            eprintln!("cannot write the report: {error}");
        }
    }
}

#[cfg(unix)]
fn outputs() -> io::Result<Vec<File>> {
    use std::os::fd::AsFd as _;
    Ok(vec![
        io::stdout().as_fd().try_clone_to_owned()?.into(),
        io::stderr().as_fd().try_clone_to_owned()?.into(),
    ])
}

#[cfg(windows)]
fn outputs() -> io::Result<Vec<File>> {
    use std::os::windows::io::AsHandle as _;
    Ok(vec![
        io::stdout().as_handle().try_clone_to_owned()?.into(),
        io::stderr().as_handle().try_clone_to_owned()?.into(),
    ])
}
