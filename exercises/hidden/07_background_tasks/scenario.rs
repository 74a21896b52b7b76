//! A `Background` that gets jobs and is then shut down, and what comes of it.

mod counts;
mod deadline;
mod drain;
mod real_time;

use std::{panic::AssertUnwindSafe, thread, time::Duration};

use async_workbook::{
    clock::timed,
    harness::ms,
    timeline::Recorder,
    verdict::{Fault, mark, mark_in},
};
use futures::FutureExt as _;
use tokio::{
    runtime::Handle,
    task::yield_now,
    time::{Instant, sleep, sleep_until},
};

use crate::{
    Answer, HOUR, Owner, Refused, Report,
    background::Background,
    desk::{Desk, settle},
    job::{Done, Ending, Fails, Job, Panics},
};
use real_time::Real;

/// A `Background`, its jobs, and when it's shut down.
#[derive(Clone)]
pub(crate) struct Scenario {
    pub(crate) limit: usize,
    /// When each job is submitted, how long it takes and how it ends, in milliseconds from the start.
    pub(crate) plans: Vec<(u64, u64, Ending)>,
    /// How many more jobs are submitted when there's no room.
    pub(crate) refused: usize,
    pub(crate) begins: u64,
    pub(crate) grace: u64,
    /// How long after the shutdown has begun further jobs are submitted.
    pub(crate) probes: &'static [u64],
}

/// What came of it.
struct Observed {
    report: Report,
    began: Instant,
    took: Duration,
    /// The jobs as they were when `shutdown` returned, and after every task that could run had run.
    at_return: Vec<Job>,
    settled: Vec<Job>,
    probes: Vec<Result<(), Refused>>,
    left_alive: usize,
    real: Real,
}

impl Scenario {
    pub(crate) fn new(plans: &[(u64, u64, Ending)], begins: u64, grace: u64) -> Self {
        Self {
            limit: 64,
            plans: plans.to_vec(),
            refused: 0,
            begins,
            grace,
            probes: &[],
        }
    }

    pub(crate) async fn observe(&self, answer: &Answer, recorder: &Recorder) -> Result<(), Fault> {
        recorder.restart();
        let start = Instant::now();
        let alive = Handle::current().metrics().num_alive_tasks();
        let (desk, background) = (Desk::default(), Background::new(answer, self.limit));
        for &(at, takes, ending) in &self.plans {
            if Instant::now() < start + ms(at) {
                desk.runs_by_itself().await?;
                sleep_until(start + ms(at)).await;
            }
            desk.accept(&*background, takes, ending)?;
        }
        for _ in 0..self.refused {
            desk.refuse(&*background, self.limit).await?;
        }
        if Instant::now() < start + ms(self.begins) {
            desk.runs_by_itself().await?;
            sleep_until(start + ms(self.begins)).await;
            settle().await;
        }
        let (began, began_real) = (Instant::now(), std::time::Instant::now());
        let planned = self.plans.len();
        let shutdown = async {
            mark("shutdown");
            mark_in(ms(self.grace), "end of grace");
            let (report, took) = timed(report_of(&*background, ms(self.grace))).await;
            (report, took, desk.planned(planned))
        };
        let probes = async {
            let mut answers = Vec::new();
            for &after in self.probes {
                yield_now().await;
                sleep_until(began + ms(after)).await;
                answers.push(desk.submit(&*background, 10, Done));
            }
            answers
        };
        // In this order: the shutdown begins, then some real time passes while the paused clock stands still.
        #[expect(
            clippy::disallowed_methods,
            reason = "it blocks the event loop on purpose"
        )]
        let stall = async { thread::sleep(real_time::STALL) };
        let ((report, took, at_return), probes, ()) = tokio::join!(shutdown, probes, stall);
        let real = Real {
            took: began_real.elapsed(),
            behind: began.into_std().saturating_duration_since(began_real),
            threads_started: desk.threads_started(),
        };
        settle().await;
        let settled = desk.planned(planned);
        let left_alive = Handle::current().metrics().num_alive_tasks();
        let report = report?;
        let observed = Observed {
            report,
            began,
            took,
            at_return,
            settled,
            probes,
            left_alive: left_alive.saturating_sub(alive),
            real,
        };
        self.drained(&observed)?;
        self.refused(&observed)?;
        desk.refused_never_ran()?;
        self.in_time(&observed)?;
        self.counted(&observed)?;
        self.nothing_left(&observed)
    }

    /// How each job ends if the answer keeps the contract.
    fn expected(&self, observed: &Observed) -> Report {
        let deadline = observed.began + ms(self.grace);
        let mut report = Report::default();
        for job in &observed.settled {
            match job.ending {
                _ if job.natural_end() > deadline => report.aborted += 1,
                Done => report.done += 1,
                Fails => report.failed += 1,
                Panics => report.panicked += 1,
            }
        }
        report
    }
}

/// What `shutdown` returns. A panic of its own goes on, and a job's panic is a fault.
async fn report_of(background: &dyn Owner, grace: Duration) -> Result<Report, Fault> {
    let shutdown = AssertUnwindSafe(background.call_shutdown(grace));
    shutdown.catch_unwind().await.map_err(counts::panicked)
}

/// Tests what a handler relies on before a shutdown, so a fault in it isn't blamed on the handler.
pub(crate) async fn runs_what_it_accepts(
    answer: &Answer,
    recorder: &Recorder,
) -> Result<(), Fault> {
    recorder.restart();
    let (desk, background) = (Desk::default(), Background::new(answer, 2));
    for takes in [900, HOUR] {
        desk.accept(&*background, takes, Done)?;
    }
    desk.runs_by_itself().await?;
    sleep(ms(HOUR + 1)).await;
    desk.runs_by_itself().await?;
    recorder.restart();
    Ok(())
}

/// Tests what a mail relies on if it's still running when the grace is over.
pub(crate) async fn aborts_what_is_late(answer: &Answer, recorder: &Recorder) -> Result<(), Fault> {
    let scenario = Scenario::new(&[(0, 50_000, Done)], 0, 20_000);
    scenario.observe(answer, recorder).await?;
    recorder.restart();
    Ok(())
}

/// Tests what a handler relies on, so a fault in it isn't blamed on the handler.
pub(crate) async fn does_its_part(answer: &Answer, recorder: &Recorder) -> Result<(), Fault> {
    let scenario = Scenario {
        limit: 2,
        refused: 1,
        probes: &[2500],
        ..Scenario::new(&[(0, 900, Done), (0, 900, Fails)], 100, 2000)
    };
    scenario.observe(answer, recorder).await?;
    recorder.restart();
    Ok(())
}
