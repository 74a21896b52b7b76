//! Chapter 09, shared state: share without stalls.
//!
//! Write three types that many tasks share, and with which nobody waits longer than necessary.
//!
//! See it first:  cargo run --example 09_shared_state
//! Grade it:      cargo test -p exercises -- 09
//!
//! `upstream.get(path)` returns a future of `Result<Page, UpstreamError>`. Threads share all three types, so
//! they must be `Send` and `Sync`. Don't add timeouts: calls may take as long as they need.
//!
//! Worth looking up: `Mutex` in `std::sync` and in `tokio::sync`; `tokio::sync::{OnceCell, Notify, watch}`;
//! `tokio::sync::{mpsc, oneshot}`, for a task that owns its state and gets messages.

use std::{num::NonZeroUsize, sync::Arc};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::task::JoinHandle;

/// Task 1: counts the visits of each path.
pub struct Counters {
    // Your fields.
}

impl Counters {
    /// Makes counters that are all zero, and report to `audit`.
    pub fn new(audit: Upstream) -> Self {
        todo!("make counters that are all zero")
    }

    /// Counts a visit of `path`, then makes one call, `get(path)` of `audit`. Returns the number of the visit:
    /// 1 for the first visit of this path, 2 for the second.
    ///
    /// - The visit counts from the first poll on: also if the call fails, and if `bump` is dropped with its call.
    /// - The calls of all visits overlap. If the call fails, `bump` returns its error.
    ///
    /// It must NOT give two visits of a path the same number, or hold a lock while it waits.
    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        todo!("count the visit, report it, and return its number")
    }

    /// Returns how many visits of `path` have been counted so far.
    pub fn visits(&self, path: &str) -> u64 {
        todo!("return the number of visits")
    }
}

/// Task 2: keeps the pages that it has fetched.
pub struct Cache {
    // Your fields.
}

impl Cache {
    /// Makes an empty cache of the pages of `upstream`.
    pub fn new(upstream: Upstream) -> Self {
        todo!("make an empty cache")
    }

    /// Returns the page of `path`: at once if the cache has it, or else from the upstream.
    ///
    /// - If many callers want a path at the same time, one of them makes the call. The others wait for its page.
    /// - If the call fails, its caller gets the error, which isn't kept. If others wait, one of them makes the
    ///   next call at that moment, and the rest go on waiting.
    /// - If the caller that makes the call is dropped, the others still get their page. Either that call goes on,
    ///   or one of them makes a new call at that moment.
    ///
    /// It must NOT have two calls for a path in flight, or let one path wait for another.
    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        todo!("return the page from the cache, or have one caller fetch it")
    }
}

/// Given: each request is a task. Whatever you keep across an `.await` must be `Send`, or this doesn't compile.
pub fn request(
    counters: Arc<Counters>,
    cache: Arc<Cache>,
    path: String,
) -> JoinHandle<Result<Arc<Page>, UpstreamError>> {
    tokio::spawn(async move {
        counters.bump(&path).await?;
        cache.get_or_fetch(&path).await
    })
}

/// Why a deposit wasn't made: the bank answered with this error, or the actor is gone.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum DepositError {
    Refused(UpstreamError),
    Closed,
}

/// The deposits that the bank accepted, those that it refused, and the balance: the sum of the accepted ones.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Stats {
    pub accepted: usize,
    pub refused: usize,
    pub balance: u64,
}

/// Task 3: a handle to an account. Its clones are handles to the same account.
#[derive(Clone)]
pub struct Account {
    // Your fields.
}

/// Makes an account with a balance of 0: a handle, and the actor, a future that owns the balance and works while
/// it's polled.
///
/// - The actor takes deposits out of its mailbox, one at a time, in the order in which they came. For each it
///   makes one call, `get("deposits/<amount>")` of `bank`, and then replies.
/// - The mailbox has room for `capacity` deposits that the actor hasn't taken yet.
/// - When the last handle is dropped, the actor makes the deposits that are still in the mailbox. Then it ends.
///
/// It must NOT stop because a call failed or a caller has gone, or spawn a task.
pub fn account(
    bank: Upstream,
    capacity: NonZeroUsize,
) -> (Account, impl Future<Output = Stats> + Send + 'static) {
    let handle: Account = todo!("make a mailbox, and the handle that fills it");
    (handle, async {
        todo!("make one deposit after another, until no handle is left")
    })
}

impl Account {
    /// Asks the actor for a deposit, and returns the balance after it. If the mailbox is full, it waits for room.
    ///
    /// - A deposit that is in the mailbox is made, even if its `deposit` is dropped. One that is dropped while it
    ///   waits for room isn't made.
    /// - If the actor was dropped, or is dropped meanwhile, the answer is `Closed`.
    pub async fn deposit(&self, amount: u64) -> Result<u64, DepositError> {
        todo!("put a request into the mailbox, and wait for the reply")
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_shared_state::grade!();
