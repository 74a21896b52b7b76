//! A simulated remote service: what lessons and exercises call instead of somebody's real API.
//!
//! Each route has a latency, and a body or a failure. The service counts what reaches it, so that a
//! test can prove how it was called: how often, by whom, and how many calls were under way at once.
//! It is called in memory, where it works on tokio's paused clock too, or the very same service is
//! reached in another way, as a [`Remote`]: the crate `real-services` puts it behind HTTP on loopback. Code that
//! is not async calls it with [`Upstream::fetch_blocking`].
//!
//! ```
//! # use std::time::Duration;
//! use async_workbook::services::upstream::Upstream;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let upstream = Upstream::builder()
//!     .page("users", Duration::from_millis(500))
//!     .page("posts", Duration::from_millis(300))
//!     .build();
//!
//! let (users, posts) = tokio::join!(upstream.fetch("users"), upstream.fetch("posts"));
//!
//! assert_eq!(users.path, "users");
//! assert_eq!(posts.path, "posts");
//! assert_eq!(upstream.high_water(), 2, "both calls were in flight at the same time");
//! # }
//! ```

mod blocking;
mod call;
mod service;

use std::{collections::HashMap, fmt, future::Future, sync::Arc, time::Duration};

pub use call::{Call, Outcome};
use futures::future::BoxFuture;
pub use service::{Builder, Page, Route, UpstreamError};
use tokio::runtime::Handle;
use tracing::Instrument as _;

use self::{blocking::Blocking, call::CallLog, service::Service};
use super::precompiled::Precompiled;
use crate::clock::Clock;

/// A remote service with its own latency, and a record of how it was called.
///
/// Clones share one service, and one record.
#[derive(Clone, Debug)]
pub struct Upstream {
    service: Arc<Service>,
    calls: CallLog,
    remote: Option<Arc<dyn Remote>>,
    blocking: Arc<Blocking>,
}

/// How a service is reached that is not called in memory.
///
/// A trait object, so that an exercise which never asks for HTTP is built and linked without it, at every save.
pub trait Remote: fmt::Debug + Send + Sync {
    /// Asks for the page at `path`.
    ///
    /// # Errors
    ///
    /// The route fails, does not exist, or the exchange broke.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future ends the call.
    fn get<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<Page, UpstreamError>>;

    /// Where the service is reached, without a slash at the end.
    fn url(&self) -> &str;

    /// How many connections the service has accepted.
    fn connections(&self) -> usize;
}

impl Upstream {
    /// Starts the description of a service.
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn new(service: Service, clock: Clock) -> Self {
        Self {
            service: Arc::new(service),
            calls: CallLog::default(),
            remote: None,
            blocking: Arc::new(Blocking::new(clock)),
        }
    }

    /// The same service, reached in another way. Counts and gates are shared with `self`.
    #[must_use]
    pub fn reached_by(&self, remote: Arc<dyn Remote>) -> Self {
        Self {
            remote: Some(remote),
            ..self.clone()
        }
    }

    /// What the service answers to whoever has reached it: the part of a server, where [`get`](Self::get) is the
    /// part of a client. It counts, and leaves no record in [`calls`](Self::calls).
    ///
    /// # Errors
    ///
    /// The route fails, or does not exist.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future ends the call: it no longer counts as in flight.
    pub async fn answer(&self, path: &str) -> Result<Page, UpstreamError> {
        self.service.answer(path).await
    }

