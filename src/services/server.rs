//! A simulated server that can be put under load: it has so many workers, and a call that finds none free waits in line.
//!
//! Like a real server, it doesn't learn that a caller has gone: a call that's dropped is served all the same. When it
//! will be done with a call is known as soon as the call arrives, so the timer's rounding doesn't add up.
//!
//! ```
//! # use std::time::Duration;
//! use async_workbook::{clock::timed, services::server::Server};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let server = Server::new(Duration::from_millis(10)).workers(1);
//!
//! let three = async { tokio::join!(server.call(), server.call(), server.call()) };
//! let (_, took) = timed(three).await;
//!
//! assert_eq!(took, Duration::from_millis(30), "one worker serves one call at a time");
//! assert_eq!(server.high_water(), 3);
//! # }
//! ```

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, HashSet},
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    task,
    time::{Instant, sleep_until},
};
use tracing::{Instrument as _, Span};

use super::precompiled::Precompiled;
use crate::probes::lifecycle::{self, Lifecycle, LifecycleLog};

/// The server. Clones share it.
#[derive(Clone, Debug)]
pub struct Server {
    takes: Duration,
    workers: usize,
    other_times: HashMap<usize, Duration>,
    failing: HashSet<usize>,
    still: Option<(Duration, Duration)>,
    queue: Arc<Mutex<Queue>>,
    calls: LifecycleLog<usize, Outcome>,
}

/// The server couldn't answer a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the server answered 503 Service Unavailable")]
pub struct ServerError;

/// What is known of one call that arrived.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ServerCall {
    /// When it arrived.
    pub arrived: Instant,
    /// When it ended, however it did; `None` while it's under way.
    pub ended: Option<Instant>,
    /// How it ended; `None` while it's under way.
    pub outcome: Option<Outcome>,
    /// The tokio task that made it; `None` outside any task, as in `block_on`.
    pub task: Option<task::Id>,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// With an answer.
    Answered,
    /// With an error.
    Failed,
    /// Not at all: its future was dropped.
    Dropped,
}

impl lifecycle::Outcome for Outcome {
    const DROPPED: Self = Self::Dropped;

    fn word(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }
}

#[derive(Debug, Default)]
struct Queue {
    /// How many calls have arrived.
    arrived: usize,
    /// When the first one did.
    first: Option<Instant>,
    in_flight: usize,
    high_water: usize,
    /// When each worker that has something to do will be done with all that was given to it.
    busy_until: BinaryHeap<Reverse<Instant>>,
}

impl Server {
    /// A server that takes so long for a call, and has a worker for each, however many there are.
    #[must_use]
    pub fn new(takes: Duration) -> Self {
        Self {
            takes,
            workers: usize::MAX,
            other_times: HashMap::new(),
            failing: HashSet::new(),
            still: None,
            queue: Arc::default(),
            calls: LifecycleLog::default(),
        }
    }

