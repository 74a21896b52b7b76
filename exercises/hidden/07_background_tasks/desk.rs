//! Submits jobs, and records what becomes of them.

use std::{
    fs,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, atomic::AtomicUsize},
    thread,
    time::Duration,
};

use async_workbook::{
    clock::Readable,
    harness::{counted, ms},
    verdict::{Fault, ensure},
};
use tokio::{
    task::yield_now,
    time::{Instant, sleep},
};

use crate::{
    Owner, Refused,
    faults::{accepted_job_dropped, slot_leaked, were, wrong_error_returned},
    job::{Done, Ending, Job, Slip},
};

/// Makes jobs, and records what becomes of them. Clones share one record.
#[derive(Clone, Default)]
pub(crate) struct Desk(pub(crate) Arc<Shared>);

#[derive(Default)]
pub(crate) struct Shared {
    pub(crate) jobs: Mutex<Vec<Job>>,
    pub(crate) begun: Condvar,
    /// How many of the errors that jobs returned, and of the payloads that they panicked with, are alive.
    pub(crate) errors: Arc<AtomicUsize>,
    pub(crate) payloads: Arc<AtomicUsize>,
    threads: Threads,
}

impl Desk {
    pub(crate) fn jobs(&self) -> MutexGuard<'_, Vec<Job>> {
        self.0.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first jobs, as they are now.
    pub(crate) fn planned(&self, count: usize) -> Vec<Job> {
        self.jobs()[..count].to_vec()
    }

    pub(crate) fn accepted(&self) -> Vec<Job> {
        let jobs = self.jobs();
        jobs.iter()
            .filter(|job| job.is_accepted())
            .cloned()
            .collect()
    }

    /// Submits a job, and returns what `submit` said.
    pub(crate) fn submit(
        &self,
        background: &dyn Owner,
        takes: u64,
        ending: Ending,
    ) -> Result<(), Refused> {
        let (index, name) = {
            let mut jobs = self.jobs();
            let name = format!("job {}", jobs.len() + 1);
            jobs.push(Job {
                name: name.clone(),
                takes: ms(takes),
                ending,
                submitted: Instant::now(),
                answer: None,
                begun: None,
                ended: None,
                gone: None,
                task: None,
                polled_by_submit: false,
            });
            (jobs.len() - 1, name)
        };
        let slip = Slip {
            desk: self.clone(),
            index,
        };
        let answer = background.call_submit(Box::pin(slip.work(name, ms(takes), ending)));
        let job = &mut self.jobs()[index];
        job.answer = Some(answer);
        // There's one thread, so no task has had its turn yet.
        let here = thread::current().id();
        job.polled_by_submit = job.begun.is_some_and(|(_, thread)| thread == here);
        answer
    }

    /// Submits a job for which there is room.
    pub(crate) fn accept(
        &self,
        background: &dyn Owner,
        takes: u64,
        ending: Ending,
    ) -> Result<(), Fault> {
        let before = self.jobs().clone();
        let answer = self.submit(background, takes, ending);
        let polled_by_submit = self.jobs().last().is_some_and(|job| job.polled_by_submit);
        ensure(!polled_by_submit, || {
            Fault::new("future_polled_by_caller")
                .happened("a job began to run before `submit` had returned")
                .expected("`submit` only starts the job: the caller neither waits while the job computes nor sees its panic")
                .next("in `submit`, pass the job to `spawn` unchanged, without `poll`, `now_or_never` or `block_on`")
        })?;
        let Err(refused) = answer else {
            return Ok(());
        };
        self.none_detached(true)?;
        let under_way = before.iter().filter(|job| job.is_under_way()).count();
        let ended: Vec<_> = before
            .iter()
            .filter(|job| job.is_accepted() && !job.is_under_way())
            .collect();
        Err(match (ended.last(), refused) {
            (Some(last), _) => slot_leaked(format!(
                "{} had ended (the last one {}), and {} running, but `submit` refused the next as `{refused:?}`",
                counted(ended.len(), "job"),
                last.ending,
                match under_way {
                    0 => "none was".into(),
                    1 => "one was".into(),
                    _ => format!("{under_way} were"),
                },
            )),
            (None, Refused::Full) => Fault::new("job_refused_with_room_left")
                .happened(format!("with {} running, `submit` refused the next one as `Full`", counted(under_way, "job")))
                .expected("`submit` refuses a job only while `limit` others are running")
                .next("in `submit`, compare the number of this `Background`'s running jobs with the limit before you add the new one"),
            (None, Refused::ShuttingDown) => wrong_error_returned(refused, "before any shutdown"),
        })
    }

    /// Submits a job for which there is no room.
    pub(crate) async fn refuse(&self, background: &dyn Owner, limit: usize) -> Result<(), Fault> {
        match self.submit(background, 10, Done) {
            Err(Refused::Full) => Ok(()),
            Err(refused) => Err(wrong_error_returned(
                refused,
                "without room, before any shutdown",
            )),
            Ok(()) => {
                settle().await;
                let begun = self.jobs().last().is_some_and(|job| job.begun.is_some());
                // For the timeline, which ends with the test.
                sleep(ms(1000)).await;
                Err(Fault::new("limit_not_enforced")
                    .happened(format!(
                        "with room for {limit}, and {} running, `submit` accepted one more, {}",
                        counted(limit, "job"),
                        if begun { "which began at once" } else { "and put it into a queue" }
                    ))
                    .expected("`submit` refuses it as `Full`: the caller learns that there's too much to do, and memory stays bounded")
                    .next("in `submit`, return `Err(Refused::Full)` if `limit` jobs are running, before you spawn or queue the job"))
            }
        }
    }

