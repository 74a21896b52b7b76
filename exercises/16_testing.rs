//! Chapter 16, testing: tests that catch wrong code.
//!
//! This time, you write the tests. The hidden tests have implementations of three contracts, some right and some wrong. A
//! check accepts every right one, however it's written, and panics on every wrong one. The verdict says which wrong one
//! slipped through, or which right one your check refused.
//!
//! See it first:  cargo run --example 16_testing
//! Grade it:      cargo test -p exercises -- 16
//!
//! Your checks run on the paused clock: a minute of `sleep` takes no time, and a check may use up to twelve hours of it. A
//! check must NOT block the thread, hang when the code under test hangs, or demand what no contract says, such as how
//! often a future has to be polled.
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
/// - A page is good for 60 s from the moment it came. During that time, `get` returns it and takes no time. After that,
///   the next `get` makes a call. (At exactly 60 s, either is right.)
/// - Callers who come during a call wait for it, and all of them get its result. An error isn't kept: the next `get`
///   makes a new call.
/// - If some of the waiting callers are dropped, the others still get their page, from this call or another. If all of
///   them are dropped, the call may end or go on.
/// - Two caches share nothing.
pub trait Cache: Send + Sync {
    fn get(&self) -> BoxFuture<'_, Result<Page, UpstreamError>>;
}

/// Task 1: checks the caches that `make` makes for an upstream. Each call of `make` makes a new one.
pub async fn check_cache(make: &dyn Fn(Upstream) -> Arc<dyn Cache>) {
    todo!("make a cache of an upstream of your own, use it, and assert what its contract says")
}

/// Task 2: checks the services that `make` makes for an upstream. They have one route, `GET /rates/{currency}`.
///
/// - It answers 200 with a JSON object: `currency` is what the request asked for, and `rate` is the body of the upstream's
///   page `rates/{currency}`. The content type is `application/json`, here and below.
/// - A currency is three capital letters, A to Z. Anything else, even nothing, is a 400, and the upstream isn't called.
/// - If the upstream says 404, the service answers 404. Any other failure of the upstream is a 502.
/// - If the upstream hasn't answered after 5 s, the service answers 504 at that moment, and drops the call.
/// - The body of an error is a JSON object too, with a string `error`. That string contains nothing of what the upstream's
///   error says: no path, and no status.
/// - It handles requests concurrently, and keeps nothing from one to the next.
pub async fn check_service(make: &dyn Fn(Upstream) -> Router) {
    todo!("send requests to a service with `oneshot`, and assert what comes back, and when")
}

/// A till that sells tickets.
///
/// - `sell` returns whether it sold that many. On the way it awaits the payment, and meanwhile others may buy.
/// - It sells if there are enough. Tickets that somebody else is paying for may count as gone until that sale has ended.
/// - `left` is how many are left once no sale is under way: what there was, less what was sold.
/// - A sale that's dropped before it returns has sold nothing.
/// - Every sale ends, whatever the order in which sales are polled.
pub trait Till: Send + Sync {
    fn sell(&self, tickets: usize) -> BoxFuture<'_, bool>;
    fn left(&self) -> usize;
}

/// Task 3: checks the tills that `make` makes, each with as many tickets as you say, in every order in which two sales can
/// be polled. (`every` gives up at 20,000 orders, and with more than two sales, you soon get there.)
pub async fn check_till(make: &dyn Fn(usize) -> Arc<dyn Till>) {
    todo!(
        "let `every` run two sales with `interleave`, and let one of them `give_up_after` any number of polls"
    )
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_testing::grade!();