    /// Lets only so many workers serve. At least one.
    #[must_use]
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = workers.max(1);
        self
    }

    /// Takes so long for the call of this number, counted from zero in the order of their arrival.
    #[must_use]
    pub fn takes_for(mut self, call: usize, takes: Duration) -> Self {
        self.other_times.insert(call, takes);
        self
    }

    /// Fails the call of this number, after the time that it takes.
    #[must_use]
    pub fn fails_for(mut self, call: usize) -> Self {
        self.failing.insert(call);
        self
    }

    /// Stands still for a while, as a program does whose memory is being tidied up: no worker does anything from one time
    /// to the other, counted from the arrival of the first call.
    #[must_use]
    pub fn stands_still(mut self, from: Duration, to: Duration) -> Self {
        self.still = Some((from, to));
        self
    }

    /// Makes a call. The future is lazy: the call arrives when it's first polled.
    ///
    /// # Errors
    ///
    /// The server fails this call.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future ends the call, and its record says [`Outcome::Dropped`]. Its worker goes on with it.
    pub fn call(&self) -> impl Future<Output = Result<(), ServerError>> + Send + use<> {
        let server = self.clone();
        Precompiled::new(async move {
            let (number, ends) = server.arrive();
            let span = tracing::info_span!("call", label = %format!("call {number}"), outcome = tracing::field::Empty);
            server
                .serve(number, ends, span.clone())
                .instrument(span)
                .await
        })
    }

    async fn serve(&self, number: usize, ends: Instant, span: Span) -> Result<(), ServerError> {
        let _in_flight = InFlight(&self.queue);
        let mut ticket = self.calls.made(number, span);
        ticket.started();
        if ends > Instant::now() {
            sleep_until(ends).await;
        }
        let fails = self.failing.contains(&number);
        ticket.ended(if fails {
            Outcome::Failed
        } else {
            Outcome::Answered
        });
        if fails { Err(ServerError) } else { Ok(()) }
    }

    /// Takes a call in: its number, and when it will be done.
    fn arrive(&self) -> (usize, Instant) {
        let now = Instant::now();
        let mut queue = lock(&self.queue);
        let number = queue.arrived;
        queue.arrived += 1;
        queue.in_flight += 1;
        queue.high_water = queue.high_water.max(queue.in_flight);
        let first = *queue.first.get_or_insert(now);

        let takes = self.other_times.get(&number).unwrap_or(&self.takes);
        let mut begins = now;
        if queue.busy_until.len() >= self.workers
            && let Some(Reverse(free)) = queue.busy_until.pop()
        {
            begins = now.max(free);
        }
        let mut ends = begins + *takes;
        if let Some((from, to)) = self.still {
            let (from, to) = (first + from, first + to);
            if begins < to && ends > from {
                ends = to + (ends - begins.max(from));
            }
        }
        if self.workers < usize::MAX {
            queue.busy_until.push(Reverse(ends));
        }
        (number, ends)
    }

    /// One record a call, in the order of their arrival.
    #[must_use]
    pub fn calls(&self) -> Vec<ServerCall> {
        self.calls.all(ServerCall::of)
    }

    /// How many calls are under way at this moment.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        lock(&self.queue).in_flight
    }

    /// The most calls that were ever under way at the same moment.
    #[must_use]
    pub fn high_water(&self) -> usize {
        lock(&self.queue).high_water
    }
}

impl ServerCall {
    fn of(call: &Lifecycle<usize, Outcome>) -> Self {
        Self {
            arrived: call.made,
            ended: call.end.map(|end| end.at),
            outcome: call.outcome(),
            task: call.start.and_then(|start| start.task),
        }
    }
}

/// The lock is held for a few lines, never across an await, and nothing is left half done by a panic.
fn lock(queue: &Mutex<Queue>) -> std::sync::MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts a call as under way for as long as it lives, so a dropped call is counted out too.
struct InFlight<'a>(&'a Mutex<Queue>);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        lock(self.0).in_flight -= 1;
    }
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;
    use tokio::time::{sleep, timeout};

    use super::*;
    use crate::{clock::timed, harness::ms};

    #[tokio::test(start_paused = true)]
    async fn a_line_forms_where_all_workers_are_busy() {
        let server = Server::new(ms(10)).workers(2);
        let (answers, took) = timed(join_all((0..5).map(|_| server.call()))).await;
        assert_eq!((answers.len(), took), (5, ms(30)));
        assert_eq!((server.high_water(), server.in_flight()), (5, 0));
        // Both workers are free again.
        assert_eq!(timed(server.call()).await.1, ms(10));
    }

    #[tokio::test(start_paused = true)]
    async fn it_stands_still_for_those_who_are_being_served_too() {
        let server = Server::new(ms(20)).stands_still(ms(10), ms(100));
        let late = async {
            sleep(ms(50)).await;
            timed(server.call()).await.1
        };
        let (first, late) = tokio::join!(timed(server.call()), late);
        assert_eq!((first.1, late), (ms(110), ms(70)));
        assert_eq!(timed(server.call()).await.1, ms(20));
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_has_a_time_and_an_outcome_by_its_number() {
        let server = Server::new(ms(10)).takes_for(1, ms(70)).fails_for(2);
        let mut seen = Vec::new();
        for _ in 0..3 {
            let (answer, took) = timed(server.call()).await;
            seen.push((answer.is_ok(), took));
        }
        assert_eq!(seen, [(true, ms(10)), (true, ms(70)), (false, ms(10))]);
        let dropped = timeout(ms(5), server.call()).await;
        assert!(dropped.is_err());
        let outcomes: Vec<_> = server.calls().iter().map(|call| call.outcome).collect();
        let [answered, failed, dropped] =
            [Outcome::Answered, Outcome::Failed, Outcome::Dropped].map(Some);
        assert_eq!(outcomes, [answered, answered, failed, dropped]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_nobody_polls_never_arrives() {
        let server = Server::new(ms(10));
        drop(server.call());
        assert_eq!((server.calls().len(), server.high_water()), (0, 0));
    }
}
