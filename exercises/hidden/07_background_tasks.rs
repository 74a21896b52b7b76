//! The hidden tests of chapter 07. They run on the paused clock, so that every time in them is exact.
//!
//! Each job that is handed to the code under study comes from a [`Desk`], which notes down when it began, on
//! which thread, when it ended, and when it was dropped. A test goes through several scenarios, with other
//! limits, lengths and endings, and holds all of them to the whole contract.

use std::{
    collections::HashSet,
    fmt,
    future::poll_fn,
    panic,
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    task::Poll,
    thread::{self, ThreadId},
};

use async_workbook::{
    clock::{Readable, timed},
    services::{
        mailer::SimulatedMailer,
        upstream::{Route, Upstream},
    },
    timeline::Recorder,
    verdict::{Fault, catch_panic, ensure, examine},
};
use axum::{body::Body, http::Request};
use tokio::{
    runtime::Handle,
    task::yield_now,
    time::{Instant, sleep, sleep_until},
};
use tower::ServiceExt as _;

use super::*;

const HOUR: u64 = 3_600_000;

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// Lets every task run that can, while no time passes.
async fn settle() {
    for _ in 0..100 {
        yield_now().await;
    }
}

/// How a job ends that nobody stops.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Ending {
    Done,
    Fails,
    Panics,
}

use Ending::{Done, Fails, Panics};

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Done => "returned `Ok`",
            Fails => "returned `Err`",
            Panics => "panicked",
        })
    }
}

/// What is known of one job.
#[derive(Clone, Debug)]
struct Job {
    name: String,
    takes: Duration,
    ending: Ending,
    /// When it was submitted, and what `submit` said.
    submitted: Instant,
    answer: Option<Result<(), Refused>>,
    /// When it was first polled, and by which thread.
    begun: Option<(Instant, ThreadId)>,
    /// When it came to its end, however it ended.
    ended: Option<Instant>,
    /// When its future was dropped.
    gone: Option<Instant>,
    /// Where the task lies in memory that polled it.
    task: Option<usize>,
}

impl Job {
    fn is_accepted(&self) -> bool {
        self.answer == Some(Ok(()))
    }

    /// When it ends if it begins at once and nobody stops it.
    fn natural_end(&self) -> Instant {
        self.submitted + self.takes
    }

    /// Accepted, and its end has not come yet.
    fn is_under_way(&self) -> bool {
        self.is_accepted() && self.natural_end() >= Instant::now()
    }
}

/// Makes jobs, and knows what becomes of them. Clones share one record.
#[derive(Clone, Default)]
struct Desk(Arc<Shared>);

#[derive(Default)]
struct Shared {
    jobs: Mutex<Vec<Job>>,
    begun: Condvar,
    errors: Arc<AtomicUsize>,
}

impl Desk {
    fn jobs(&self) -> MutexGuard<'_, Vec<Job>> {
        self.0.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first jobs, as they are now.
    fn planned(&self, count: usize) -> Vec<Job> {
        self.jobs()[..count].to_vec()
    }

    fn accepted(&self) -> Vec<Job> {
        let jobs = self.jobs();
        jobs.iter()
            .filter(|job| job.is_accepted())
            .cloned()
            .collect()
    }

