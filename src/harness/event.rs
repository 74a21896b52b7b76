//! What happens while the hidden tests of a task run, in the order in which it is reported.

use serde::{Deserialize, Serialize};

use crate::verdict::{Picture, Verdict};

/// One step of a run.
#[expect(
    clippy::large_enum_variant,
    reason = "an event is written or read, and then gone"
)]
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The process has read its request, and knows its task.
    Started {
        /// How many hidden tests the task has.
        tests: usize,
    },
    /// A hidden test begins: from here on, code of the answer runs.
    Begun {
        /// The test's position in its task.
        test: usize,
    },
    /// A hidden test has its verdict.
    Judged {
        /// The test's position in its task.
        test: usize,
        /// What was found.
        verdict: Verdict,
        /// In which scenario of the test: how often its recorder had been restarted.
        scenario: usize,
        /// What ran, in each scenario, where the test was content.
        pictures: Vec<Picture>,
    },
    /// The last hidden test of the task has ended.
    Finished,
}

impl Event {
    /// The event as a line of the report.
    pub(super) fn to_line(&self, proof: &str) -> String {
        let json = serde_json::to_string(self).expect("write plain data as JSON");
        format!("{proof} {json}\n")
    }
}

/// The events in a report, without whatever else was written there.
#[must_use]
pub fn read_events(report: &[u8], proof: &str) -> Vec<Event> {
    report
        .split(|&byte| byte == b'\n')
        .filter_map(|line| {
            let json = line.strip_prefix(proof.as_bytes())?;
            serde_json::from_slice(json).ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_with_the_proof_count() {
        let begun = Event::Begun { test: 0 };
        let forged = Event::Finished.to_line("guessed");
        let report = [begun.to_line("secret"), forged, "secret {".into()].concat();
        assert_eq!(read_events(report.as_bytes(), "secret"), [begun]);
    }
}
