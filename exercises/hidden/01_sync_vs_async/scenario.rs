//! The services that the code under study calls.
//!
//! A test goes through several scenarios, each with a service of its own: other latencies, other texts.
//! An answer that is right by luck in one of them isn't in the next.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use async_workbook::{
    clock::Clock,
    harness::ms,
    services::upstream::{Builder, Call, Route, Upstream},
};

/// A service whose pages have different texts in every scenario.
pub(crate) struct Scenario {
    pub(crate) upstream: Upstream,
    number: usize,
}

impl Scenario {
    /// A service whose pages have these paths, and these latencies in milliseconds.
    ///
    /// Its clock is paused for code that blocks a thread as well, so that costs no real time.
    pub(crate) fn new(pages: &[(&str, u64)]) -> Self {
        // Counted across all tests of a process, so a page that was kept in one of them is recognised in the next.
        static SCENARIOS: AtomicUsize = AtomicUsize::new(1);
        let number = SCENARIOS.fetch_add(1, Ordering::Relaxed);
        let with_text = |&(path, _): &(&str, u64)| (number, text_of(path, number));
        // An empty page is the same in every scenario.
        texts().extend(
            pages
                .iter()
                .map(with_text)
                .filter(|(_, text)| !text.is_empty()),
        );
        let route = |&(path, latency): &(&str, u64)| {
            Route::new(path)
                .latency(ms(latency))
                .body(text_of(path, number))
        };
        Self {
            upstream: pages
                .iter()
                .map(route)
                .fold(Upstream::builder(), Builder::route)
                .clock(Clock::Virtual)
                .build(),
            number,
        }
    }

    /// A service of four pages with these latencies, and `count` paths to ask it for.
    pub(crate) fn of_four_pages(latencies: [u64; 4], count: usize) -> (Self, Vec<&'static str>) {
        let names = ["users", "posts", "comments", "albums"];
        let pages: Vec<_> = std::iter::zip(names, latencies).collect();
        let paths = names.into_iter().cycle().take(count).collect();
        (Self::new(&pages), paths)
    }

    /// A service whose pages, users and posts, fail once each, and are there at the next call.
    pub(crate) fn failing_once() -> Self {
        let mut scenario = Self::new(&[("users", 100), ("posts", 100)]);
        let failing = |path| {
            let broken = Route::new(path).latency(ms(200)).fails(503);
            let there = Route::new(path).latency(ms(100));
            there.body(scenario.body_of(path)).first(1, broken)
        };
        scenario.upstream = ["users", "posts"]
            .into_iter()
            .map(failing)
            .fold(Upstream::builder(), Builder::route)
            .clock(Clock::Virtual)
            .build();
        scenario
    }

    /// The body of a page.
    pub(crate) fn body_of(&self, path: &str) -> String {
        text_of(path, self.number)
    }

    /// Whether a page of an earlier scenario had this body.
    pub(crate) fn is_of_an_earlier_one(&self, body: &str) -> bool {
        let texts = texts();
        texts
            .iter()
            .any(|(number, text)| *number < self.number && text == body)
    }

    /// The calls that were really made: a future that nobody polled isn't a call.
    pub(crate) fn calls(&self) -> Vec<Call> {
        let calls = self.upstream.calls().into_iter();
        calls.filter(|call| call.started.is_some()).collect()
    }
}

/// All texts so far, with the numbers of their scenarios.
fn texts() -> MutexGuard<'static, Vec<(usize, String)>> {
    static TEXTS: Mutex<Vec<(usize, String)>> = Mutex::new(Vec::new());
    TEXTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One page has no text, and one has everything that an answer might tidy up.
fn text_of(path: &str, number: usize) -> String {
    match path {
        "blank" => String::new(),
        "poem" => format!("  Roses are red,\n\tviolets ÄRE {number}  "),
        path => format!("{path}, as scenario {number} has it"),
    }
}
