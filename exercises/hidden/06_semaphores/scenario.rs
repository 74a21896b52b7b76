//! A service, the limit for calls to it, and when each call should begin and end.
//!
//! A test goes through several scenarios, each with its own service, latencies and limit. An answer that
//! passes one of them by luck fails the next. Where it matters, limits are three or more, which tells one too
//! few, one too many and one at a time apart.

use std::{cmp::Reverse, collections::BinaryHeap, num::NonZeroUsize, time::Duration};

use async_workbook::{
    harness::{counted, ms},
    services::upstream::{Call, Page, Route, Upstream},
};

/// A service with routes `calls/0`, `calls/1` and so on, and the limit for calls to it.
pub(crate) struct Scenario {
    pub(crate) number: usize,
    pub(crate) limit: usize,
    pub(crate) upstream: Upstream,
    pub(crate) paths: Vec<String>,
    pub(crate) latencies: Vec<Duration>,
    pub(crate) failing: Vec<usize>,
}

impl Scenario {
    /// One call for each latency, in milliseconds.
    pub(crate) fn new(
        number: usize,
        limit: usize,
        latencies: impl IntoIterator<Item = u64>,
    ) -> Self {
        Self::failing(number, limit, latencies, &[])
    }

    /// The calls at these positions fail, each after its latency.
    pub(crate) fn failing(
        number: usize,
        limit: usize,
        latencies: impl IntoIterator<Item = u64>,
        failing: &[usize],
    ) -> Self {
        let latencies: Vec<_> = latencies.into_iter().map(ms).collect();
        let paths = (0..latencies.len()).map(|call| format!("calls/{call}"));
        Self::of_paths(number, limit, latencies, paths.collect(), failing)
    }

    /// The same for all of these paths.
    pub(crate) fn of_paths(
        number: usize,
        limit: usize,
        latencies: Vec<Duration>,
        paths: Vec<String>,
        failing: &[usize],
    ) -> Self {
        let routes = paths.iter().enumerate().map(|(call, path)| {
            let route = Route::new(path).latency(latencies[call]);
            if failing.contains(&call) {
                route.fails(status_of(call))
            } else {
                route.body(text_of(path, number))
            }
        });
        Self {
            number,
            limit,
            upstream: routes
                .fold(Upstream::builder(), |builder, route| builder.route(route))
                .route(Route::new(FAILS).latency(ms(100)).fails(status_of(0)))
                .build(),
            paths,
            latencies,
            failing: failing.to_vec(),
        }
    }

    /// The same scenario, with a service that hasn't been called yet.
    pub(crate) fn afresh(&self) -> Self {
        let (latencies, paths) = (self.latencies.clone(), self.paths.clone());
        Self::of_paths(self.number, self.limit, latencies, paths, &self.failing)
    }

    pub(crate) fn paths(&self) -> Vec<&str> {
        self.paths.iter().map(String::as_str).collect()
    }

    /// The calls that really began: a future that was never polled isn't a call.
    pub(crate) fn calls(&self) -> Vec<Call> {
        begun(&self.upstream)
    }

    /// When each call should begin and end if the next one begins whenever any call ends.
    pub(crate) fn schedule(&self) -> Vec<(Duration, Duration)> {
        let mut running = BinaryHeap::new();
        let mut planned = Vec::new();
        for &latency in &self.latencies {
            let start = if running.len() < self.limit {
                Duration::ZERO
            } else {
                let Reverse(first) = running.pop().expect("a limit is at least one");
                first
            };
            running.push(Reverse(start + latency));
            planned.push((start, start + latency));
        }
        planned
    }

    /// How long all of it should take.
    pub(crate) fn length(&self) -> Duration {
        let ends = self.schedule().into_iter().map(|(_, end)| end);
        ends.max().unwrap_or_default()
    }

    pub(crate) fn limited_to(&self) -> String {
        let calls = counted(self.paths.len(), "call");
        format!("{calls} with a limit of {}", self.limit)
    }
}

pub(crate) fn begun(upstream: &Upstream) -> Vec<Call> {
    let calls = upstream.calls().into_iter();
    calls.filter(|call| call.started.is_some()).collect()
}

/// The text of a page, which differs from scenario to scenario.
pub(crate) fn text_of(path: &str, number: usize) -> String {
    format!("{path} of scenario {number}")
}

/// Whether a scenario, this one or another, has a page with this text at this path.
pub(crate) fn is_text_of(page: &Page) -> bool {
    let text = page.body.strip_prefix(&page.path);
    text.is_some_and(|rest| rest.starts_with(" of scenario "))
}

/// Latencies in milliseconds, none shorter than the one before.
pub(crate) fn rising(calls: u64) -> Vec<u64> {
    (0..calls).map(|call| 100 + 13 * call).collect()
}

pub(crate) fn falling(calls: u64) -> Vec<u64> {
    (0..calls).map(|call| 1000 - 13 * call).collect()
}

pub(crate) fn mixed(calls: u64) -> Vec<u64> {
    (0..calls).map(|call| 100 + call * 37 % 101).collect()
}

/// The first takes longer than all the others take in the places that are left.
pub(crate) fn first_takes(millis: u64, calls: u64) -> Vec<u64> {
    let mut latencies = mixed(calls);
    latencies[0] = millis;
    latencies
}

/// Longer than any customary timeout.
pub(crate) const AN_HOUR: u64 = 3_600_000;

/// A path that every scenario has besides its calls.
pub(crate) const FAILS: &str = "fails";

/// What a failing route answers.
pub(crate) fn status_of(call: usize) -> u16 {
    [503, 404, 500][call % 3]
}

pub(crate) fn limit_of(limit: usize) -> NonZeroUsize {
    NonZeroUsize::new(limit).expect("a limit is at least one")
}
