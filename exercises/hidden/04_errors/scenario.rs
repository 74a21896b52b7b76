//! What the service is planned to do.

use std::time::Duration;

use async_workbook::{
    harness::{listed, ms},
    services::upstream::{Page, Route, Upstream, UpstreamError},
};

use hidden_gather::watch::MOST_OF_A_DAY;

/// Longer than any usual timeout.
pub(crate) const HOUR: u64 = 3_600_000;

/// More calls than any usual limit allows.
pub(crate) const MANY: usize = 270;

/// More than a thousand calls, but few enough for an answer that calls itself once for each. They all end at one
/// instant: an answer that polls every call whenever one ends is slow, but right all the same.
pub(crate) const THOUSAND: usize = 1100;

/// Every other call ends at one instant, so code that keeps the results for later needs room for all of those. The rest
/// end in an order of their own.
pub(crate) fn latency_of_many(call: usize) -> usize {
    match call % 2 {
        0 => 150,
        _ => 100 + call * 37 % 101,
    }
}

/// A service, and the paths to ask it for.
pub(crate) struct Scenario {
    number: usize,
    plan: String,
    pub(crate) upstream: Upstream,
    pub(crate) paths: Vec<String>,
    pub(crate) latencies: Vec<Duration>,
    /// What each call yields.
    pub(crate) results: Vec<Result<Page, UpstreamError>>,
}

impl Scenario {
    /// Calls such as `users 300, posts 100 fails 503`: each path with its latency in milliseconds, or `day` for most of
    /// a day, and its status if it fails. Each page's text is unique to the scenario's number, and a path that is given
    /// again has a result of its own.
    pub(crate) fn new(number: usize, calls: &str) -> Self {
        let mut upstream = Upstream::builder();
        let (mut paths, mut latencies, mut results) = (Vec::new(), Vec::new(), Vec::new());
        let mut routes: Vec<Route> = Vec::new();
        for call in calls.split(", ") {
            let words: Vec<_> = call.split(' ').collect();
            let path = words[0].to_owned();
            let latency = ms(match words[1] {
                "day" => MOST_OF_A_DAY,
                millis => millis.parse().expect("milliseconds"),
            });
            let earlier = paths.iter().position(|earlier| *earlier == path);
            let again = if earlier.is_some() { ", again" } else { "" };
            let body = format!("{path} of scenario {number}{again}");
            let mut route = Route::new(&path).latency(latency).body(&body);
            let fails = words.get(3).map(|status| status.parse().expect("a status"));
            if let Some(status) = fails {
                route = route.fails(status);
            }
            routes.push(route.clone());
            upstream = upstream.route(match earlier {
                Some(earlier) => route.first(1, routes[earlier].clone()),
                None => route,
            });
            let page = Page {
                path: path.clone(),
                body,
            };
            results.push(fails.map_or(Ok(page), |status| {
                let path = path.clone();
                Err(UpstreamError::Status { path, status })
            }));
            paths.push(path);
            latencies.push(latency);
        }
        Self {
            number,
            plan: calls.to_owned(),
            upstream: upstream.build(),
            paths,
            latencies,
            results,
        }
    }

    /// The same service, before anybody has called it.
    pub(crate) fn again(&self) -> Self {
        Self::new(self.number, &self.plan)
    }

    /// How long all calls take in turn.
    pub(crate) fn in_turn(&self) -> Duration {
        self.latencies.iter().sum()
    }

    /// One scenario a line.
    pub(crate) fn several(calls: &[&str]) -> Vec<Self> {
        let numbered = calls.iter().enumerate();
        numbered
            .map(|(number, calls)| Self::new(number, calls))
            .collect()
    }

    /// This many calls, each with the plan that follows its path.
    pub(crate) fn many(number: usize, calls: usize, plan: impl Fn(usize) -> String) -> Self {
        let calls = (0..calls).map(|call| format!("calls/{call} {}", plan(call)));
        Self::new(number, &calls.collect::<Vec<_>>().join(", "))
    }

    /// If the first and third paths are the same, either call may have reached the service first: the plan follows what
    /// came.
    pub(crate) fn exchange(&mut self, came: Option<Result<&Page, &UpstreamError>>) {
        if came == Some(self.results[2].as_ref()) {
            self.results.swap(0, 2);
        }
    }

    pub(crate) fn slowest(&self) -> Duration {
        self.latencies.iter().max().copied().unwrap_or_default()
    }

    /// When the first call fails, or the first succeeds.
    pub(crate) fn first(&self, wanted: fn(&Result<Page, UpstreamError>) -> bool) -> Duration {
        let results = std::iter::zip(&self.latencies, &self.results);
        let wanted = results.filter(|(_, result)| wanted(result));
        wanted
            .map(|(latency, _)| *latency)
            .min()
            .unwrap_or_default()
    }

    /// When the function must have returned, if such a call decides: at the first of them in time. With more than 30
    /// calls, `try_join_all` looks at the results in the order of the futures (rust-lang/futures-rs, issue 2866), which
    /// isn't the reader's mistake. It may then return at the first of them in the order of the paths, once all before it
    /// have ended.
    pub(crate) fn latest(&self, wanted: fn(&Result<Page, UpstreamError>) -> bool) -> Duration {
        match self.results.iter().position(wanted) {
            Some(first) if self.paths.len() > 30 => {
                let ended = self.latencies[..=first].iter().max();
                ended.copied().unwrap_or_default()
            }
            _ => self.first(wanted),
        }
    }

    /// The paths of the calls that end at this instant in this way.
    pub(crate) fn ending(
        &self,
        at: Duration,
        wanted: fn(&Result<Page, UpstreamError>) -> bool,
    ) -> String {
        let calls = (0..self.paths.len())
            .filter(|&index| self.latencies[index] == at && wanted(&self.results[index]));
        listed(&calls.map(|index| &self.paths[index]).collect::<Vec<_>>())
    }

    pub(crate) fn errors(&self) -> Vec<&UpstreamError> {
        self.results
            .iter()
            .filter_map(|result| result.as_ref().err())
            .collect()
    }
}
