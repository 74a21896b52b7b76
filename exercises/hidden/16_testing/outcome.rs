//! Runs a check on one implementation, and says what the check made of it.

use std::time::Duration;

use async_workbook::{
    harness::listed,
    verdict::{Fault, catch_panic, panics_so_far},
};
use tokio::time::timeout;

/// Longer than any check has to wait, and shorter than what counts as stuck.
const LONG: Duration = Duration::from_secs(12 * 60 * 60);

/// An implementation that a check has to refuse.
pub(crate) struct Wrong {
    /// The misconception: what slipped through.
    pub(crate) fault: &'static str,
    /// What it does: "a cache that …".
    pub(crate) what: &'static str,
    /// What its contract says instead.
    pub(crate) contract: &'static str,
    /// How a check notices.
    pub(crate) next: &'static str,
}

impl Wrong {
    /// Whether it was accepted, and its fault is what there is to say.
    pub(crate) fn slipped_through(&self, refused: &Result<(), Fault>) -> bool {
        let fault = refused.as_ref().err();
        fault.is_some_and(|fault| fault.misconception == self.fault)
    }

    /// Runs a check on it, which ought to panic.
    pub(crate) async fn is_refused(&self, check: impl Future<Output = ()>) -> Result<(), Fault> {
        let what = self.what;
        match timeout(LONG, catch_panic(check)).await {
            Ok(Err(_)) => Ok(()),
            Ok(Ok(())) => {
                let panics = panics_so_far();
                Err(match panics.is_empty() {
                    true => Fault::new(self.fault)
                        .happened(format!("your check accepted {what}. Below is what it does"))
                        .expected(format!("it panics, because {}", self.contract))
                        .next(self.next),
                    false => lost(what, &panics),
                })
            }
            Err(_) => Err(Fault::new("wait_not_bounded")
                .happened(format!(
                    "your check was given {what}. After 12 hours on the paused clock, it was still waiting"
                ))
                .expected("a check that waits for something that never comes panics")
                .next("put a `timeout` around what may hang, and `expect` its result: on the paused clock, a minute costs nothing")),
        }
    }
}

/// The verdict on a check that returned, although something in it had panicked.
fn lost(what: &str, panics: &[String]) -> Fault {
    Fault::new("panic_lost_in_a_task")
        .happened(format!(
            "your check was given {what}. Something panicked, but the check returned: {}",
            listed(panics)
        ))
        .expected("whatever panics in a check makes the check panic")
        .next("await every task that you spawn, and `expect` its result: a panic that nobody asks for stays in the handle")
}

/// Runs a check on a right implementation, which is `what`.
pub(crate) async fn is_accepted(what: &str, check: impl Future<Output = ()>) -> Result<(), Fault> {
    let refused = |happened: String, next: &str| {
        Err(Fault::new("right_code_refused")
            .happened(happened)
            .expected("a check accepts whatever keeps to the contract")
            .next(next))
    };
    match timeout(LONG, catch_panic(check)).await {
        Ok(Ok(())) => match panics_so_far() {
            panics if panics.is_empty() => Ok(()),
            panics => Err(lost(what, &panics)),
        },
        Ok(Err(message)) => {
            // The first panic is the cause of those that come after it.
            let said = panics_so_far().into_iter().next().unwrap_or(message);
            refused(
                format!(
                    "your check was given {what}. It keeps to the contract, and the check panicked: {said}"
                ),
                "find what this line demands, and compare it with the contract",
            )
        }
        Err(_) => refused(
            format!(
                "your check was given {what}. It keeps to the contract, and after 12 hours on the paused clock the check was still waiting"
            ),
            "find what the check waits for: a gate that needs more calls than there are, a task that never ends, a loop without an end, or a `sleep` of many hours",
        ),
    }
}