    /// Submits a job, and returns what `submit` said.
    fn submit(&self, background: &Background, takes: u64, ending: Ending) -> Result<(), Refused> {
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
            });
            (jobs.len() - 1, name)
        };
        let slip = Slip {
            desk: self.clone(),
            index,
        };
        let answer = background.submit(slip.work(name, ms(takes), ending));
        self.jobs()[index].answer = Some(answer);
        answer
    }

    /// Submits a job for which there is room.
    fn accept(&self, background: &Background, takes: u64, ending: Ending) -> Result<(), Fault> {
        let before = self.jobs().clone();
        let Err(refused) = self.submit(background, takes, ending) else {
            return Ok(());
        };
        let under_way = before.iter().filter(|job| job.is_under_way()).count();
        let ended: Vec<_> = before
            .iter()
            .filter(|job| job.is_accepted() && !job.is_under_way())
            .collect();
        Err(match (ended.last(), refused) {
            (Some(last), _) => place_not_given_back(format!(
                "{} had ended, the last of which {}, {} under way, and the next was refused as `{refused:?}`",
                counted(ended.len(), "job"),
                last.ending,
                match under_way {
                    0 => "none was".into(),
                    1 => "one was".into(),
                    _ => format!("{under_way} were"),
                },
            )),
            (None, Refused::Full) => Fault::new("room_refused")
                .happened(format!("with {} under way, the next was refused as `Full`", counted(under_way, "job")))
                .expected("a job is refused only while `limit` others have not ended")
                .next("compare the number of this `Background`'s running jobs with the limit, before the new one is among them"),
            (None, Refused::ShuttingDown) => wrong_refusal(refused, "before any shutdown"),
        })
    }

    /// Submits a job for which there is no room.
    async fn refuse(&self, background: &Background, limit: usize) -> Result<(), Fault> {
        match self.submit(background, 10, Done) {
            Err(Refused::Full) => Ok(()),
            Err(refused) => Err(wrong_refusal(refused, "without room, before any shutdown")),
            Ok(()) => {
                settle().await;
                let begun = self.jobs().last().is_some_and(|job| job.begun.is_some());
                // For the timeline, which ends with the test.
                sleep(ms(1000)).await;
                Err(Fault::new("more_than_there_is_room_for")
                    .happened(format!(
                        "with room for {limit}, and {} under way, one more was accepted, and {}",
                        counted(limit, "job"),
                        if begun { "began at once" } else { "put into a queue" }
                    ))
                    .expected("it is refused as `Full`: the caller learns that there is too much to do, and memory stays bounded")
                    .next("take a place or a permit inside `submit`, before the job is spawned or queued, and hold it until the job has ended"))
            }
        }
    }

    /// Every accepted job began at once, on this thread, and went on to its end unless it is yet to come.
    async fn runs_by_itself(&self) -> Result<(), Fault> {
        settle().await;
        let jobs = self.accepted();
        let waits = |job: &Job| job.begun.is_none() && job.gone.is_none();
        if !jobs.is_empty() && jobs.iter().all(waits) {
            self.wait_for_another_thread();
        }
        let here = thread::current().id();
        let jobs = self.accepted();
        let elsewhere = jobs
            .iter()
            .any(|job| job.begun.is_some_and(|(_, thread)| thread != here));
        ensure(!elsewhere, || {
            Fault::new("detached_thread")
                .happened("a job ran on a thread of its own, outside the runtime's tasks")
                .expected("the runtime that `submit` is called on polls the jobs: thousands of them on one thread")
                .next("give the job to `tokio::spawn`, `JoinSet::spawn` or `TaskTracker::spawn`: no thread, no runtime and no `block_on` of your own")
        })?;
        if let Some(job) = jobs
            .iter()
            .find(|job| job.ended.is_none() && job.gone.is_some())
        {
            return Err(accepted_then_dropped(job));
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
                // Perhaps it comes later.
                sleep(ms(1000)).await;
            }
            let begun_after = self
                .accepted()
                .iter()
                .find_map(|job| Some(job.begun?.0 - job.submitted));
            return Err(match (ended, begun_after) {
                (_, None) => Fault::new("jobs_that_nobody_polls")
                    .happened(format!("{} accepted, and none of them was ever polled", were(jobs.len(), "job")))
                    .expected("a job begins by itself, as soon as `submit` has returned")
                    .next("a future in a collection or a channel does nothing: spawn it as a task"),
                (Some(ended), _) => place_not_given_back(format!(
                    "after a job that {}, {} was accepted, and nobody took it up",
                    ended.ending, job.name
                )),
                (None, Some(after)) => Fault::new("jobs_wait_in_line")
                    .happened(match running {
                        0 => format!("the first job began {} after it was accepted", Readable(after)),
                        _ => format!("{} accepted, of which {running} began at once; {} waited", were(jobs.len(), "job"), job.name),
                    })
                    .expected("all accepted jobs begin at once and run at the same time: a slow one holds up no other")
                    .next("spawn a task for each job, or as many workers as there is room for jobs"),
            });
        }
        let overdue = |job: &&Job| {
            job.ended.is_none() && job.natural_end() < Instant::now()
                || job.ended.is_some_and(|at| at != job.natural_end())
        };
        match jobs.iter().find(overdue) {
            None => Ok(()),
            Some(job) => Err(Fault::new("jobs_wait_in_line")
                .happened(format!(
                    "{} takes {}, and had not ended by then",
                    job.name,
                    Readable(job.takes)
                ))
                .expected("an accepted job is polled whenever it can go on")
                .next("spawn a task for each job")),
        }
    }

    /// A job that is nobody's turn on this runtime may be on its way to another thread. Only an answer that is
    /// wrong in any case comes here; the wait decides which of two verdicts it gets.
    fn wait_for_another_thread(&self) {
        let none_begun = |jobs: &mut Vec<Job>| jobs.iter().all(|job| job.begun.is_none());
        drop(
            self.0
                .begun
                .wait_timeout_while(self.jobs(), Duration::from_secs(3), none_begun),
        );
    }

    /// No job that was refused has run.
    fn refused_never_ran(&self) -> Result<(), Fault> {
        let jobs = self.jobs();
        let ran = |job: &&Job| job.begun.is_some() && !job.is_accepted();
        match jobs.iter().find(ran) {
            None => Ok(()),
            Some(job) => Err(Fault::new("refused_and_run")
                .happened(format!("{} was refused, and run all the same", job.name))
                .expected("the caller of a refused job was told that it does not run, and may try again elsewhere")
                .next("decide first, and spawn only what is accepted")),
        }
    }
}

fn were(count: usize, noun: &str) -> String {
    format!(
        "{} {}",
        counted(count, noun),
        if count == 1 { "was" } else { "were" }
    )
}

fn place_not_given_back(happened: String) -> Fault {
    Fault::new("place_not_given_back")
        .happened(happened)
        .expected("a job that has ended leaves room for another, whether it returned `Ok` or `Err`, or panicked")
        .next("tie the place to the task: a permit that it owns is dropped with it, also by a panic; a `JoinSet` counts a task until it is joined")
}

fn wrong_refusal(refused: Refused, when: &str) -> Fault {
    Fault::new("wrong_refusal")
        .happened(format!("{when}, a job was refused as `{refused:?}`"))
        .expected("`Full` may be tried again, `ShuttingDown` may not: from the beginning of the shutdown on it is always the latter, and never before")
        .next("look at whether the shutdown has begun first, and at the room second")
}

