//! Chapter 06, semaphores: bound the work in flight.
//!
//! A hundred calls at once may be more than a service can take, and one at a time takes a hundred times as
//! long. A limit lies between the two: never more calls in flight than that, and no fewer while there's work
//! left. Write two functions and a client that keep to a limit.
//!
//! See it first:  cargo run --example 06_semaphores
//! Grade it:      cargo test -p exercises -- 06
//!
//! `upstream.get(path)` returns a future of `Result<Page, UpstreamError>`. `upstream.fetch(path)` gives you
//! just the `Page`, and panics if `get` would return an error. Don't add timeouts: calls and jobs may take as
//! long as they need.
//!
//! Worth looking up: `tokio::sync::Semaphore`, whose `acquire` and `acquire_owned` return permits;
//! `buffered` and `buffer_unordered` in `futures::StreamExt`; `tokio::task::JoinSet`.

use std::num::NonZeroUsize;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};

/// Task 1: fetches the page of every path, with at most `limit` calls in flight.
///
/// - The calls begin in the order of `paths`. The first `limit` of them begin at once. After that, the next
///   call begins when the oldest call in flight ends, or earlier.
/// - The pages come in the order of `paths`, whichever call ends first.
/// - A path that occurs twice is fetched twice. No paths give no pages. If the limit is higher than the
///   number of paths, all calls begin at once.
/// - `fetch` panics when the upstream fails, and then this function panics too.
///
/// It must NOT wait for a whole group of calls to end before the next ones begin.
pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    todo!("fetch every page, with at most `limit` calls in flight")
}

/// Task 2: runs each job on its own task, at most `limit` of them at a time, and returns how many completed.
///
/// - `jobs` may yield far more jobs than fit into memory. Take the next one when there's room for it. You may
///   take one job ahead of that, which then waits for its turn.
/// - The first `limit` jobs begin at once. When any job ends, the next one begins at that moment.
/// - A job that panics hasn't completed. It doesn't stop the other jobs, or hold them up.
/// - Jobs that have ended don't pile up in memory. A handle keeps its task in memory until you await or drop
///   the handle, and a `JoinSet` keeps a task until you ask for its outcome.
/// - The function returns when all jobs have ended. With no jobs, it returns 0.
///
/// It must NOT spawn tasks that only wait for their turn. At most `limit` + 1 tasks may be alive: one for
/// each running job, and one of your own if you need it.
pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    todo!("run each job on its own task, at most `limit` at a time, and count those that complete")
}

/// Task 3: a client of an upstream, with one limit for all its callers.
#[derive(Clone)]
pub struct Limited {
    // The fields that you need.
}

impl Limited {
    /// Makes a client that has at most `limit` calls in flight. Its clones share that limit. Another client,
    /// made by another `new`, has its own.
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        todo!("make a client whose clones share one limit")
    }

    /// Makes one call for `path`, and returns whatever the upstream's `get` returns.
    ///
    /// - If `limit` calls are in flight, it waits for its turn, which comes as soon as one of them ends.
    /// - However a call ends, its place is free again and the next call in line begins: after a page, after
    ///   an error, and if the call is dropped while it's in flight or waiting. A `get` that's dropped drops
    ///   its call too.
    ///
    /// It must NOT give up because all places are taken, or limit each caller separately.
    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        todo!("make the call when the limit allows it, and return its result")
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_semaphores::grade!();