    /// Every accepted job began at once, on this thread, and has run to its end if that was due.
    pub(crate) async fn runs_by_itself(&self) -> Result<(), Fault> {
        settle().await;
        let jobs = self.accepted();
        let waits = |job: &Job| job.begun.is_none() && job.gone.is_none();
        let all_wait = !jobs.is_empty() && jobs.iter().all(waits);
        if all_wait && !self.threads_started() {
            self.wait_for_another_thread();
        }
        self.none_detached(all_wait)?;
        let jobs = self.accepted();
        if let Some(job) = jobs
            .iter()
            .find(|job| job.ended.is_none() && job.gone.is_some())
        {
            return Err(accepted_job_dropped(job));
        }
        let late = jobs
            .iter()
            .find(|job| job.begun.is_none_or(|(at, _)| at != job.submitted));
        if let Some(job) = late {
            let ended = jobs
                .iter()
                .rfind(|other| other.ended.is_some_and(|at| at < job.submitted));
            let running = jobs.iter().filter(|job| job.begun.is_some()).count();
            if running == 0 {
                // Perhaps a job begins later.
                sleep(ms(1000)).await;
            }
            let begun_after = self
                .accepted()
                .iter()
                .find_map(|job| Some(job.begun?.0 - job.submitted));
            return Err(match (ended, begun_after) {
                (_, None) => Fault::new("job_never_polled")
                    .happened(format!("{} accepted, and none of them was ever polled", were(jobs.len(), "job")))
                    .expected("a job begins by itself as soon as `submit` has returned")
                    .next("in `submit`, spawn the job as a task: a future in a collection or a channel does nothing"),
                (Some(ended), _) => slot_leaked(format!(
                    "after a job that {}, `submit` accepted {}, which never began",
                    ended.ending, job.name
                )),
                (None, Some(after)) => Fault::new("unrequested_concurrency_limit")
                    .happened(match running {
                        0 => format!("the first job began {} after it was accepted", Readable(after)),
                        _ => format!("{} accepted, and only {running} began at once: {} waited", were(jobs.len(), "job"), job.name),
                    })
                    .expected("all accepted jobs begin at once and run at the same time: a slow one doesn't hold up the others")
                    .next("in `submit`, spawn a task for each job"),
            });
        }
        let overdue = |job: &&Job| {
            job.ended.is_none() && job.natural_end() < Instant::now()
                || job.ended.is_some_and(|at| at != job.natural_end())
        };
        match jobs.iter().find(overdue) {
            None => Ok(()),
            Some(job) => Err(Fault::new("unrequested_concurrency_limit")
                .happened(format!(
                    "{} takes {}, and hadn't ended by then",
                    job.name,
                    Readable(job.takes)
                ))
                .expected("an accepted job is polled whenever it can go on")
                .next("in `submit`, spawn a task for each job")),
        }
    }

    /// No job was polled by another thread. If some jobs still wait, none of them is on its way to one either.
    fn none_detached(&self, some_wait: bool) -> Result<(), Fault> {
        let here = thread::current().id();
        let accepted = self.accepted();
        let mut begun = accepted.iter().filter_map(|job| job.begun);
        let elsewhere = begun.any(|(_, thread)| thread != here);
        let on_its_way = some_wait && self.threads_started();
        ensure(!elsewhere && !on_its_way, || {
            Fault::new("needless_thread")
                .happened("`submit` ran the job on a thread of its own, outside the runtime's tasks")
                .expected("the runtime that calls `submit` polls the jobs: it can run thousands of them on one thread")
                .next("in `submit`, pass the job to `JoinSet::spawn`, `tokio::spawn` or `TaskTracker::spawn` instead of a thread")
        })
    }

    /// A job that this runtime hasn't polled may be on its way to another thread. Only an answer that's wrong in any
    /// case gets here. If the threads can't be counted, this wait decides which of two verdicts it gets.
    fn wait_for_another_thread(&self) {
        let none_begun = |jobs: &mut Vec<Job>| jobs.iter().all(|job| job.begun.is_none());
        drop(
            self.0
                .begun
                .wait_timeout_while(self.jobs(), Duration::from_secs(3), none_begun),
        );
    }

    /// Whether the process has more threads than when this desk was made.
    pub(crate) fn threads_started(&self) -> bool {
        Threads::now().0 > self.0.threads.0
    }

    /// No job that was refused has run.
    pub(crate) fn refused_never_ran(&self) -> Result<(), Fault> {
        let jobs = self.jobs();
        let ran = |job: &&Job| job.begun.is_some() && !job.is_accepted();
        match jobs.iter().find(ran) {
            None => Ok(()),
            Some(job) => Err(Fault::new("refused_job_run_anyway")
                .happened(format!(
                    "`submit` refused {}, and ran it all the same",
                    job.name
                ))
                .expected("a refused job never runs: its caller may try again elsewhere")
                .next("in `submit`, decide first, and spawn the job only if you accept it")),
        }
    }
}

/// How many threads the process has, or `None` if the system doesn't say.
struct Threads(Option<usize>);

impl Threads {
    fn now() -> Self {
        Self(fs::read_dir("/proc/self/task").ok().map(Iterator::count))
    }
}

impl Default for Threads {
    fn default() -> Self {
        Self::now()
    }
}

/// Lets every task run that can, without letting time pass.
pub(crate) async fn settle() {
    for _ in 0..100 {
        yield_now().await;
    }
}