fn accepted_then_dropped(job: &Job) -> Fault {
    let after = job.gone.map_or(Duration::ZERO, |gone| gone - job.submitted);
    Fault::new("accepted_then_dropped")
        .happened(format!(
            "{}, which takes {}, was accepted, and dropped {} later, {}",
            job.name,
            Readable(job.takes),
            Readable(after),
            if job.begun.is_some() { "half way" } else { "before it began" }
        ))
        .expected("an accepted job runs to its end, unless a shutdown's grace is over")
        .next("ask who owns the task: a `JoinSet` or an `AbortOnDropHandle` that goes out of scope aborts it, while a `JoinHandle` does not; and give the job no timeout")
}

/// What a job writes its record on. It is dropped with the job's future.
struct Slip {
    desk: Desk,
    index: usize,
}

impl Slip {
    /// The job itself.
    async fn work(self, name: String, takes: Duration, ending: Ending) -> Result<(), BoxError> {
        let task = poll_fn(|cx| Poll::Ready(cx.waker().data().addr())).await;
        self.note(|job| {
            job.begun = Some((Instant::now(), thread::current().id()));
            job.task = Some(task);
        });
        self.desk.0.begun.notify_all();
        // A call to an upstream takes time, and is drawn on the timeline.
        let route = Route::new(name.as_str()).latency(takes);
        let upstream = Upstream::builder().route(match ending {
            Done => route,
            Fails | Panics => route.fails(500),
        });
        let answer = upstream.build().get(&name).await;
        self.note(|job| job.ended = Some(Instant::now()));
        match ending {
            Done => drop(answer),
            Fails => return Err(Box::new(Failure::new(&self.desk.0.errors))),
            // Unlike `panic!`, this prints nothing: the learner has not caused it.
            Panics => panic::resume_unwind(Box::new(format!("{name} {PANIC}"))),
        }
        Ok(())
    }

    fn note(&self, note: impl FnOnce(&mut Job)) {
        note(&mut self.desk.jobs()[self.index]);
    }
}

const PANIC: &str = "panicked, as this test has it do";

impl Drop for Slip {
    fn drop(&mut self) {
        self.note(|job| job.gone = Some(Instant::now()));
    }
}

/// An error that counts how many of its kind there are.
#[derive(Debug)]
struct Failure(Arc<AtomicUsize>);

impl Failure {
    fn new(alive: &Arc<AtomicUsize>) -> Self {
        alive.fetch_add(1, Relaxed);
        Self(Arc::clone(alive))
    }
}

impl Drop for Failure {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the job failed, as this test has it do")
    }
}

impl std::error::Error for Failure {}

mod submit {
    use super::*;

    #[test]
    fn accepted_jobs_run_by_themselves_and_together() {
        examine(async |recorder: &Recorder| {
            let many: Vec<_> = (0..300).map(|job| (100 + job * 37 % 101, Done)).collect();
            let mixed = [
                (1037, Done),
                (250, Fails),
                (HOUR, Done),
                (250, Panics),
                (0, Done),
            ];
            for plans in [&mixed[..], &mixed[..1], &many] {
                recorder.restart();
                let (desk, background) = (Desk::default(), Background::new(plans.len()));
                for &(takes, ending) in plans {
                    desk.accept(&background, takes, ending)?;
                }
                desk.runs_by_itself().await?;
                for after in [251, 1000, HOUR] {
                    sleep(ms(after)).await;
                    desk.runs_by_itself().await?;
                }
            }
            Ok(())
        });
    }

    #[test]
    fn there_is_room_for_as_many_as_the_limit() {
        examine(async |recorder: &Recorder| {
            // Whose jobs are none of the others' business.
            let (bystander, other) = (Desk::default(), Background::new(1));
            bystander.accept(&other, 10 * HOUR, Done)?;
            for limit in [3, 1, 12] {
                recorder.restart();
                let (desk, background) = (Desk::default(), Background::new(limit));
                for job in 0..limit as u64 {
                    desk.accept(&background, 1000 + job * 100, Done)?;
                }
                desk.refuse(&background, limit).await?;
                desk.runs_by_itself().await?;
                // The jobs have been taken up, and yet their places are taken.
                desk.refuse(&background, limit).await?;
                sleep(ms(700)).await;
                desk.refuse(&background, limit).await?;
                sleep(ms(HOUR)).await;
                desk.runs_by_itself().await?;
                desk.refused_never_ran()?;
                bystander.runs_by_itself().await?;
            }
            Ok(())
        });
    }

    /// Whichever way it ends, and as often as it is asked.
    #[test]
    fn a_job_that_ends_gives_its_place_back() {
        examine(async |recorder: &Recorder| {
            for endings in [
                [Done, Done, Done],
                [Fails, Fails, Fails],
                [Panics, Panics, Panics],
                [Panics, Done, Fails],
            ] {
                recorder.restart();
                let limit = endings.len();
                let (desk, background) = (Desk::default(), Background::new(limit));
                for _ in 0..3 {
                    for ending in endings {
                        desk.accept(&background, 100, ending)?;
                    }
                    desk.runs_by_itself().await?;
                    desk.refuse(&background, limit).await?;
                    sleep(ms(101)).await;
                    desk.runs_by_itself().await?;
                }
                // One of several ends: one place.
                for (takes, ending) in std::iter::zip([50, 200, 300], endings) {
                    desk.accept(&background, takes, ending)?;
                }
                sleep(ms(51)).await;
                desk.accept(&background, 200, Done)?;
                desk.runs_by_itself().await?;
                desk.refuse(&background, limit).await?;
                desk.refused_never_ran()?;
            }
            Ok(())
        });
    }

