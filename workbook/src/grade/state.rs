//! What a verdict comes to.

use async_workbook::verdict::Verdict;
use serde::{Deserialize, Serialize};

/// Where a task stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Every hidden test was content.
    Passed,
    /// The code works otherwise than the task asks.
    Wrong,
    /// The code came to a `todo!()`, or is as it came.
    NotStarted,
    /// The file cannot be graded as it is.
    NotGraded,
}

impl State {
    /// The state that a verdict stands for.
    #[must_use]
    pub fn of(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Passed => Self::Passed,
            Verdict::NotStarted { .. } | Verdict::Untouched { .. } => Self::NotStarted,
            verdict if verdict.is_of_file() => Self::NotGraded,
            _ => Self::Wrong,
        }
    }
}
