//! What became of the jobs.

use async_workbook::{
    clock::Readable,
    harness::ms,
    verdict::{Fault, ensure},
};

use super::{Observed, Scenario, real_time::real_clock_used};
use crate::{
    Refused,
    faults::{accepted_job_dropped, left_running, were, wrong_error_returned},
    job::Job,
};

impl Scenario {
    /// Every job ran to its end or to the end of the grace, and was gone when `shutdown` returned.
    pub(super) fn drained(&self, observed: &Observed) -> Result<(), Fault> {
        let deadline = observed.began + ms(self.grace);
        let jobs = &observed.settled;
        let returned = observed.began + observed.took;
        let went_on = |job: &&Job| job.gone.is_none_or(|gone| gone > returned);
        let running = jobs.iter().filter(went_on).count();
        ensure(running == 0, || {
            left_running(format!(
                "`shutdown` returned after {}, while {} still running: the end of the program would drop them",
                Readable(observed.took),
                were(running, "job")
            ))
        })?;
        let half_way = |job: &&Job| job.ended.is_none();
        let early = jobs
            .iter()
            .filter(half_way)
            .find(|job| job.gone < Some(job.natural_end().min(deadline)));
        if let Some(job) = early.filter(|job| job.gone < Some(observed.began)) {
            return Err(accepted_job_dropped(job));
        }
        let early = early.and_then(|job| job.gone);
        let early = early.map(|gone| gone - observed.began);
        ensure(early.is_none(), || {
            let after = early.unwrap_or_default();
            let lost = jobs.iter().filter(half_way).count();
            let happened = format!(
                "the shutdown began with a grace of {}, and {} dropped {} later, before they had ended",
                Readable(ms(self.grace)),
                were(lost, "job"),
                Readable(after)
            );
            if self.went_by_real_time(observed, after) {
                return real_clock_used(happened);
            }
            Fault::new("jobs_aborted_at_once")
                .happened(happened)
                .expected("running jobs have until the end of the grace to send their mails and write their rows")
                .next("in `shutdown`, wait for the jobs within the grace before you abort: `abort_all`, `JoinSet::shutdown` and dropping a `JoinSet` abort at once")
        })?;
        let not_yet = observed
            .at_return
            .iter()
            .filter(|job| job.gone.is_none())
            .count();
        ensure(not_yet == 0, || {
            Fault::new("abort_not_awaited")
                .happened(format!("when `shutdown` returned, {} aborted, but not gone yet", were(not_yet, "job")))
                .expected("when `shutdown` returns, the jobs have dropped whatever they held: files, connections, locks")
                .next("after `abort_all`, which only asks, call `join_next` until it returns `None`")
        })
    }

    /// `submit` accepted nothing once the shutdown had begun.
    pub(super) fn refused(&self, observed: &Observed) -> Result<(), Fault> {
        for (after, answer) in std::iter::zip(self.probes, &observed.probes) {
            let when = match after {
                0 => "as soon as the shutdown had begun".to_owned(),
                after if ms(*after) > observed.took => "after the shutdown".to_owned(),
                after => format!("{} into the shutdown", Readable(ms(*after))),
            };
            match answer {
                Err(Refused::ShuttingDown) => {}
                Err(refused) => return Err(wrong_error_returned(*refused, &when)),
                Ok(()) => {
                    return Err(Fault::new("job_accepted_during_shutdown")
                        .happened(format!("{when}, `submit` accepted another job"))
                        .expected("from the moment `shutdown` begins, `submit` refuses every job as `ShuttingDown`: `shutdown` wouldn't wait for it")
                        .next("in `shutdown`, set a flag or `take()` the set before the first `.await`, and check it in `submit`: `TaskTracker::close` alone refuses nothing"));
                }
            }
        }
        Ok(())
    }

    pub(super) fn nothing_left(&self, observed: &Observed) -> Result<(), Fault> {
        ensure(observed.left_alive == 0, || {
            Fault::new("task_left_running")
                .happened(format!("all jobs were gone, but {} alive", match observed.left_alive {
                    1 => "another task was".to_owned(),
                    more => format!("{more} other tasks were"),
                }))
                .expected("when `shutdown` returns, no task that `Background` spawned is left")
                .next("in `shutdown`, end your workers and supervisors too: close the channel that they wait on, or abort them, then join them")
        })
    }
}