    #[test]
    fn what_ended_jobs_returned_is_let_go() {
        examine(async |recorder: &Recorder| {
            recorder.restart();
            // Room enough that nothing needs to be let go to make room.
            let (desk, background) = (Desk::default(), Background::new(64));
            for _ in 0..10 {
                for _ in 0..20 {
                    desk.accept(&background, 10, Fails)?;
                }
                desk.runs_by_itself().await?;
                sleep(ms(11)).await;
            }
            desk.accept(&background, 10, Done)?;
            desk.runs_by_itself().await?;
            let ended = desk.planned(200);
            let kept = |what: String| {
                Fault::new("ended_jobs_kept")
                    .happened(format!("200 jobs had ended, another was submitted, and {what} in memory"))
                    .expected("a job that has ended leaves a count behind, and nothing else: a service runs for months")
                    .next("with each `submit`, join all that has ended (`while let Some(joined) = jobs.try_join_next()`); a handle that is kept keeps its task in memory")
            };
            let errors = desk.0.errors.load(Relaxed);
            ensure(errors == 0, || {
                kept(format!(
                    "{errors} of the errors that they returned were still"
                ))
            })?;
            // A task that is gone leaves its memory to the next ones: at 20 at a time, 200 need no 200 places.
            let tasks: HashSet<_> = ended.iter().map(|job| job.task).collect();
            ensure(tasks.len() < ended.len(), || {
                kept("their tasks were all still".into())
            })
        });
    }
}

mod shutdown {
    use super::*;

    /// A background, what it is given to do, and when it is shut down.
    #[derive(Clone)]
    struct Scenario {
        limit: usize,
        /// When each job is submitted, how long it takes and how it ends, in milliseconds from the start.
        plans: Vec<(u64, u64, Ending)>,
        /// How many more are submitted when there is no room.
        refused: usize,
        begins: u64,
        grace: u64,
        /// How long after the shutdown has begun further jobs are submitted.
        probes: &'static [u64],
    }

    /// What came of it.
    struct Observed {
        report: Report,
        began: Instant,
        took: Duration,
        /// The jobs as they were when `shutdown` returned, and once every task had run that could.
        at_return: Vec<Job>,
        settled: Vec<Job>,
        probes: Vec<Result<(), Refused>>,
        left_alive: usize,
    }

    impl Scenario {
        fn new(plans: &[(u64, u64, Ending)], begins: u64, grace: u64) -> Self {
            Self {
                limit: 64,
                plans: plans.to_vec(),
                refused: 0,
                begins,
                grace,
                probes: &[],
            }
        }

        async fn observe(&self, recorder: &Recorder) -> Result<(), Fault> {
            recorder.restart();
            let start = Instant::now();
            let alive = Handle::current().metrics().num_alive_tasks();
            let (desk, background) = (Desk::default(), Background::new(self.limit));
            for &(at, takes, ending) in &self.plans {
                if Instant::now() < start + ms(at) {
                    desk.runs_by_itself().await?;
                    sleep_until(start + ms(at)).await;
                }
                desk.accept(&background, takes, ending)?;
            }
            for _ in 0..self.refused {
                desk.refuse(&background, self.limit).await?;
            }
            if Instant::now() < start + ms(self.begins) {
                desk.runs_by_itself().await?;
                sleep_until(start + ms(self.begins)).await;
                settle().await;
            }
            let began = Instant::now();
            let planned = self.plans.len();
            let shutdown = async {
                let (report, took) = timed(catch_panic(background.shutdown(ms(self.grace)))).await;
                (report, took, desk.planned(planned))
            };
            let probes = async {
                let mut answers = Vec::new();
                for &after in self.probes {
                    yield_now().await;
                    sleep_until(began + ms(after)).await;
                    answers.push(desk.submit(&background, 10, Done));
                }
                answers
            };
            let ((report, took, at_return), probes) = tokio::join!(shutdown, probes);
            settle().await;
            let settled = desk.planned(planned);
            let left_alive = Handle::current().metrics().num_alive_tasks();
            let report = report.map_err(panicked)?;
            let observed = Observed {
                report,
                began,
                took,
                at_return,
                settled,
                probes,
                left_alive: left_alive.saturating_sub(alive),
            };
            self.drained(&observed)?;
            self.refused(&observed)?;
            desk.refused_never_ran()?;
            self.in_time(&observed)?;
            self.counted(&observed)?;
            self.nothing_left(&observed)
        }

        /// How each job ends if the contract is kept.
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

