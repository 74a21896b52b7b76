//! The work that a task limits, and how to make an answer do it again.

use async_workbook::verdict::catch_panic;
use futures::future::LocalBoxFuture;

use crate::{Answer, scenario::Scenario};

/// The calls or jobs of a task.
pub(crate) struct Work {
    pub(crate) noun: &'static str,
    /// The fault of an answer that limits nothing, why it doesn't, and what to try next.
    pub(crate) unlimited: &'static str,
    pub(crate) unlimited_why: &'static str,
    pub(crate) unlimited_next: &'static str,
    /// Makes the answer do everything that a scenario asks for.
    pub(crate) attempt: for<'a> fn(&'a Answer, &'a Scenario) -> LocalBoxFuture<'a, ()>,
}

impl Work {
    /// Makes an attempt whose result doesn't matter, only its record.
    pub(crate) async fn try_again(&self, answer: &Answer, scenario: &Scenario) {
        // Nothing here looks for a panic.
        let _outcome = catch_panic((self.attempt)(answer, scenario)).await;
    }
}
