//! Chapter 06, semaphores: bound the work in flight.
//!
//! A hundred calls at once may be more than a service stands, and one at a time takes a hundred times as
//! long. Between the two lies a limit: never more in flight than that, and as many while there is work
//! left. Write two functions and a client that keep to one.
//!
//! See it first:  cargo run --example 06_semaphores
//! Grade it:      cargo test -p exercises -- 06
//!
//! `upstream.get(path)` returns a future of `Result<Page, UpstreamError>`; `upstream.fetch(path)` yields
//! the `Page` alone, and panics where `get` returns an error. Calls and jobs take as long as they take:
//! add no timeouts.
//!
//! Worth looking up: `tokio::sync::Semaphore`, whose `acquire` and `acquire_owned` return permits;
//! `buffered` and `buffer_unordered` in `futures::StreamExt`; `tokio::task::JoinSet`.

use std::num::NonZeroUsize;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};

/// Task 1: fetches the page of every path, with at most `limit` calls in flight.
///
/// - The calls begin in the order of `paths`: the first `limit` of them at once, and from then on the
///   next one at the latest when the oldest call in flight ends.
/// - The pages come in the order of `paths`, whichever call ends first.
/// - A path that is given twice is fetched twice. No paths: no pages. A limit above the number of paths
///   lets all calls begin at once.
/// - If `fetch` panics, which it does when the upstream fails, this function panics too.
///
/// It must NOT wait until a whole group of calls has ended before the next ones begin.
pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    todo!("begin each call with a permit, and hold the permit until the call has ended")
}

/// Task 2: runs each job on a task of its own, at most `limit` of them at a time, and returns how many
/// completed.
///
/// - `jobs` may yield far more than fits into memory. It is asked for the next job when there is room for
///   one; at most one job may be taken ahead of that, to wait for its turn.
/// - The first `limit` jobs begin at once. Whichever job ends, the next one begins at that moment.
/// - A job that panics has not completed. It neither ends nor holds up the others.
/// - What is in memory of jobs that have ended doesn't grow with their number. A handle keeps its task
///   there until it is awaited or dropped, and a `JoinSet` until it is asked for the outcome.
/// - The function returns when all jobs have ended. No jobs: 0.
///
/// It must NOT spawn tasks that only wait for their turn: at most `limit` + 1 tasks are alive, one for
/// each running job, and one of your own if you need it.
pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    todo!("wait for room, then spawn the next job; count the tasks that end without a panic")
}

/// Task 3: a client of an upstream, with one limit for all who use it.
#[derive(Clone)]
pub struct Limited {
    // The fields that you need.
}

impl Limited {
    /// A client that has at most `limit` calls in flight. Clones share that limit; another client, made
    /// by another `new`, has its own.
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        todo!("keep the upstream, and what all callers and clones share")
    }

    /// Makes one call for `path`, and returns what the upstream's `get` does.
    ///
    /// - When `limit` calls are in flight, it waits for its turn, which comes as soon as one of them ends.
    /// - However a call ends, its place is free again: with a page, with an error, or by being dropped,
    ///   in flight or waiting, and the next one in line begins. A `get` that is dropped takes its call with
    ///   it.
    ///
    /// It must NOT give up because all places are taken, nor limit each caller separately.
    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        todo!("take a permit that all callers share, and hold it until the call has ended")
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_semaphores::grade!();