        /// Every job came to its end or to the end of the grace, and was gone when `shutdown` returned.
        fn drained(&self, observed: &Observed) -> Result<(), Fault> {
            let deadline = observed.began + ms(self.grace);
            let jobs = &observed.settled;
            let returned = observed.began + observed.took;
            let went_on = |job: &&Job| job.gone.is_none_or(|gone| gone > returned);
            let running = jobs.iter().filter(went_on).count();
            ensure(running == 0, || {
                left_running(format!(
                    "`shutdown` returned after {}, while {} still running, to be dropped with the end of the program",
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
                return Err(accepted_then_dropped(job));
            }
            ensure(early.is_none(), || {
                let lost = jobs.iter().filter(half_way).count();
                Fault::new("aborted_at_once")
                    .happened(format!(
                        "the shutdown began with a grace of {}, and {} dropped {} after that, half way",
                        Readable(ms(self.grace)),
                        were(lost, "job"),
                        Readable(early.and_then(|job| job.gone).map_or(Duration::ZERO, |gone| gone - observed.began))
                    ))
                    .expected("running jobs have until the end of the grace: their mails are sent, their rows are written")
                    .next("`abort_all`, `JoinSet::shutdown` and the drop of a `JoinSet` abort at once: first wait for the jobs, within the grace")
            })?;
            let not_yet = observed
                .at_return
                .iter()
                .filter(|job| job.gone.is_none())
                .count();
            ensure(not_yet == 0, || {
                Fault::new("abort_not_awaited")
                    .happened(format!("when `shutdown` returned, {} aborted, and not gone yet", were(not_yet, "job")))
                    .expected("when it returns, what the jobs held has been dropped: files, connections, locks")
                    .next("`abort` only asks: await the handles, `join_next` until there is none, or `TaskTracker::wait` afterwards")
            })
        }

        /// Nothing was accepted from the beginning of the shutdown on.
        fn refused(&self, observed: &Observed) -> Result<(), Fault> {
            for (after, answer) in std::iter::zip(self.probes, &observed.probes) {
                let when = match after {
                    0 => "as soon as the shutdown had begun".to_owned(),
                    after if ms(*after) > observed.took => "after the shutdown".to_owned(),
                    after => format!("{} into the shutdown", Readable(ms(*after))),
                };
                match answer {
                    Err(Refused::ShuttingDown) => {}
                    Err(refused) => return Err(wrong_refusal(*refused, &when)),
                    Ok(()) => {
                        return Err(Fault::new("accepted_during_the_shutdown")
                            .happened(format!("{when}, another job was accepted"))
                            .expected("from the moment `shutdown` begins, every job is refused as `ShuttingDown`: nobody will wait for it")
                            .next("mark the shutdown before the first await of `shutdown`, and look at the mark in `submit`; `TaskTracker::close` alone refuses nothing"));
                    }
                }
            }
            Ok(())
        }

        /// It took as long as the last job or the grace, whichever is shorter.
        fn in_time(&self, observed: &Observed) -> Result<(), Fault> {
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
            if took > grace && took >= last {
                return Err(fault("drain_without_a_deadline")
                    .next("bound the wait for the jobs by `timeout` or `timeout_at`, and abort what is left then"));
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
                    .next("compute one deadline when the shutdown begins, a `tokio::time::Instant`, and wait with `timeout_at`: a timeout for each handle, or each `join_next`, begins anew every time, and `std`'s clock does not know of the paused one"));
            }
            if took > grace {
                return Err(fault("grace_not_kept")
                    .next("look for whatever else takes time: a grace of one's own, a sleep before or after the wait"));
            }
            if took > expected && took == grace {
                return Err(fault("whole_grace_every_time")
                    .next("look for what keeps the wait from ending: a `TaskTracker` that was not closed, a channel's last sender that is still held, a notification that had come earlier, or a sleep in place of a wait"));
            }
            ensure(took == expected, || {
                fault("drain_by_polling")
                    .next("wait for the jobs themselves (`join_next`, `TaskTracker::wait`, `Notify`) and for nothing else: no moment at a time, no pause before or after")
            })
        }

        /// Each job is in the report once, under how it ended.
        fn counted(&self, observed: &Observed) -> Result<(), Fault> {
            let (found, expected) = (observed.report, self.expected(observed));
            let sum =
                |report: Report| report.done + report.failed + report.panicked + report.aborted;
            let accepted = sum(expected);
            if found == expected {
                return Ok(());
            }
            let happened = format!(
                "the jobs: {}; the report: {}",
                words(expected),
                words(found)
            );
            if accepted > 0 && expected.aborted == 0 && found == Report::default() {
                return Err(left_running(format!(
                    "{happened}: it knows of none of the jobs"
                )));
            }
            let fault = |misconception| {
                Fault::new(misconception)
                    .happened(&happened)
                    .expected(format!(
                        "each of the {accepted} accepted jobs is counted once, under how it ended"
                    ))
            };
            if sum(found) < accepted && found.done < expected.done {
                return Err(fault("ended_jobs_not_counted")
                    .next("count a job when it ends, or when `submit` joins it, and have `shutdown` go on from these counts"));
            }
            let returned = |report: Report| report.done + report.failed;
            if found.aborted > expected.aborted && returned(found) < returned(expected) {
                return Err(fault("ended_counted_as_aborted")
                    .next("count each job when it is joined, and outside of what a `timeout` drops; join what seems late as well, for it may have ended all the same"));
            }
            if found.failed < expected.failed && found.panicked <= expected.panicked {
                return Err(fault("failure_counted_as_done")
                    .next("what a joined job gives is a `Result` in a `Result`: `Ok(Err(_))` is a job that returned an error"));
            }
            if sum(found) < accepted && found.done == expected.done {
                return Err(fault("join_error_lost")
                    .next("a panic and an abort end in the `JoinError` of whoever joins the task, and nowhere else: what the task itself does after its job is skipped by both"));
            }
            if found.panicked != expected.panicked && sum(found) == accepted {
                return Err(fault("panic_not_told_apart").next(
                    "a `JoinError` has two causes, which `is_panic` and `is_cancelled` tell apart; the `Err` of `catch_unwind` is a panic, and not a job that failed; and a job's own `Err` is not unwrapped",
                ));
            }
            Err(fault("counts_do_not_add_up").next(if sum(found) == accepted {
                "done is what returned `Ok`, failed what returned `Err`, and what was aborted is neither"
            } else {
                "count each job of this `Background` in one place, when it ends; a refused job is not one"
            }))
        }

        fn nothing_left(&self, observed: &Observed) -> Result<(), Fault> {
            ensure(observed.left_alive == 0, || {
                Fault::new("tasks_left_behind")
                    .happened(format!("all jobs were gone, and {} alive", match observed.left_alive {
                        1 => "another task was".to_owned(),
                        more => format!("{more} other tasks were"),
                    }))
                    .expected("when `shutdown` returns, no task is left that `Background` spawned")
                    .next("workers and supervisors are tasks as well: close the channel that they wait on, or abort them, and join them")
            })
        }
    }

    /// What a handler relies on, so that it is not blamed for it.
    pub(super) async fn does_its_part(recorder: &Recorder) -> Result<(), Fault> {
        let scenario = Scenario {
            limit: 2,
            refused: 1,
            probes: &[2500],
            ..Scenario::new(&[(0, 900, Done), (0, 900, Fails)], 100, 2000)
        };
        scenario.observe(recorder).await?;
        recorder.restart();
        Ok(())
    }

    fn words(report: Report) -> String {
        let Report {
            done,
            failed,
            panicked,
            aborted,
        } = report;
        format!("{done} done, {failed} failed, {panicked} panicked, {aborted} aborted")
    }

    fn panicked(message: String) -> Fault {
        if !message.contains("JoinError") && !message.contains(PANIC) {
            // A fault of the answer's own: the verdict shows where it was raised.
            panic::resume_unwind(Box::new(message));
        }
        Fault::new("join_error_unwrapped")
            .happened(format!("`shutdown` itself panicked: {message}"))
            .expected("one job that panicked or was aborted is a number in the report; the others are waited for all the same")
            .next("match on the result of joining a task: no `unwrap` or `expect`, and no `JoinSet::join_all`, which passes the panic on")
    }

    #[test]
    fn running_jobs_come_to_their_end() {
        examine(async |recorder: &Recorder| {
            for scenario in [
                Scenario::new(&[(0, 2000, Done)], 0, 5000),
                Scenario::new(
                    &[(0, 700, Done), (0, 2037, Done), (50, 1200, Done)],
                    500,
                    5000,
                ),
                Scenario::new(&[(0, HOUR, Done), (0, 1000, Done)], 1001, 2 * HOUR),
                Scenario::new(&[], 100, 3000),
            ] {
                scenario.observe(recorder).await?;
            }
            Ok(())
        });
    }

    #[test]
    fn the_grace_bounds_the_wait() {
        examine(async |recorder: &Recorder| {
            for scenario in [
                Scenario::new(
                    &[(0, HOUR, Done), (0, 1100, Done), (0, 2 * HOUR, Done)],
                    100,
                    2000,
                ),
                Scenario::new(
                    &[
                        (0, 700, Done),
                        (0, 1400, Done),
                        (0, 2100, Done),
                        (0, HOUR, Done),
                    ],
                    500,
                    1037,
                ),
                Scenario::new(&[(0, HOUR, Done), (10, HOUR, Done)], 20, 0),
                // More than the runtime polls before it looks after anything else.
                Scenario {
                    limit: 300,
                    ..Scenario::new(&[(0, HOUR, Done); 300], 100, 1000)
                },
                // Accepted, and not yet polled when the shutdown begins.
                Scenario::new(&[(0, HOUR, Done), (0, HOUR, Done), (0, HOUR, Done)], 0, 0),
            ] {
                scenario.observe(recorder).await?;
            }
            Ok(())
        });
    }

    #[test]
    fn every_job_is_counted_once_under_how_it_ended() {
        examine(async |recorder: &Recorder| {
            let plans = |early: [usize; 3], late: [usize; 3], aborted: usize| {
                let mut plans = Vec::new();
                let times = |count, plan| std::iter::repeat_n(plan, count);
                for (count, ending) in std::iter::zip(early, [Done, Fails, Panics]) {
                    plans.extend(times(count, (0, 100, ending)));
                }
                for (count, ending) in std::iter::zip(late, [Done, Fails, Panics]) {
                    plans.extend(times(count, (200, 900, ending)));
                }
                plans.extend(times(aborted, (200, HOUR, Done)));
                plans
            };
            for (early, late, aborted) in [
                ([0, 0, 0], [2, 3, 1], 1),
                ([3, 1, 2], [1, 2, 3], 4),
                ([5, 4, 3], [0, 0, 0], 1),
                ([0, 0, 2], [1, 0, 5], 0),
                ([1, 0, 0], [4, 5, 0], 2),
            ] {
                let plans = plans(early, late, aborted);
                Scenario::new(&plans, 500, 1500).observe(recorder).await?;
            }
            // Those that were refused are in no report.
            let full = Scenario {
                limit: 3,
                refused: 2,
                ..Scenario::new(
                    &[(0, 900, Done), (0, 900, Fails), (0, HOUR, Done)],
                    100,
                    2000,
                )
            };
            full.observe(recorder).await?;
            // All have ended, no grace is left, and they are more than can be joined in one turn.
            let ended = plans([200, 50, 50], [0, 0, 0], 0);
            let late = Scenario {
                limit: 300,
                ..Scenario::new(&ended, 500, 0)
            };
            late.observe(recorder).await
        });
    }

    #[test]
    fn nothing_is_accepted_from_then_on() {
        examine(async |recorder: &Recorder| {
            let jobs = [(0, 900, Done), (0, HOUR, Done)];
            for (limit, begins, probes) in [
                (64, 100, &[0, 1, 500, 2500][..]),
                (2, 100, &[0, 1, 1000]),
                (3, 0, &[0]),
            ] {
                let scenario = Scenario {
                    limit,
                    probes,
                    ..Scenario::new(&jobs, begins, 2000)
                };
                scenario.observe(recorder).await?;
            }
            Ok(())
        });
    }
}

mod register {
    use super::{shutdown::does_its_part, *};

