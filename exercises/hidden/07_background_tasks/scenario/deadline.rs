//! How long the shutdown took.

use std::time::Duration;

use async_workbook::{
    clock::Readable,
    harness::ms,
    verdict::{Fault, ensure},
};

use super::{Observed, Scenario, real_time::deadline_in_real_time};
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
            "it ends after {}: with the last job, or with the grace",
            Readable(expected)
        );
        let fault = |misconception| {
            Fault::new(misconception)
                .happened(&happened)
                .expected(&expected_words)
        };
        // What took as long as the last job is told from no deadline at all by a thread that has one.
        let in_real_time = || match took >= last {
            true => observed.real.threads_started,
            false => self.went_by_real_time(observed, took),
        };
        if took > grace && in_real_time() {
            return Err(deadline_in_real_time(happened));
        }
        if took > grace && took >= last {
            return Err(fault("drain_without_a_deadline")
                .next("in `shutdown`, wait for the jobs inside `timeout_at`, and abort what is left after it"));
        }
        // What is left when the whole has been waited for a number of times is the end of one of the jobs.
        let begins_anew = || {
            let ends = observed
                .settled
                .iter()
                .map(|job| job.natural_end().saturating_duration_since(observed.began));
            let mut ends = ends.chain([Duration::ZERO]);
            ends.any(|end| took > end && (took - end).as_millis() % grace.as_millis() == 0)
        };
        if took > grace && !grace.is_zero() && begins_anew() {
            return Err(fault("grace_for_each_job")
                .next("compute one deadline when the shutdown begins, and wait with `timeout_at`: a `timeout` around each handle, or each `join_next`, begins anew every time"));
        }
        if took > grace {
            return Err(fault("grace_not_kept")
                .next("in `shutdown`, look for whatever else takes time: a minimum for the grace, or a sleep before or after the wait"));
        }
        if took > expected && took == grace {
            return Err(fault("whole_grace_every_time")
                .next("find what keeps the wait in `shutdown` from ending: a `TaskTracker` that you didn't close, a channel's last sender that `self` still holds, a notification that came earlier, or a sleep in place of a wait"));
        }
        ensure(took == expected, || {
            fault("drain_by_polling")
                .next("in `shutdown`, await the jobs themselves (`join_next`, `TaskTracker::wait`, `Notify`) and nothing else: no loop that sleeps and looks, no pause before or after")
        })
    }
}
