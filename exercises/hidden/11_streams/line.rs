//! A line of paths to work on: when each arrives, how long its work takes, and what really became of it.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use async_workbook::{
    harness::ms,
    services::upstream::{Page, Route, Upstream},
};
use futures::{StreamExt as _, future::LocalBoxFuture, stream};
use tokio::time::{Instant, sleep, sleep_until};
use tracing::Instrument as _;

use crate::{Paths, Save, Work};

/// What a path's work does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Job {
    /// When its path arrives, in milliseconds.
    pub(crate) arrives: u64,
    /// How long each of its calls takes, in milliseconds.
    pub(crate) steps: Vec<u64>,
    pub(crate) end: End,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum End {
    #[default]
    Page,
    Error,
    Panic,
    /// `work` itself panics, before there's a future.
    PanicInCall,
}

impl Job {
    pub(crate) fn of(steps: &[u64]) -> Self {
        Self {
            steps: steps.to_vec(),
            ..Self::default()
        }
    }

    pub(crate) fn arriving(self, arrives: u64) -> Self {
        Self { arrives, ..self }
    }

    pub(crate) fn ending(self, end: End) -> Self {
        Self { end, ..self }
    }

    pub(crate) fn takes(&self) -> Duration {
        ms(self.steps.iter().sum())
    }
}

/// What really became of a path. Times count from the start.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) taken: Option<Duration>,
    /// Whether `work` was called, which alone begins nothing.
    pub(crate) called: bool,
    pub(crate) began: Option<Duration>,
    pub(crate) ended: Option<Duration>,
    /// Whether it ended because it was dropped.
    pub(crate) dropped: bool,
    /// How often its work began.
    pub(crate) works: usize,
    pub(crate) save_began: Option<Duration>,
    pub(crate) save_ended: Option<Duration>,
    pub(crate) saves: usize,
}

#[derive(Debug)]
struct Record {
    start: Instant,
    seen: Vec<Seen>,
    running: usize,
    most_running: usize,
    most_ahead: usize,
    most_waiting: usize,
}

/// Shared by the paths, their work and `save`.
#[derive(Clone, Debug)]
struct Log(Arc<Mutex<Record>>);

impl Log {
    fn note<T>(&self, note: impl FnOnce(&mut Record, Duration) -> T) -> T {
        let mut record = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = record.start.elapsed();
        let noted = note(&mut record, now);
        let count = |of: fn(&Seen) -> bool| record.seen.iter().filter(|&seen| of(seen)).count();
        // What was dropped is no longer anybody's business.
        let over = |seen: &Seen| seen.save_ended.is_some() || seen.dropped;
        let ahead = record
            .seen
            .iter()
            .filter(|&seen| seen.taken.is_some() && !over(seen));
        let ahead = ahead.count();
        let waiting =
            count(|seen| seen.ended.is_some() && !seen.dropped && seen.save_began.is_none());
        record.most_ahead = record.most_ahead.max(ahead);
        record.most_waiting = record.most_waiting.max(waiting);
        noted
    }
}

/// Work that is under way, until this is dropped.
struct Running {
    log: Log,
    index: usize,
    /// Whether it has come to its end by itself.
    done: bool,
}

impl Running {
    fn begin(log: &Log, index: usize) -> Self {
        log.note(|record, now| {
            record.running += 1;
            record.most_running = record.most_running.max(record.running);
            record.seen[index].began.get_or_insert(now);
            record.seen[index].works += 1;
        });
        Self {
            log: log.clone(),
            index,
            done: false,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Work that is left over is dropped with the runtime, which has no clock then.
        if tokio::runtime::Handle::try_current().is_err() {
            return;
        }
        let (index, dropped) = (self.index, !self.done);
        self.log.note(|record, now| {
            record.running -= 1;
            record.seen[index].ended = Some(now);
            record.seen[index].dropped |= dropped;
        });
    }
}

pub(crate) struct Line {
    pub(crate) limit: usize,
    pub(crate) jobs: Vec<Job>,
    /// How long `save` takes.
    pub(crate) save: Duration,
    pub(crate) upstream: Upstream,
    log: Log,
    /// Shared with every stream of the paths that there is.
    readers: Arc<()>,
    asked_again: Arc<AtomicBool>,
}

pub(crate) fn path(index: usize) -> String {
    format!("orders/{}", index + 1)
}

/// What the work on this path says when it panics.
pub(crate) fn panic_of(path: &str) -> String {
    format!("the work for {path} panicked")
}

fn step(path: &str, step: usize) -> String {
    format!("{path}, step {}", step + 1)
}

impl Line {
    pub(crate) fn new(limit: usize, save: u64, jobs: Vec<Job>) -> Self {
        let mut builder = Upstream::builder();
        for (index, job) in jobs.iter().enumerate() {
            for (number, &latency) in job.steps.iter().enumerate() {
                let route = Route::new(step(&path(index), number)).latency(ms(latency));
                let fails = job.end == End::Error && number + 1 == job.steps.len();
                builder = builder.route(if fails { route.fails(503) } else { route });
            }
        }
        let record = Record {
            start: Instant::now(),
            seen: vec![Seen::default(); jobs.len()],
            running: 0,
            most_running: 0,
            most_ahead: 0,
            most_waiting: 0,
        };
        Self {
            limit,
            save: ms(save),
            upstream: builder.build(),
            jobs,
            log: Log(Arc::new(Mutex::new(record))),
            readers: Arc::default(),
            asked_again: Arc::default(),
        }
    }