    /// Sends a registration, and ensures that the answer comes at once.
    async fn answer(
        background: &Background,
        mailer: &Arc<SimulatedMailer>,
        to: &str,
    ) -> Result<StatusCode, Fault> {
        let (status, took) = timed(super::super::register(
            background,
            mailer.clone(),
            to.into(),
        ))
        .await;
        at_once(took)?;
        Ok(status)
    }

    fn at_once(took: Duration) -> Result<(), Fault> {
        ensure(took.is_zero(), || {
            Fault::new("answer_waits_for_the_mail")
                .happened(format!("the user waited {} for the answer", Readable(took)))
                .expected("the answer comes at once, 0 ms later; the mail is sent afterwards")
                .next("await nothing in the handler: move the await into the job that is submitted")
        })
    }

    fn status_is(found: StatusCode, expected: StatusCode, when: &str) -> Result<(), Fault> {
        ensure(found == expected, || {
            Fault::new("wrong_status")
                .happened(format!("{when}, the answer was {found}"))
                .expected(format!("the answer is {expected}"))
                .next("match on what `submit` returns: `202 Accepted` says that the work is yet to be done, `503 Service Unavailable` that it will not be")
        })
    }

    fn sent_once(attempts: usize, mails: usize) -> Result<(), Fault> {
        ensure(attempts <= mails, || {
            Fault::new("mail_sent_twice")
                .happened(format!("for {} the mailer was asked {attempts} times", counted(mails, "registration")))
                .expected("`send` is called once for each: a mail that has gone out cannot be taken back")
                .next("submit one job with one `send` in it, and leave trying again to whoever reads the report")
        })
    }

