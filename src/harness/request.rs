//! What the grader asks of the process in which hidden tests run.

use std::{env, io, path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

/// Which hidden tests to run, where to report, and what the code under study may use.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Request {
    /// What each line of the report must begin with: letters and digits that nobody can guess.
    pub proof: String,
    /// What is printed where a hidden test begins, so that the grader can tell which of them printed what.
    pub mark: String,
    /// The file that takes the [`Event`](super::Event)s.
    pub report: PathBuf,
    /// The position of the first hidden test to run.
    pub first_test: usize,
    /// Whether to go on after a test that was not content.
    pub every_test: bool,
    /// How long each hidden test may run on the wall clock.
    pub time_limit: Duration,
    /// How many bytes of memory the process may use, where the platform can limit them.
    pub memory_limit: u64,
}

impl Request {
    /// The environment variable that says that a request comes over standard input.
    pub const VARIABLE: &str = "WORKBOOK_GRADED";

    /// Whether this process was started by the grader.
    pub(crate) fn is_expected() -> bool {
        env::var_os(Self::VARIABLE).is_some()
    }

    /// Takes the grader's request from standard input, which is then at its end; `None` where no grader started this
    /// process.
    ///
    /// # Panics
    ///
    /// The request cannot be read.
    pub(super) fn from_grader() -> Option<Self> {
        Self::is_expected().then(|| {
            serde_json::from_reader(io::stdin().lock())
                .expect("read the grader's request from standard input")
        })
    }

    /// Has the system refuse memory beyond the limit.
    pub(super) fn limit_memory(&self) {
        #[cfg(unix)]
        {
            use rustix::process::{Resource, Rlimit, setrlimit};
            let limit = |bytes| Rlimit {
                current: Some(bytes),
                maximum: Some(bytes),
            };
            // Writable memory that belongs to this process alone, the stacks of its threads included;
            // not address space, which allocators reserve without using. A system without such a limit
            // leaves it to the time limit to end the process.
            let _unlimited = setrlimit(Resource::Data, limit(self.memory_limit));
            // A process that is aborted must not leave a picture of its memory on the learner's disk.
            let _dumped = setrlimit(Resource::Core, limit(0));
        }
    }
}
