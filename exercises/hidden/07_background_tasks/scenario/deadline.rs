//! How long the shutdown took.

use std::time::Duration;

use async_workbook::{
    clock::Readable,
    harness::ms,
    verdict::{Fault, ensure},
};

use super::{Observed, Scenario, real_time::real_clock_used};
use crate::job::Job;

impl Scenario {
    /// It took as long as the last job or the grace, whichever is shorter.
    pub(super) fn in_time(&self, observed: &Observed) -> Result<(), Fault> {
        let (took, grace) = (observed.took, ms(self.grace));
        let last = observed
            .settled
            .iter()
            .map(Job::natural_end)
            .max()
            .unwrap_or(observed.began);
        let last = last.saturating_duration_since(observed.began);
        let expected = last.min(grace);
        let happened = format!(
            "the last job would have ended after {}, the grace was {}, and the shutdown took {}",
            Readable(last),
            Readable(grace),
            Readable(took)
        );
        let expected_words = format!(
            "it ends after {}: with the last job or the grace, whichever is first",
            Readable(expected)
        );
        let fault = |misconception| {
            Fault::new(misconception)
                .happened(&happened)
                .expected(&expected_words)
        };
        // If it took as long as the last job, a thread with a deadline tells it from an answer without one.
        let in_real_time = || match took >= last {
            true => observed.real.threads_started,
            false => self.went_by_real_time(observed, took),
        };
        if took > grace && in_real_time() {
            return Err(real_clock_used(happened));
        }
        if took > grace && took >= last {
            return Err(fault("drain_without_deadline")
                .next("in `shutdown`, wait for the jobs inside `timeout_at(deadline, …)`, and then abort those that are left"));
        }
        // Without a whole number of graces, what's left is the end of one of the jobs.
        let begins_anew = || {
            let ends = observed
                .settled
                .iter()
                .map(|job| job.natural_end().saturating_duration_since(observed.began));
            let mut ends = ends.chain([Duration::ZERO]);
            ends.any(|end| took > end && (took - end).as_millis() % grace.as_millis() == 0)
        };
        if took > grace && !grace.is_zero() && begins_anew() {
            return Err(fault("grace_period_per_job")
                .next("compute one deadline at the start of `shutdown`, and wait with `timeout_at`: a `timeout` around each `join_next` or handle starts again every time"));
        }
        if took > grace {
            return Err(fault("grace_period_exceeded")
                .next("in `shutdown`, remove what else takes time: a minimum for the grace, or a sleep before or after the wait"));
        }
        if took > expected && took == grace {
            return Err(fault("full_grace_period_always_used")
                .next("in `shutdown`, let the wait end when the last job ends: close the `TaskTracker`, drop the channel's last sender, or await the jobs instead of a sleep"));
        }
        ensure(took == expected, || {
            fault("needless_wait")
                .next("in `shutdown`, await the jobs themselves, with `join_next` or `TaskTracker::wait`, instead of sleeping and checking in a loop")
        })
    }
}