    fn never_sent(how: String) -> Fault {
        Fault::new("mail_never_sent")
            .happened(format!("the answer was 202 Accepted, and {how}"))
            .expected("the mail goes out by itself, as soon as the mailer is done with it")
            .next("await `mailer.send(…)` inside the job: a future that is made and dropped sends nothing")
    }

    fn sent_behind_its_back(happened: String) -> Fault {
        left_running(happened)
            .expected("the mail is a job of `background`, which bounds, counts and awaits it")
            .next("hand the mail to `background.submit`, not to `tokio::spawn`")
    }

    #[test]
    fn the_answer_does_not_wait_for_the_mail() {
        examine(async |recorder: &Recorder| {
            for (latency, to) in [
                (2000, "ada@example.org"),
                (5000, "Grace.Hopper@example.com"),
                (HOUR, "niklaus@example.ch"),
            ] {
                recorder.restart();
                let start = Instant::now();
                let mailer = Arc::new(SimulatedMailer::new(ms(latency)));
                let background = Arc::new(Background::new(3));
                let request = Request::post(format!("/register/{to}"))
                    .body(Body::empty())
                    .expect("it is a request");
                let service = app(Arc::clone(&background), mailer.clone());
                let (response, took) = timed(service.oneshot(request)).await;
                let Ok(response) = response;
                at_once(took)?;
                status_is(response.status(), StatusCode::ACCEPTED, "there was room")?;
                sleep(ms(latency + 1)).await;
                let (sent, attempts) = (mailer.sent(), mailer.attempts());
                sent_once(attempts, 1)?;
                ensure(attempts == 1, || {
                    never_sent("nobody had asked the mailer to send a mail by then".into())
                })?;
                ensure(sent.len() == 1 && sent[0].at == start + ms(latency), || {
                    never_sent(format!(
                        "after {}, which is what the mailer takes, it had not gone out",
                        Readable(ms(latency))
                    ))
                })?;
                ensure(sent[0].to == to && sent[0].text == "Welcome!", || {
                    Fault::new("wrong_mail")
                        .happened(format!("a mail to {} said `{}`", sent[0].to, sent[0].text))
                        .expected(format!("the mail to {to} says `Welcome!`"))
                        .next("pass `to` on as it comes, and the text as the task gives it")
                })?;
            }
            Ok(())
        });
    }

