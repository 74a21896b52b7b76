//! What a task limits, and how to have it done once more.

use async_workbook::verdict::catch_panic;
use futures::future::LocalBoxFuture;

use crate::{Answer, scenario::Scenario};

/// The calls or jobs of a task.
pub(crate) struct Work {
    pub(crate) noun: &'static str,
    /// The fault of an answer that limits nothing, why it does not, and what it should do.
    pub(crate) unlimited: &'static str,
    pub(crate) unlimited_why: &'static str,
    pub(crate) unlimited_next: &'static str,
    /// Has the answer do all that a scenario asks for.
    pub(crate) attempt: for<'a> fn(&'a Answer, &'a Scenario) -> LocalBoxFuture<'a, ()>,
}

impl Work {
    /// An attempt of which only the record is of interest.
    pub(crate) async fn try_again(&self, answer: &Answer, scenario: &Scenario) {
        // A panic is none of the things that are looked for.
        let _outcome = catch_panic((self.attempt)(answer, scenario)).await;
    }
}
