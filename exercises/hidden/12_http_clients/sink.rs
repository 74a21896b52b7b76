//! Where an export goes: a sink that the tests look into, and that they can stop, slow down and break.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::AsyncWrite,
    time::{Sleep, sleep},
};

/// Takes bytes, a few at a time. They're safe only once they have been flushed.
pub struct Sink {
    plan: Plan,
    taken: Taken,
    pause: Option<Pin<Box<Sleep>>>,
}

/// How a sink behaves.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Plan {
    /// How many bytes it takes at a time, at most; zero for all.
    pub(crate) at_a_time: usize,
    /// It takes nothing at all, and doesn't say so.
    pub(crate) is_stuck: bool,
    /// It waits for so long before it takes anything.
    pub(crate) pause: Duration,
    /// It fails once it has so many bytes.
    pub(crate) fails_at: Option<usize>,
    /// A flush takes so long.
    pub(crate) flush_pause: Duration,
    /// A flush fails.
    pub(crate) flush_fails: bool,
}

/// What a sink has taken. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taken(Arc<Mutex<Content>>);

#[derive(Debug, Default)]
struct Content {
    bytes: Vec<u8>,
    flushed: usize,
    is_shut: bool,
}

impl Sink {
    pub(crate) fn new(plan: Plan) -> (Self, Taken) {
        let taken = Taken::default();
        let sink = Self {
            plan,
            taken: taken.clone(),
            pause: None,
        };
        (sink, taken)
    }
}

impl Taken {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.lock().bytes.clone()
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().bytes.len()
    }

    pub(crate) fn flushed(&self) -> usize {
        self.lock().flushed
    }

    pub(crate) fn is_shut(&self) -> bool {
        self.lock().is_shut
    }

    // The lock is held for an assignment or a copy, and never across an await.
    fn lock(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink {
    fn poll_pause(&mut self, time: Duration, context: &mut Context<'_>) -> Poll<()> {
        if !time.is_zero() {
            let pause = self.pause.get_or_insert_with(|| Box::pin(sleep(time)));
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        Poll::Ready(())
    }
}

impl AsyncWrite for Sink {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let plan = self.plan;
        if plan.is_stuck {
            return Poll::Pending;
        }
        ready!(self.poll_pause(plan.pause, context));
        let mut content = self.taken.lock();
        if plan
            .fails_at
            .is_some_and(|limit| content.bytes.len() >= limit)
        {
            return Poll::Ready(Err(full()));
        }
        let taken = match plan.at_a_time {
            0 => bytes.len(),
            most => bytes.len().min(most),
        };
        content.bytes.extend_from_slice(&bytes[..taken]);
        Poll::Ready(Ok(taken))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let plan = self.plan;
        // Nothing to flush takes no time.
        if self.taken.flushed() < self.taken.len() {
            ready!(self.poll_pause(plan.flush_pause, context));
        }
        if plan.flush_fails {
            return Poll::Ready(Err(full()));
        }
        let mut content = self.taken.lock();
        content.flushed = content.bytes.len();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.taken.lock().is_shut = true;
        self.poll_flush(context)
    }
}

fn full() -> io::Error {
    io::Error::new(io::ErrorKind::StorageFull, "the disk is full")
}
