//! The work that a lease is for, and what is known of it.

use std::{
    cell::RefCell,
    panic::panic_any,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use async_workbook::{harness::ms, probes::drops::Drops, services::leases::Leases};
use futures::{FutureExt as _, future::BoxFuture};
use tokio::time::{Instant, sleep};

/// What the work is to do: wait for each of these times, and end.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<u64>,
    pub(crate) panics: Panics,
    /// How long the service takes to give out the lease, and to take it back.
    pub(crate) acquire: u64,
    pub(crate) release: u64,
    /// The limit for the release.
    pub(crate) limit: u64,
}

/// Whether the work panics at its end, and with what.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Panics {
    No,
    WithText,
    /// As `panic_any` can.
    WithNumber,
}

impl Plan {
    pub(crate) fn of(steps: &[u64]) -> Self {
        Self {
            steps: steps.to_vec(),
            panics: Panics::No,
            acquire: super::ACQUIRE,
            release: super::RELEASE,
            limit: super::LIMIT,
        }
    }

    pub(crate) fn panics(self, panics: Panics) -> Self {
        Self { panics, ..self }
    }

    pub(crate) fn acquire_takes(self, acquire: u64) -> Self {
        Self { acquire, ..self }
    }

    pub(crate) fn limit(self, limit: u64) -> Self {
        Self { limit, ..self }
    }

    pub(crate) fn release_takes(self, release: u64) -> Self {
        Self { release, ..self }
    }

    pub(crate) fn length(&self) -> u64 {
        self.steps.iter().sum()
    }
}

pub(crate) const PANIC: &str = "the work has a fault";
pub(crate) const NUMBER: u32 = 42;

/// The work: `Send`, and neither `Sync` nor `Unpin`.
pub struct Work {
    future: RefCell<BoxFuture<'static, Output>>,
    _pinned: std::marker::PhantomPinned,
}

/// Its output: `Send`, and nothing else.
pub struct Output {
    _not_sync: std::marker::PhantomData<std::cell::Cell<()>>,
}

impl Future for Work {
    type Output = Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Output> {
        self.as_ref()
            .get_ref()
            .future
            .borrow_mut()
            .poll_unpin(context)
    }
}

/// What became of the work. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log(Arc<Mutex<Record>>);

#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    pub(crate) begun: Option<Instant>,
    /// How many leases were taken each time that it was polled.
    pub(crate) taken: Vec<usize>,
    pub(crate) finished: Option<Instant>,
    pub(crate) is_gone: bool,
}

/// How far the work had come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Stage {
    NotBegun,
    Running,
    Finished,
}

impl Log {
    pub(crate) fn record(&self) -> Record {
        self.with(|record| record.clone())
    }

    pub(crate) fn stage(&self) -> Stage {
        self.with(|record| match (record.begun, record.finished) {
            (None, _) => Stage::NotBegun,
            (Some(_), None) if !record.is_gone => Stage::Running,
            // Or it has panicked.
            (Some(_), _) => Stage::Finished,
        })
    }

    /// Whether the work has ended or been dropped.
    pub(crate) fn is_over(&self) -> bool {
        self.with(|record| record.is_gone)
    }

    fn with<T>(&self, change: impl FnOnce(&mut Record) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Notes that the work is gone.
struct Gone(Log);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.with(|record| record.is_gone = true);
    }
}

pub(crate) fn begin(plan: &Plan, leases: &Leases, log: &Log) -> Work {
    let (plan, leases, log) = (plan.clone(), leases.clone(), log.clone());
    let gone = Gone(log.clone());
    let work = async move {
        let _gone = gone;
        let look = || log.with(|record| record.taken.push(leases.taken()));
        log.with(|record| record.begun = Some(Instant::now()));
        look();
        for step in plan.steps {
            sleep(ms(step)).await;
            look();
        }
        match plan.panics {
            Panics::No => {}
            Panics::WithText => panic!("{PANIC}"),
            Panics::WithNumber => panic_any(NUMBER),
        }
        log.with(|record| record.finished = Some(Instant::now()));
        Output {
            _not_sync: std::marker::PhantomData,
        }
    };
    Work {
        future: RefCell::new(Drops::new().watch("work", work).boxed()),
        _pinned: std::marker::PhantomPinned,
    }
}