    #[test]
    fn a_mail_that_is_not_accepted_is_not_promised() {
        examine(async |recorder: &Recorder| {
            does_its_part(recorder).await?;
            let mailer = Arc::new(SimulatedMailer::new(ms(2000)));
            let background = Background::new(2);
            let first = answer(&background, &mailer, "first@example.org").await?;
            status_is(first, StatusCode::ACCEPTED, "there was room")?;
            let second = answer(&background, &mailer, "second@example.org").await?;
            status_is(second, StatusCode::ACCEPTED, "there was room")?;
            let third = answer(&background, &mailer, "third@example.org").await?;
            sleep(ms(2001)).await;
            not_promised(third, &mailer, "third@example.org", "there was no room")?;
            // A place that was given back is a place for the next.
            let fourth = answer(&background, &mailer, "fourth@example.org").await?;
            status_is(fourth, StatusCode::ACCEPTED, "there was room again")?;
            background.shutdown(ms(5000)).await;
            let fifth = answer(&background, &mailer, "fifth@example.org").await?;
            sleep(ms(2001)).await;
            not_promised(
                fifth,
                &mailer,
                "fifth@example.org",
                "the service was shut down",
            )
        });
    }

    fn not_promised(
        status: StatusCode,
        mailer: &SimulatedMailer,
        to: &str,
        why: &str,
    ) -> Result<(), Fault> {
        let sent = mailer.sent().iter().any(|sent| sent.to == to);
        ensure(!sent, || {
            sent_behind_its_back(format!("{why}, and a mail was sent all the same"))
        })?;
        ensure(status != StatusCode::ACCEPTED, || {
            Fault::new("promised_and_refused")
                .happened(format!(
                    "{why}, the answer was 202 Accepted, and no mail was ever sent"
                ))
                .expected(
                    "the answer is 503 Service Unavailable: who is told the truth can try again",
                )
                .next("look at what `submit` returns: an `Err` means that the job does not run")
        })?;
        status_is(status, StatusCode::SERVICE_UNAVAILABLE, why)
    }

    #[test]
    fn the_shutdown_waits_for_the_mail() {
        examine(async |recorder: &Recorder| {
            does_its_part(recorder).await?;
            for users in [1, 7] {
                recorder.restart();
                let mailer = Arc::new(SimulatedMailer::new(ms(2000)));
                let background = Background::new(users);
                for user in 0..users {
                    let status =
                        answer(&background, &mailer, &format!("user{user}@example.org")).await?;
                    status_is(status, StatusCode::ACCEPTED, "there was room")?;
                }
                let report = background.shutdown(ms(10_000)).await;
                let sent = mailer.sent().len();
                ensure(report.done != users || mailer.attempts() > 0, || {
                    never_sent("the job was done without asking the mailer".into())
                })?;
                sent_once(mailer.attempts(), users)?;
                ensure(report.aborted == 0, || {
                    Fault::new("jobs_wait_in_line")
                        .happened(format!(
                            "of {}, {sent} had gone out after 10 s, and {} aborted",
                            counted(users, "mail"),
                            were(report.aborted, "job")
                        ))
                        .expected("mails that take 2 s each are sent next to each other, and have gone out after 2 s")
                        .next("no lock, and nothing else that one mail has to wait for, around `send`")
                })?;
                ensure(report.done >= users && sent == users, || {
                    sent_behind_its_back(format!(
                        "of {} promised, {sent} had gone out when the shutdown was over, and the report says {} done",
                        counted(users, "mail"),
                        report.done
                    ))
                })?;
            }
            Ok(())
        });
    }

    #[test]
    fn a_mail_that_fails_is_a_job_that_fails() {
        examine(async |recorder: &Recorder| {
            does_its_part(recorder).await?;
            let mailer = SimulatedMailer::new(ms(2000))
                .fails_for("nobody@example.org")
                .fails_for("nowhere@example.org");
            let mailer = Arc::new(mailer);
            let background = Background::new(8);
            for to in ["nobody", "ada", "nowhere"] {
                let status = answer(&background, &mailer, &format!("{to}@example.org")).await?;
                status_is(status, StatusCode::ACCEPTED, "there was room")?;
            }
            let report = background.shutdown(ms(10_000)).await;
            let expected = Report {
                done: 1,
                failed: 2,
                ..Report::default()
            };
            ensure(report != Report::default(), || {
                sent_behind_its_back(
                    "three mails were promised, and the report knows of none".into(),
                )
            })?;
            ensure(mailer.attempts() > 0, || {
                never_sent("the jobs were done without asking the mailer".into())
            })?;
            sent_once(mailer.attempts(), 3)?;
            ensure(report.failed >= expected.failed, || {
                Fault::new("failure_swallowed")
                    .happened(format!("one mail went out and two were refused by the mail server; the report is {report:?}"))
                    .expected(format!("the report is {expected:?}: whoever reads it learns that two users got no mail"))
                    .next("return the error of `send` from the job, with `?`: neither drop it nor unwrap it")
            })
        });
    }
}

/// Nobody waited for the jobs, or knows of them.
fn left_running(happened: String) -> Fault {
    Fault::new("fire_and_forget")
        .happened(happened)
        .expected("`shutdown` waits for the jobs, and reports each of them: a program that ends takes with it whatever is still running")
        .next("keep what `spawn` returns, in a `JoinSet` or a `TaskTracker`, which can be waited for: dropping a `JoinHandle` aborts nothing")
}