    /// The paths, each when it arrives.
    pub(crate) fn paths(&self) -> Paths {
        let (log, start) = (self.log.clone(), Instant::now());
        let reader = Arc::clone(&self.readers);
        let arrivals: Vec<_> = self.jobs.iter().map(|job| ms(job.arrives)).collect();
        let paths = stream::iter(arrivals.into_iter().enumerate());
        let paths = paths.then(move |(index, arrives)| {
            let (log, _held) = (log.clone(), &reader);
            async move {
                sleep_until(start + arrives).await;
                log.note(|record, now| record.seen[index].taken = Some(now));
                path(index)
            }
        });
        Paths::new(paths, Arc::clone(&self.asked_again))
    }

    pub(crate) fn work(&self) -> Work {
        let (log, upstream) = (self.log.clone(), self.upstream.clone());
        let jobs: Arc<[Job]> = self.jobs.clone().into();
        Box::new(move |path| {
            let (log, upstream, jobs) = (log.clone(), upstream.clone(), Arc::clone(&jobs));
            let index = index_of(&path);
            log.note(|record, _| record.seen[index].called = true);
            assert!(jobs[index].end != End::PanicInCall, "{}", panic_of(&path));
            Box::pin(async move {
                let job = &jobs[index];
                let mut running = Running::begin(&log, index);
                for number in 0..job.steps.len() {
                    let result = upstream.get(&step(&path, number)).await;
                    if let Err(error) = result {
                        running.done = true;
                        return Err(error);
                    }
                }
                running.done = true;
                assert!(job.end != End::Panic, "{}", panic_of(&path));
                drop(running);
                let body = format!("page of {path}");
                Ok(Page { path, body })
            })
        })
    }

    pub(crate) fn saving<'a>(&'a self) -> Save<'a> {
        Box::new(move |page: Page| -> LocalBoxFuture<'a, ()> {
            let label = format!("save {}", page.path);
            let index = index_of(&page.path);
            let span = tracing::info_span!("save", label = %label, outcome = tracing::field::Empty);
            let saving = async move {
                self.log.note(|record, now| {
                    record.seen[index].saves += 1;
                    record.seen[index].save_began.get_or_insert(now);
                });
                if !self.save.is_zero() {
                    sleep(self.save).await;
                }
                self.log
                    .note(|record, now| record.seen[index].save_ended = Some(now));
                tracing::Span::current().record("outcome", "finished");
            };
            Box::pin(saving.instrument(span))
        })
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.log.note(|record, _| record.seen.clone())
    }

    /// Whether a stream of the paths hasn't been dropped yet.
    pub(crate) fn has_readers(&self) -> bool {
        Arc::strong_count(&self.readers) > 1
    }

    /// Whether a stream of the paths was polled again after its end.
    pub(crate) fn asked_again(&self) -> bool {
        self.asked_again.load(Relaxed)
    }

    pub(crate) fn running(&self) -> usize {
        self.log.note(|record, _| record.running)
    }

    pub(crate) fn most_running(&self) -> usize {
        self.log.note(|record, _| record.most_running)
    }

    /// The most paths that had been taken from the stream, and whose pages hadn't been saved.
    pub(crate) fn most_ahead(&self) -> usize {
        self.log.note(|record, _| record.most_ahead)
    }

    /// The most pages that waited for `save`.
    pub(crate) fn most_waiting(&self) -> usize {
        self.log.note(|record, _| record.most_waiting)
    }

    pub(crate) fn count(&self, end: End) -> usize {
        self.jobs.iter().filter(|job| job.end == end).count()
    }

    /// When each job should begin if the next begins whenever any ends.
    pub(crate) fn window(&self) -> Vec<Duration> {
        let mut running = BinaryHeap::new();
        let jobs = self.jobs.iter();
        let begins = jobs.map(|job| {
            let free = if running.len() < self.limit {
                Duration::ZERO
            } else {
                let Reverse(first) = running.pop().expect("a limit is at least one");
                first
            };
            let begins = free.max(ms(job.arrives));
            running.push(Reverse(begins + job.takes()));
            begins
        });
        begins.collect()
    }

    /// When each would begin if a place became free only when the oldest has ended.
    pub(crate) fn oldest_first(&self) -> Vec<Duration> {
        self.begin_after(|index| index.checked_sub(self.limit).map(|last| last + 1))
    }

    /// When each would begin if the next group waited for the whole group before it.
    pub(crate) fn in_chunks(&self) -> Vec<Duration> {
        self.begin_after(|index| Some(index / self.limit * self.limit))
    }

    /// Each begins when so many of the first have ended.
    fn begin_after(&self, first: impl Fn(usize) -> Option<usize>) -> Vec<Duration> {
        let mut ends: Vec<Duration> = Vec::new();
        let mut begins = Vec::new();
        for (index, job) in self.jobs.iter().enumerate() {
            let before = &ends[..first(index).unwrap_or_default()];
            let free = before.iter().max().copied().unwrap_or_default();
            let begin = free.max(ms(job.arrives));
            begins.push(begin);
            ends.push(begin + job.takes());
        }
        begins
    }
}

fn index_of(path: &str) -> usize {
    let number = path
        .rsplit('/')
        .next()
        .and_then(|number| number.parse().ok());
    number.unwrap_or(1_usize) - 1
}
