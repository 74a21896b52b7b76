//! What the grader tells the process in which a hidden test runs.

use std::{env, ffi::OsString, path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

/// Where to report, and what the code under study may use. Without orders, as under a plain
/// `cargo test`, there is no report and no limit.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Orders {
    /// The file that takes the [`Examination`](super::Examination).
    pub report: PathBuf,
    /// How long the test may run on the wall's clock.
    pub time_limit: Duration,
    /// How many bytes of memory the process may use, where the platform can limit them.
    pub memory_limit: u64,
}

impl Orders {
    /// The environment variable that they are passed in.
    pub const VARIABLE: &str = "WORKBOOK_ORDERS";

    /// The value for [`VARIABLE`](Self::VARIABLE).
    ///
    /// # Panics
    ///
    /// If the report's path is not UTF-8.
    #[must_use]
    pub fn to_variable(&self) -> OsString {
        serde_json::to_string(self)
            .expect("temporary folders have UTF-8 names")
            .into()
    }

    pub(super) fn given() -> Option<Self> {
        serde_json::from_str(env::var_os(Self::VARIABLE)?.to_str()?).ok()
    }

    /// Has the system refuse memory beyond the limit.
    pub(super) fn limit_memory(&self) {
        #[cfg(unix)]
        {
            use rustix::process::{Resource, Rlimit, setrlimit};
            // Written memory that belongs to this process alone, not address space: the stacks of a
            // few hundred idle threads must not count, and 64-bit allocators reserve without using.
            let limit = Rlimit {
                current: Some(self.memory_limit),
                maximum: Some(self.memory_limit),
            };
            // A system without such a limit leaves the time limit to end it.
            let _unlimited = setrlimit(Resource::Data, limit);
        }
    }
}
