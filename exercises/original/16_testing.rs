//! Chapter 16, testing: tests that catch wrong code.
//!
//! This time, you write the tests. The hidden tests have implementations of three contracts, right ones and wrong ones.
//! A check accepts every right one, however it's written, and panics on every wrong one. The verdict says which wrong one
//! slipped through, or which right one was refused.
//!
//! See it first:  cargo run --example 16_testing
//! Grade it:      cargo test -p exercises -- 16
//!
//! Your checks run on the paused clock: a minute of `sleep` takes no time, and a check may take twelve hours of it. Checks
//! must NOT block the thread, hang when what they test hangs, or demand what no contract says, such as how often a future
//! has to be polled.
//!
//! Worth looking up: `Upstream::builder`, `hits` and `in_flight`, `Route::first`; `futures::future::join_all`,
//! `tokio::time::timeout`; `tower::ServiceExt::oneshot`, `axum::body::to_bytes`; `async_workbook::probes::schedules`,
//! `futures::FutureExt::{map, boxed}`.

use std::sync::Arc;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use axum::Router;
use futures::future::BoxFuture;

/// A cache of the upstream's page `rates`.
///
/// - It calls the upstream when somebody asks for the page and has to wait for it, and at no other time.
/// - A page is good for 60 s from the moment it came. Until then, `get` returns it and takes no time. After that, the
///   next `get` makes a call. (At 60 s sharp, either is right.)
/// - Callers who come during a call wait for it, and all of them get what it brings. An error isn't kept: the next `get`
///   makes a call.
/// - If some of the waiting callers are dropped, the others still get their page, of this call or another. If all
///   are, the call may end or go on.
/// - Two caches share nothing.
pub trait Cache: Send + Sync {
    fn get(&self) -> BoxFuture<'_, Result<Page, UpstreamError>>;
}

/// Task 1: checks the caches that `make` makes of an upstream. Each call makes a new one.
pub async fn check_cache(make: &dyn Fn(Upstream) -> Arc<dyn Cache>) {
    todo!("make a cache of an upstream of your own, use it, and assert what its contract says")
}

/// Task 2: checks the services that `make` makes of an upstream. They have one route, `GET /rates/{currency}`.
///
/// - It answers 200, with a JSON object: `currency`, as it was asked for, and `rate`, the body of the upstream's page
///   `rates/{currency}`. The content type is `application/json`, here and below.
/// - A currency has three capital letters, A to Z. Anything else, even nothing, is a 400, and nothing is called.
/// - If the upstream says 404, it answers 404. Any other failure of the upstream is a 502.
/// - If the upstream hasn't answered after 5 s, it answers 504 at that moment, and drops the call.
/// - The body of an error is a JSON object too, with a text `error`. The text contains nothing of what the upstream's
///   error says: no path, and no status.
/// - It handles requests at the same time, and keeps nothing from one to the next.
pub async fn check_service(make: &dyn Fn(Upstream) -> Router) {
    todo!("send requests to a service with `oneshot`, and assert what comes back, and when")
}

/// A till that sells tickets.
///
/// - `sell` returns whether it sold so many. In between it awaits the payment, and meanwhile others may buy.
/// - It sells if there are enough. Tickets that somebody else is paying for may count as gone until that sale has ended.
/// - `left` is how many are left once no sale is under way: what there was, without what was sold.
/// - A sale that's dropped before it returned has sold nothing.
/// - Every sale comes to an end, in whatever order sales are polled.
pub trait Till: Send + Sync {
    fn sell(&self, tickets: usize) -> BoxFuture<'_, bool>;
    fn left(&self) -> usize;
}

/// Task 3: checks the tills that `make` makes, with so many tickets, in every order in which two sales can be polled.
/// (`every` stops at 20,000 orders, and with more sales there soon are as many.)
pub async fn check_till(make: &dyn Fn(usize) -> Arc<dyn Till>) {
    todo!(
        "let `every` run two sales with `interleave`, and let one of them `give_up_after` any number of polls"
    )
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_testing::grade!();
