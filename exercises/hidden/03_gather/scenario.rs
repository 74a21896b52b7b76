//! A service, and the paths to ask it for.

use std::time::Duration;

use async_workbook::{
    harness::ms,
    services::upstream::{Call, Route, Upstream},
};

use crate::watch::begun;

/// The text of a page. It's different in every scenario.
pub(crate) fn text_of(path: &str, number: usize) -> String {
    format!("{path} of scenario {number}")
}

/// A service, and the paths to ask it for.
pub(crate) struct Scenario {
    pub(crate) number: usize,
    pub(crate) upstream: Upstream,
    pub(crate) paths: Vec<String>,
    pages: Vec<(Route, Duration)>,
}

impl Scenario {
    /// Paths with their latencies in milliseconds. Each page has a text that no other scenario has.
    pub(crate) fn new(number: usize, pages: &[(&str, u64)]) -> Self {
        let paths = pages.iter().map(|&(path, _)| path.to_owned()).collect();
        let page = |&(path, latency)| {
            let route = Route::new(path).body(text_of(path, number));
            (route.latency(ms(latency)), ms(latency))
        };
        Self::of(number, pages.iter().map(page).collect(), paths)
    }

    /// This many calls. The position of each decides its latency.
    pub(crate) fn many(number: usize, calls: u64, latency: impl Fn(u64) -> u64) -> Self {
        let names: Vec<_> = (0..calls).map(|call| format!("calls/{call}")).collect();
        let pages: Vec<_> = std::iter::zip(&names, 0..)
            .map(|(name, call)| (name.as_str(), latency(call)))
            .collect();
        Self::new(number, &pages)
    }

    /// Routes with their latencies.
    pub(crate) fn of(number: usize, pages: Vec<(Route, Duration)>, paths: Vec<String>) -> Self {
        let routes = pages.iter().map(|(route, _)| route.clone());
        let upstream = routes.fold(Upstream::builder(), |builder, route| builder.route(route));
        Self {
            number,
            upstream: upstream.build(),
            paths,
            pages,
        }
    }

    /// The same service, before anybody has called it.
    pub(crate) fn again(&self) -> Self {
        Self::of(self.number, self.pages.clone(), self.paths.clone())
    }

    pub(crate) fn paths(&self) -> Vec<&str> {
        self.paths.iter().map(String::as_str).collect()
    }

    /// The calls that were really made.
    pub(crate) fn calls(&self) -> Vec<Call> {
        begun(&self.upstream)
    }

    /// How long all calls take in turn, at most.
    pub(crate) fn in_turn(&self) -> Duration {
        let latencies = || self.pages.iter().map(|&(_, latency)| latency);
        let slowest = latencies().max().unwrap_or_default();
        let given_twice = self.paths.len().saturating_sub(self.pages.len());
        let given_twice = u32::try_from(given_twice).expect("count a few paths");
        latencies().sum::<Duration>() + given_twice * slowest
    }
}