    /// Asks for the page at `path`.
    ///
    /// The returned future is lazy: nothing reaches the service until it is polled. On a
    /// [timeline](crate::timeline) it shows from the moment this function is called.
    ///
    /// # Errors
    ///
    /// The route fails, does not exist, or the HTTP exchange broke.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future ends the call: it no longer counts as in flight, and its record says
    /// [`Outcome::Dropped`].
    pub fn get<'a>(
        &'a self,
        path: &str,
    ) -> impl Future<Output = Result<Page, UpstreamError>> + Send + use<'a> {
        // The future owns its path, so that a path which was made for it can be gone before it is.
        let path = path.to_owned();
        let span = tracing::info_span!("call", label = %path, outcome = tracing::field::Empty);
        let mut ticket = self.calls.created(&path, span.clone());
        let call = async move {
            ticket.started();
            let result = match &self.remote {
                None => self.service.answer(&path).await,
                Some(remote) => remote.get(&path).await,
            };
            ticket.ended(match result {
                Ok(_) => Outcome::Answered,
                Err(_) => Outcome::Failed,
            });
            result
        };
        Precompiled::new(call.instrument(span))
    }

    /// Asks for the page at `path`, where a failure is not the lesson.
    ///
    /// # Panics
    ///
    /// Where [`get`](Self::get) returns an error, this panics with it.
    ///
    /// # Cancel safety
    ///
    /// As [`get`](Self::get).
    pub fn fetch<'a>(&'a self, path: &str) -> impl Future<Output = Page> + Send + use<'a> {
        let call = self.get(path);
        Precompiled::new(async move {
            match call.await {
                Ok(page) => page,
                Err(error) => panic!("{error}"),
            }
        })
    }

    /// How many calls reached the service.
    #[must_use]
    pub fn hits(&self) -> usize {
        self.service.load().hits
    }

    /// How many calls are under way at this moment.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.service.load().in_flight
    }

    /// The most calls that were ever under way at the same moment.
    #[must_use]
    pub fn high_water(&self) -> usize {
        self.service.load().high_water
    }

    /// Where a [`Remote`] service is reached, without a slash at the end: `http://127.0.0.1:49152`. `None` of one
    /// that is called in memory.
    ///
    /// Whoever calls it there is counted by [`hits`](Self::hits) and the like, but leaves no record in
    /// [`calls`](Self::calls).
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        Some(self.remote.as_ref()?.url())
    }

    /// How many connections a [`Remote`] service has accepted: none in memory.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.remote
            .as_ref()
            .map_or(0, |remote| remote.connections())
    }

    /// One record a call, in the order in which [`get`](Self::get) or [`fetch`](Self::fetch) was called.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.calls.all()
    }

    /// The runtime in whose context the last call began; `None` if that was outside of any.
    ///
    /// It may have ended since: a handle does not keep a runtime going.
    #[must_use]
    pub fn last_runtime(&self) -> Option<Handle> {
        self.calls.last_runtime()
    }

    /// The sum of the latencies of the calls made so far: what they would take one after another.
    #[must_use]
    pub fn total_latency(&self) -> Duration {
        let calls = self.calls.all();
        let mut counts = HashMap::<&str, usize>::new();
        calls
            .iter()
            .filter(|call| call.started.is_some())
            .map(|call| {
                let count = counts.entry(&call.path).or_default();
                let latency = self.service.latency(&call.path, *count);
                *count += 1;
                latency
            })
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;
    use tokio::time::{Instant, timeout};

    use super::*;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_takes_its_latency_and_counts_once() {
        let upstream = Upstream::builder().page("users", ms(500)).build();
        let start = Instant::now();
        let page = upstream.fetch("users").await;
        assert_eq!(start.elapsed(), ms(500));
        assert_eq!(page.body, "users page");
        assert_eq!((upstream.hits(), upstream.in_flight()), (1, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_future_that_is_not_polled_reaches_nothing() {
        let upstream = Upstream::builder().page("users", ms(500)).build();
        let call = upstream.fetch("users");
        tokio::time::sleep(ms(10)).await;
        assert_eq!(upstream.hits(), 0);
        drop(call);
        let calls = upstream.calls();
        assert_eq!(calls.len(), 1);
        assert_eq!(calls[0].started, None);
    }

    #[tokio::test(start_paused = true)]
    async fn the_high_water_mark_keeps_the_most_calls_at_once() {
        let upstream = Upstream::builder().page("users", ms(10)).build();
        join_all((0..5).map(|_| upstream.fetch("users"))).await;
        upstream.fetch("users").await;
        assert_eq!((upstream.hits(), upstream.high_water()), (6, 5));
        assert_eq!(upstream.total_latency(), ms(60));
    }

    #[tokio::test(start_paused = true)]
    async fn a_gate_holds_back_every_answer_until_enough_calls_wait() {
        let upstream = Upstream::builder().page("users", ms(10)).gate(2).build();
        assert!(
            timeout(ms(60_000), upstream.fetch("users")).await.is_err(),
            "one call alone waits for ever"
        );
        tokio::join!(upstream.fetch("users"), upstream.fetch("users"));
        // Once open, the gate stays open.
        upstream.fetch("users").await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_dropped_call_is_no_longer_in_flight_and_says_so() {
        let upstream = Upstream::builder().page("users", ms(500)).build();
        assert!(timeout(ms(200), upstream.fetch("users")).await.is_err());
        assert_eq!((upstream.hits(), upstream.in_flight()), (1, 0));
        assert_eq!(upstream.calls()[0].outcome, Some(Outcome::Dropped));
    }

    #[tokio::test(start_paused = true)]
    async fn failures_take_their_latency_and_name_their_path() {
        let upstream = Upstream::builder()
            .route(Route::new("orders").latency(ms(100)).fails(503))
            .build();
        let start = Instant::now();
        let error = upstream.get("orders").await.expect_err("the route fails");
        assert_eq!(start.elapsed(), ms(100));
        assert_eq!(
            error.to_string(),
            "GET orders answered 503 Service Unavailable"
        );
        let missing = upstream.get("nowhere").await.expect_err("no such route");
        assert_eq!(missing.to_string(), "GET nowhere answered 404 Not Found");
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_calls_can_be_answered_otherwise() {
        let broken = Route::new("search").latency(ms(50)).fails(503);
        let upstream = Upstream::builder()
            .route(Route::new("search").latency(ms(10)).first(2, broken))
            .build();
        let mut seen = Vec::new();
        for _ in 0..3 {
            seen.push(upstream.get("search").await.is_ok());
        }
        assert_eq!(seen, [false, false, true]);
        assert_eq!(upstream.total_latency(), ms(110));
    }

    #[tokio::test]
    async fn a_call_knows_where_it_was_polled() {
        let upstream = Upstream::builder().page("users", ms(0)).build();
        let unpolled = upstream.fetch("users");
        upstream.fetch("users").await;
        let remote = upstream.clone();
        std::thread::spawn(move || futures::executor::block_on(remote.fetch("users")))
            .join()
            .expect("a page without latency needs no runtime");
        drop(unpolled);

        let calls = upstream.calls();
        let here = Some(std::thread::current().id());
        let threads: Vec<_> = calls.iter().map(|call| call.thread).collect();
        assert_eq!(threads[..2], [None, here]);
        assert!(threads[2].is_some() && threads[2] != here);
        let runtimes: Vec<_> = calls.iter().map(|call| call.runtime).collect();
        assert_eq!(runtimes, [None, Some(Handle::current().id()), None]);
        assert!(upstream.last_runtime().is_none());
        upstream.fetch("users").await;
        let last = upstream.last_runtime().map(|runtime| runtime.id());
        assert_eq!(last, Some(Handle::current().id()));
    }
}
