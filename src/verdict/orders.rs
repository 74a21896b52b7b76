//! What the grader tells the process in which a hidden test runs.

use std::{env, io, path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

/// Where to report, and what the code under study may use. Without orders, as under a plain
/// `cargo test`, there is no report and no limit.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Orders {
    /// The file that takes the [`Examination`](super::Examination).
    pub report: PathBuf,
    /// How long the test may run on the wall clock.
    pub time_limit: Duration,
    /// How many bytes of memory the process may use, where the platform can limit them.
    pub memory_limit: u64,
}

impl Orders {
    /// The environment variable that they are passed in.
    pub const VARIABLE: &str = "WORKBOOK_ORDERS";

    /// The value for [`VARIABLE`](Self::VARIABLE).
    ///
    /// # Errors
    ///
    /// The report's path is not UTF-8.
    pub fn to_variable(&self) -> io::Result<String> {
        serde_json::to_string(self).map_err(io::Error::other)
    }

    pub(super) fn given() -> Option<Self> {
        serde_json::from_str(env::var_os(Self::VARIABLE)?.to_str()?).ok()
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
