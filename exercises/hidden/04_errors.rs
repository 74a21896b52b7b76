//! The hidden tests of chapter 04. They run on the paused clock, so that every time in them is exact.
//!
//! A test goes through several scenarios, each with a service of its own: other latencies, texts and failures. The
//! first is one in which every known mistake looks different; an answer that is right by luck there is not in the next.

use std::{collections::HashSet, fmt, panic, thread, time::Duration};

use async_workbook::{
    clock::{Readable, timed},
    services::upstream::{Call, Outcome, Route},
    timeline::Recorder,
    verdict::{Fault, catch_panic, ensure, examine},
};
use futures::future::LocalBoxFuture;
use tokio::{
    runtime::Handle,
    time::{Instant, sleep, timeout},
};

use super::*;

/// The code under study, behind a `dyn`: it is compiled anew at every save, and what calls it need not be.
mod boxed {
    use super::*;

    pub(super) fn fetch_safe<'a>(
        upstream: &'a Upstream,
        paths: &'a [&'a str],
    ) -> LocalBoxFuture<'a, Vec<Result<Page, Failed>>> {
        Box::pin(super::super::fetch_safe(upstream, paths))
    }

    pub(super) fn all_or_nothing<'a>(
        upstream: &'a Upstream,
        paths: &'a [&'a str],
    ) -> LocalBoxFuture<'a, Result<Vec<Page>, UpstreamError>> {
        Box::pin(super::super::all_or_nothing(upstream, paths))
    }

    pub(super) fn first_ok<'a>(
        upstream: &'a Upstream,
        paths: &'a [&'a str],
    ) -> LocalBoxFuture<'a, Result<Page, Vec<UpstreamError>>> {
        Box::pin(super::super::first_ok(upstream, paths))
    }
}

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Longer than any customary timeout.
const HOUR: u64 = 3_600_000;

/// More calls than customary limits allow, and few enough for an answer that calls itself once for each.
const MANY: usize = 270;

/// Every other of many calls ends at one instant, so that whatever keeps the results for later needs room for them all;
/// the rest end in an order of their own.
fn latency_of_many(call: usize) -> usize {
    match call % 2 {
        0 => 150,
        _ => 100 + call * 37 % 101,
    }
}

fn listed<'a>(paths: impl IntoIterator<Item = &'a str>) -> String {
    let paths: Vec<_> = paths.into_iter().collect();
    match paths.len() {
        0 => "nothing".into(),
        1..=8 => paths.join(", "),
        many => format!("{} and {} more", paths[..6].join(", "), many - 6),
    }
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// A service, and the paths to ask it for.
struct Scenario {
    upstream: Upstream,
    paths: Vec<String>,
    latencies: Vec<Duration>,
    /// What each call brings.
    results: Vec<Result<Page, UpstreamError>>,
}

impl Scenario {
    /// Calls as `users 300, posts 100 fails 503`: each path with its latency in milliseconds, and its status if it
    /// fails. Each page has a text that no scenario with another number has, and a path that stands there again has a
    /// result of its own.
    fn new(number: usize, calls: &str) -> Self {
        let mut upstream = Upstream::builder();
        let (mut paths, mut latencies, mut results) = (Vec::new(), Vec::new(), Vec::new());
        let mut routes: Vec<Route> = Vec::new();
        for call in calls.split(", ") {
            let words: Vec<_> = call.split(' ').collect();
            let path = words[0].to_owned();
            let latency = ms(words[1].parse().expect("milliseconds"));
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
            upstream: upstream.build(),
            paths,
            latencies,
            results,
        }
    }

    /// One scenario a line.
    fn several(calls: &[&str]) -> Vec<Self> {
        let numbered = calls.iter().enumerate();
        numbered
            .map(|(number, calls)| Self::new(number, calls))
            .collect()
    }

    /// So many calls, each with what follows its path.
    fn many(number: usize, calls: usize, plan: impl Fn(usize) -> String) -> Self {
        let calls = (0..calls).map(|call| format!("calls/{call} {}", plan(call)));
        Self::new(number, &calls.collect::<Vec<_>>().join(", "))
    }

    /// Runs the function under study, and with it whatever it leaves to the runtime.
    async fn run<T>(
        &self,
        recorder: &Recorder,
        function: impl for<'a> FnOnce(&'a Upstream, &'a [&'a str]) -> LocalBoxFuture<'a, T>,
    ) -> Result<(T, Record), Fault> {
        recorder.restart();
        let paths: Vec<&str> = self.paths.iter().map(String::as_str).collect();
        let alive = || Handle::current().metrics().num_alive_tasks();
        let (began, others) = (Instant::now(), alive());
        let (output, took) = timed(catch_panic(function(&self.upstream, &paths))).await;
        // Time passes only when nothing else can run: until then, aborted tasks drop what they hold.
        sleep(ms(1)).await;
        let calls = self.upstream.calls().into_iter();
        let record = Record {
            began,
            took,
            calls: calls.filter(|call| call.started.is_some()).collect(),
            tasks: alive().saturating_sub(others),
        };
        if self.upstream.in_flight() > 0 {
            // What was left to itself shows on the timeline to its end.
            sleep(self.slowest()).await;
        }
        match output {
            Ok(output) => Ok((output, record)),
            Err(message) => Err(self.panicked(&record, message)),
        }
    }

    /// A panic with the error of a call in its words is that of an `unwrap`, or of `fetch`, and so is one about a task that
    /// has panicked or was aborted; any other goes on as it was raised.
    fn panicked(&self, record: &Record, message: String) -> Fault {
        let said = message.replace('\\', "");
        let about = |error: &&UpstreamError| {
            said.contains(&error.to_string()) || said.contains(&format!("{error:?}"))
        };
        let aborted = said.contains("JoinError::Cancelled");
        let mut calls = record.calls.iter();
        let failed = calls.find(|call| call.outcome == Some(Outcome::Failed));
        let of_a_failure = aborted || self.errors().iter().any(about);
        let Some(failed) = failed.filter(|_| of_a_failure) else {
            panic::resume_unwind(Box::new(message))
        };
        Fault::new("panics_on_failure")
            .happened(format!(
                "the call for {} failed, and the function panicked: {message}",
                failed.path
            ))
            .expected("a failed call is an `Err` like any other value, which the function returns")
            .next(if aborted {
                "a task that was aborted ends with a `JoinError`: return at the first error, or pass over the tasks that you have aborted yourself"
            } else {
                "call `get`, not `fetch`, and match on its result, or hand the error on with `?`, in place of `unwrap` or `expect`"
            })
    }

    /// Where the first path is the third as well, either call may have reached the service first: the plan follows what
    /// came.
    fn exchange(&mut self, came: Option<Result<&Page, &UpstreamError>>) {
        if came == Some(self.results[2].as_ref()) {
            self.results.swap(0, 2);
        }
    }

    fn slowest(&self) -> Duration {
        self.latencies.iter().max().copied().unwrap_or_default()
    }

    /// When the first call fails, or the first succeeds.
    fn first(&self, wanted: fn(&Result<Page, UpstreamError>) -> bool) -> Duration {
        let results = std::iter::zip(&self.latencies, &self.results);
        let wanted = results.filter(|(_, result)| wanted(result));
        wanted
            .map(|(latency, _)| *latency)
            .min()
            .unwrap_or_default()
    }

    /// By when the function has returned, if such a call decides: at the first of them in time. Of more than 30 calls,
    /// `try_join_all` looks at the results in the order of the futures (rust-lang/futures-rs, issue 2866), which is not the
    /// reader's mistake: there, it may be at the first of them in the order of the paths, when all before it have ended.
    fn latest(&self, wanted: fn(&Result<Page, UpstreamError>) -> bool) -> Duration {
        match self.results.iter().position(wanted) {
            Some(first) if self.paths.len() > 30 => {
                let ended = self.latencies[..=first].iter().max();
                ended.copied().unwrap_or_default()
            }
            _ => self.first(wanted),
        }
    }

    /// The paths of the calls that end at this instant in this way.
    fn ending(&self, at: Duration, wanted: fn(&Result<Page, UpstreamError>) -> bool) -> String {
        let calls = (0..self.paths.len())
            .filter(|&index| self.latencies[index] == at && wanted(&self.results[index]));
        listed(calls.map(|index| self.paths[index].as_str()))
    }

    fn errors(&self) -> Vec<&UpstreamError> {
        self.results
            .iter()
            .filter_map(|result| result.as_ref().err())
            .collect()
    }
}

/// How the upstream was called, and how long the function took.
struct Record {
    began: Instant,
    took: Duration,
    /// The calls that were really made: a future that nobody polled is none.
    calls: Vec<Call>,
    /// How many tasks were alive after the function had returned.
    tasks: usize,
}

impl Record {
    fn at(&self, instant: Instant) -> Duration {
        instant.duration_since(self.began)
    }
}

/// Where nothing ends the calls early, every path was asked for.
fn all_made(scenario: &Scenario, record: &Record) -> Result<(), Fault> {
    let made: HashSet<_> = record.calls.iter().map(|call| call.path.as_str()).collect();
    let mut paths = scenario.paths.iter();
    match paths.find(|path| !made.contains(path.as_str())) {
        None => Ok(()),
        Some(path) => Err(results_missing(format!(
            "of {}, {} had a call; {path} had none",
            counted(scenario.paths.len(), "path"),
            made.len()
        ))
        .expected("every path is asked for, each time that the function is called")
        .next("make a call for each path: leave none out, and keep no pages for the next time")),
    }
}

/// Every path was asked for once, at the same time.
fn together(scenario: &Scenario, record: &Record) -> Result<(), Fault> {
    let all = scenario.paths.len();
    let calls = &record.calls;
    ensure(calls.len() <= all, || {
        Fault::new("calls_too_many")
            .happened(format!(
                "the upstream got {} for {}",
                counted(calls.len(), "call"),
                counted(all, "path")
            ))
            .expected("each path is asked for once, whether it succeeds or fails")
            .next("keep what a call brought, in place of calling again")
    })?;
    let here = thread::current().id();
    if let Some(call) = calls.iter().find(|call| call.thread != Some(here)) {
        return Err(Fault::new("threads_block_the_runtime")
            .happened(format!(
                "the call for {} ran on a thread of its own, beside that of the runtime",
                call.path
            ))
            .expected("the runtime that awaits the function does all of the waiting, on its one thread")
            .next("use no threads, no second runtime and no `block_on`: futures that are gathered overlap by themselves"));
    }
    let at_once = calls
        .iter()
        .filter(|call| call.started == Some(record.began));
    ensure(at_once.count() == all, || not_together(scenario, record))
}

/// Why the calls did not overlap, told from when their futures were made, and on which tasks they ran.
fn not_together(scenario: &Scenario, record: &Record) -> Fault {
    let (all, calls) = (scenario.paths.len(), &record.calls);
    let expected = format!("all {all} calls begin at once, and wait at the same time");
    let at_most = scenario.upstream.high_water();
    // A call that waits for another begins at the instant at which that one ends.
    let ends: HashSet<_> = calls.iter().filter_map(|call| call.ended).collect();
    let late = calls.iter().find_map(|call| {
        let started = call.started.filter(|&started| started > record.began)?;
        (at_most == all || !ends.contains(&started)).then_some((&call.path, record.at(started)))
    });
    if (at_most > 1 || all == 1)
        && let Some((path, began)) = late
    {
        return Fault::new("needless_wait")
            .happened(format!(
                "the call for {path} began after {}, and waited for no other",
                Readable(began)
            ))
            .expected(expected)
            .next("look for a sleep, or for an await that the calls do not need");
    }
    let made = match calls.len() {
        made if made == all => String::new(),
        made => format!(", and only {made} of them began at all"),
    };
    if at_most != 1 {
        return Fault::new("too_few_in_flight")
            .happened(format!(
                "at most {at_most} of the {all} calls were in flight together{made}"
            ))
            .expected(expected)
            .next("hand all of the futures over at once: no `buffered`, no chunks, and no permit that is held across a call");
    }
    let tasks: HashSet<_> = calls.iter().filter_map(|call| call.task).collect();
    let created = scenario.upstream.calls();
    let all_made_first = created.len() == all
        && created
            .iter()
            .all(|call| Some(call.created) < calls[0].ended);
    let (misconception, how) = if tasks.len() == calls.len() {
        (
            "spawn_awaited_at_once",
            "each call had a task, but began only after the one before had ended",
        )
    } else if all_made_first {
        (
            "creating_starts_nothing",
            "all futures were made at the start, but each was polled only after the one before had ended",
        )
    } else {
        (
            "awaits_in_a_loop",
            "each call was made only after the one before had ended",
        )
    };
    Fault::new(misconception)
        .happened(format!("{how}{made}; it took {}", Readable(record.took)))
        .expected(expected)
        .next("gather the futures first, hold no lock across a call, and take the results afterwards: chapter 03")
}

/// No call was dropped, or is under way: each went on to its end.
fn none_dropped(record: &Record) -> Result<(), Fault> {
    let ended = |call: &&Call| matches!(call.outcome, Some(Outcome::Answered | Outcome::Failed));
    let Some(cut) = record.calls.iter().find(|call| !ended(call)) else {
        return Ok(());
    };
    // A call that is under way yet, or was dropped with the function, was given up when the function returned.
    let given_up = match (cut.outcome, cut.ended) {
        (Some(_), Some(at)) => record.at(at),
        _ => record.took,
    };
    let how = match cut.outcome {
        Some(_) => format!("was dropped after {}", Readable(given_up)),
        None => format!(
            "was still under way when the function returned, after {}",
            Readable(given_up)
        ),
    };
    let failures = record.calls.iter();
    let mut failures = failures.filter(|call| call.outcome == Some(Outcome::Failed));
    let by_a_failure = failures.find(|call| match (cut.outcome, call.ended) {
        (Some(_), Some(ended)) => record.at(ended) == given_up,
        (None, Some(ended)) => record.at(ended) <= given_up,
        _ => false,
    });
    Err(match by_a_failure {
        Some(failed) => Fault::new("first_error_ends_all")
            .happened(format!("{} failed, and the call for {} {how}", failed.path, cut.path))
            .expected("every call goes on to its end, whatever the others do")
            .next("leave `?` and the `try_` functions aside: to `join_all`, an error is an output like any other"),
        None => Fault::new("calls_abandoned")
            .happened(format!("the call for {} {how}", cut.path))
            .expected("every call is awaited to its end, however long it takes")
            .next("look for a timeout, a `select!`, or a task whose handle nobody awaits"),
    })
}

fn not_later(record: &Record, due: Duration) -> Result<(), Fault> {
    ensure(record.took == due, || {
        Fault::new("needless_wait")
            .happened(format!(
                "the last call ended after {}, and the function returned after {}",
                Readable(due),
                Readable(record.took)
            ))
            .expected("the function returns as soon as the last call ends")
            .next("look for a sleep, or for an await that the results do not need")
    })
}

/// A call decided everything at `due`, and the function returned later, with the result at `index`.
fn late(scenario: &Scenario, record: &Record, decided: &str, due: Duration, index: usize) -> Fault {
    let took = record.took;
    let (misconception, how, next) = if took == scenario.slowest() {
        (
            "waits_for_all",
            ", when the slowest call had ended",
            "`join_all`, and a loop that takes every result, end with the slowest call: look at each result as soon as it comes",
        )
    } else if scenario.latencies[..=index].iter().max() == Some(&took) {
        (
            "first_in_input_order",
            ", when the calls before it in the order of the paths had ended",
            "a loop over handles, `buffered` and `FuturesOrdered` look at the results in the order of the paths: `FuturesUnordered` and `JoinSet` give them as they come",
        )
    } else {
        (
            "needless_wait",
            "",
            "look for a sleep, or for an await that nothing needs any more",
        )
    };
    Fault::new(misconception)
        .happened(format!(
            "{decided} after {}, but the function returned after {}{how}",
            Readable(due),
            Readable(took)
        ))
        .expected(format!(
            "it returns at that instant, after {}",
            Readable(due)
        ))
        .next(next)
}

/// Nothing went on after the function had returned.
fn none_left_running(record: &Record) -> Result<(), Fault> {
    let end = record.began + record.took;
    let left: Vec<&str> = record
        .calls
        .iter()
        .filter(|call| call.ended.is_none_or(|ended| ended > end))
        .map(|call| call.path.as_str())
        .collect();
    ensure(left.is_empty(), || {
        Fault::new("left_running")
            .happened(format!(
                "the function returned after {}, and these calls went on: {}",
                Readable(record.took),
                listed(left)
            ))
            .expected("the calls that are under way when the function returns are dropped")
            .next("dropping a `JoinHandle` detaches its task: abort it, keep the tasks in a `JoinSet`, which aborts them when it is dropped, or use futures without tasks")
    })?;
    ensure(record.tasks == 0, || {
        Fault::new("left_running")
            .happened(format!(
                "the function returned after {}, and left {} alive, without a call under way",
                Readable(record.took),
                counted(record.tasks, "task")
            ))
            .expected("whatever the function spawns has ended when it returns, or is aborted")
            .next("look for a task that sleeps, loops, or waits for a message that never comes: abort it as well, or end its loop")
    })
}

fn errors_lost(happened: String) -> Fault {
    Fault::new("errors_lost")
        .happened(happened)
        .expected("every error is returned, each in the place of its path")
        .next("look for `flatten`, `filter_map`, `.ok()` or `unwrap_or`, which pass over an `Err`; `select_ok` keeps the last error alone")
}

fn error_replaced(error: &UpstreamError) -> Fault {
    Fault::new("error_replaced")
        .happened(format!(
            "there came the error `{error}`, which no call ended with"
        ))
        .expected("an error is returned as it came, with its path and its status")
        .next("hand on the value that the call ended with, in place of one that is made anew")
}

/// No error stands for others as well: each came as often as calls ended with it.
fn none_repeated(scenario: &Scenario, errors: &[&UpstreamError]) -> Result<(), Fault> {
    let planned = scenario.errors();
    let count = |among: &[&UpstreamError], error| among.iter().filter(|&&it| it == error).count();
    let ended = |error| count(&planned, error);
    let mut came = errors.iter();
    let repeated = came.find(|&&error| (1..count(errors, error)).contains(&ended(error)));
    repeated.map_or(Ok(()), |error| {
        Err(error_replaced(error).happened(format!(
            "the error `{error}` came {} times, and {} ended with it",
            count(errors, error),
            counted(ended(error), "call")
        )))
    })
}

fn completion_order(place: &str, stands: String) -> Fault {
    Fault::new("completion_order")
        .happened(format!("in the place of {place} stands {stands}"))
        .expected("each result stands in the place of its path, whichever call ends first")
        .next("let each future carry its path or its index: `FuturesUnordered` and `JoinSet` give the results in the order in which the calls end")
}

fn results_missing(happened: String) -> Fault {
    Fault::new("results_missing")
        .happened(happened)
        .expected("there is one result for each path")
        .next("await every call, and keep each of the results")
}

fn described_page(page: &Page) -> String {
    match page.body.as_str() {
        "" => format!("an empty page {}", page.path),
        text => format!("the page {}, with the text `{text}`", page.path),
    }
}

fn described(result: &Result<Page, Failed>) -> String {
    match result {
        Ok(page) => described_page(page),
        Err(failed) => format!("`{}`, labelled {}", failed.error, failed.path),
    }
}

/// The pages come in the order of the paths.
fn pages_in_order(scenario: &Scenario, pages: &[Page]) -> Result<(), Fault> {
    ensure(pages.len() == scenario.paths.len(), || {
        results_missing(format!(
            "for {} there came {}",
            listed(scenario.paths.iter().map(String::as_str)),
            listed(pages.iter().map(|page| page.path.as_str()))
        ))
    })?;
    for (index, page) in pages.iter().enumerate() {
        ensure(Ok(page) == scenario.results[index].as_ref(), || {
            completion_order(&scenario.paths[index], described_page(page))
        })?;
    }
    Ok(())
}

/// For no paths: no calls, at once, and no panic.
async fn of_nothing<T: fmt::Debug>(
    recorder: &Recorder,
    function: impl for<'a> FnOnce(&'a Upstream, &'a [&'a str]) -> LocalBoxFuture<'a, T>,
    right: impl FnOnce(&T) -> bool,
    expected: &str,
) -> Result<(), Fault> {
    let upstream = Upstream::builder().page("users", ms(100)).build();
    recorder.restart();
    let outcome = timed(timeout(ms(HOUR), catch_panic(function(&upstream, &[]))));
    let (outcome, took) = outcome.await;
    let (happened, next) = match outcome {
        Err(_) => (
            "the function waited for what never comes".to_owned(),
            "`buffer_unordered(0)` never ends, nor does a channel whose sender is kept: ask about no paths first, or give it room for one",
        ),
        Ok(Err(message)) => (
            format!("the function panicked: {message}"),
            "`select_ok` and `select_all` panic when they are given nothing: ask about no paths first, or let a loop run no times",
        ),
        Ok(Ok(_)) if upstream.hits() > 0 => (
            format!("there were {}", counted(upstream.hits(), "call")),
            "make a call for each path, and no others",
        ),
        Ok(Ok(_)) if took > Duration::ZERO => (
            format!("it took {}", Readable(took)),
            "look for a sleep, or for an await that no call needs",
        ),
        Ok(Ok(output)) if !right(&output) => (
            format!("the function returned `{output:?}`"),
            "let a loop that runs no times leave what you return empty, or ask about no paths first",
        ),
        Ok(Ok(_)) => return Ok(()),
    };
    Err(Fault::new("empty_input")
        .happened(format!("for no paths, {happened}"))
        .expected(format!("no paths: no calls, and at once {expected}"))
        .next(next))
}

mod fetch_safe {
    use super::*;

    async fn fetch(
        scenario: &Scenario,
        recorder: &Recorder,
    ) -> Result<(Vec<Result<Page, Failed>>, Record), Fault> {
        let (results, record) = scenario.run(recorder, boxed::fetch_safe).await?;
        all_made(scenario, &record)?;
        together(scenario, &record)?;
        none_dropped(&record)?;
        none_left_running(&record)?;
        Ok((results, record))
    }

    /// Each result that a call brought is there, and stands in its place.
    fn all_in_order(scenario: &Scenario, results: &[Result<Page, Failed>]) -> Result<(), Fault> {
        all_there(scenario, results)?;
        let came = results.iter().filter_map(|result| result.as_ref().err());
        none_repeated(
            scenario,
            &came.map(|failed| &failed.error).collect::<Vec<_>>(),
        )?;
        let errors = scenario.errors();
        // A result of another path tells more than a label: it is looked for first.
        let places = || std::iter::zip(&scenario.paths, &scenario.results).zip(results);
        for ((path, planned), result) in places() {
            let own = match (planned, result) {
                (Ok(planned), Ok(page)) => planned == page,
                (Err(planned), Err(failed)) => *planned == failed.error,
                _ => false,
            };
            ensure(own, || match result {
                Err(failed) if !errors.contains(&&failed.error) => error_replaced(&failed.error),
                _ => completion_order(path, described(result)),
            })?;
        }
        for ((path, _), result) in places() {
            if let Err(failed) = result {
                ensure(failed.path == *path, || {
                    Fault::new("wrong_label")
                        .happened(format!(
                            "the error of {path} is labelled {}",
                            if failed.path.is_empty() { "with nothing" } else { &failed.path }
                        ))
                        .expected("each error is labelled with the path that was asked for")
                        .next("make the label in the future that makes the call, where the path is at hand")
                })?;
            }
        }
        Ok(())
    }

    /// No page was given up, no error passed over.
    fn all_there(scenario: &Scenario, results: &[Result<Page, Failed>]) -> Result<(), Fault> {
        let came: Vec<&Page> = results.iter().flatten().collect();
        let failed = results.len() - came.len();
        let errors = scenario.errors();
        let mut pages = std::iter::zip(&scenario.paths, &scenario.results);
        let given_up = pages.find(|(_, result)| {
            result
                .as_ref()
                .is_ok_and(|page| !came.iter().any(|came| came.path == page.path))
        });
        if let Some((path, _)) = given_up {
            let happened = format!(
                "{path} was fetched, and its page was not returned (pages that came: {})",
                listed(came.iter().map(|page| page.path.as_str()))
            );
            return Err(if errors.is_empty() || failed > 1 {
                results_missing(happened)
            } else {
                Fault::new("first_error_ends_all")
                    .happened(happened)
                    .expected("an error stands beside the pages, and takes nothing from them")
                    .next("keep a `Result` for each path: `collect::<Result<Vec<_>, _>>()` and `?` give up the pages at the first error")
            });
        }
        ensure(failed >= errors.len(), || {
            errors_lost(format!(
                "{} failed, and {} returned",
                counted(errors.len(), "call"),
                match failed {
                    1 => "1 error was".to_owned(),
                    failed => format!("{failed} errors were"),
                }
            ))
        })?;
        ensure(results.len() == scenario.paths.len(), || {
            results_missing(format!(
                "for {} there came {}",
                counted(scenario.paths.len(), "path"),
                counted(results.len(), "result")
            ))
        })
    }

    #[test]
    fn calls_are_in_flight_together() {
        examine(async |recorder: &Recorder| {
            let calls =
                "users 500, posts 100 fails 503, comments 200, tags 400 fails 404, likes 300";
            let scenario = Scenario::new(1, calls);
            let (_, record) = fetch(&scenario, recorder).await?;
            not_later(&record, scenario.slowest())
        });
    }

    /// Whichever of the calls fails, however early.
    #[test]
    fn a_failure_changes_nothing_for_the_others() {
        examine(async |recorder: &Recorder| {
            for scenario in Scenario::several(&[
                "users 300, posts 50 fails 500, comments 150",
                "users 50 fails 500, posts 300, comments 3600000",
                "users 150, posts 3600000, comments 50 fails 500",
                "users 50 fails 500, posts 50 fails 502, comments 200",
                "users 50 fails 500, posts 100 fails 502",
                "users 100, posts 50",
            ]) {
                let (results, record) = fetch(&scenario, recorder).await?;
                all_in_order(&scenario, &results)?;
                not_later(&record, scenario.slowest())?;
            }
            Ok(())
        });
    }

    #[test]
    fn each_result_stands_in_the_place_of_its_path() {
        examine(async |recorder: &Recorder| {
            for scenario in Scenario::several(&[
                "users 300, posts 200 fails 500, comments 100 fails 404, tags 400",
                "users 100, posts 200 fails 500, comments 300 fails 404, tags 400",
                "users 200 fails 500, posts 400, comments 100, tags 300 fails 404",
            ]) {
                let (results, _) = fetch(&scenario, recorder).await?;
                all_in_order(&scenario, &results)?;
            }
            Ok(())
        });
    }

    #[test]
    fn each_error_carries_its_own_path() {
        examine(async |recorder: &Recorder| {
            for scenario in Scenario::several(&[
                "users 300 fails 500, posts 100 fails 502, comments 200 fails 502, tags 150",
                "users 100 fails 500, posts 200 fails 502, comments 300 fails 502, tags 150",
            ]) {
                let (results, _) = fetch(&scenario, recorder).await?;
                all_in_order(&scenario, &results)?;
            }
            Ok(())
        });
    }

    #[test]
    fn many_calls_are_in_flight_together() {
        examine(async |recorder: &Recorder| {
            let scenario = Scenario::many(1, MANY, |call| match (call, latency_of_many(call)) {
                (7, _) => "3600000".into(),
                (call, latency) if call % 3 == 0 => format!("{latency} fails 503"),
                (_, latency) => latency.to_string(),
            });
            let (results, record) = fetch(&scenario, recorder).await?;
            all_in_order(&scenario, &results)?;
            not_later(&record, scenario.slowest())
        });
    }

    #[test]
    fn a_path_given_twice_gives_two_results() {
        examine(async |recorder: &Recorder| {
            for mut scenario in Scenario::several(&[
                "users 100, posts 200 fails 503, users 100, tags 300 fails 404",
                "users 100 fails 503, posts 200, users 100 fails 502",
                "users 100 fails 503, posts 200 fails 503, users 100",
                "users 100 fails 503, posts 200 fails 503, users 100 fails 503",
            ]) {
                let (results, record) = scenario.run(recorder, boxed::fetch_safe).await?;
                twice(&scenario, &record, Some(&results))?;
                together(&scenario, &record)?;
                none_dropped(&record)?;
                let came = results.first();
                scenario.exchange(came.map(|came| came.as_ref().map_err(|failed| &failed.error)));
                all_in_order(&scenario, &results)?;
            }
            Ok(())
        });
    }

    #[test]
    fn no_paths_give_no_results() {
        examine(async |recorder: &Recorder| {
            let right = |results: &Vec<_>| results.is_empty();
            of_nothing(recorder, boxed::fetch_safe, right, "no results").await
        });
    }
}

/// The first path, which is the third as well, was asked for twice, and has the results of both calls.
fn twice<T: PartialEq>(
    scenario: &Scenario,
    record: &Record,
    results: Option<&[T]>,
) -> Result<(), Fault> {
    let (all, calls) = (&scenario.paths, record.calls.len());
    let differ = all.iter().collect::<HashSet<_>>().len();
    let fault = |happened| {
        Fault::new("duplicates_lost")
            .happened(happened)
            .expected(
                "each path is asked for and has its own result, also where two paths are the same",
            )
            .next("tell the calls apart by their position, not by their path")
    };
    let came = results.map(<[T]>::len);
    ensure(calls != differ && came != Some(differ), || {
        let by = came.map_or(String::new(), |came| {
            format!(", and {}", counted(came, "result"))
        });
        fault(format!(
            "for {}, of which {differ} differ, there were {}{by}",
            counted(all.len(), "path"),
            counted(calls, "call")
        ))
    })?;
    let one_for_both = matches!(
        results,
        Some([first, other, third, ..]) if first == third && first != other
    );
    let alike = scenario.results[0] == scenario.results[2];
    ensure(alike || !one_for_both, || {
        fault(format!(
            "the two calls for {} had different results, and that of one was returned for both",
            all[0]
        ))
    })
}

mod all_or_nothing {
    use super::*;

    type Pages = Result<Vec<Page>, UpstreamError>;

    /// Runs a scenario in which every call succeeds.
    async fn succeeds(scenario: &Scenario, recorder: &Recorder) -> Result<Vec<Page>, Fault> {
        let (pages, record) = scenario.run(recorder, boxed::all_or_nothing).await?;
        all_made(scenario, &record)?;
        together(scenario, &record)?;
        none_dropped(&record)?;
        not_later(&record, scenario.slowest())?;
        none_left_running(&record)?;
        pages.map_err(|error| error_replaced(&error))
    }

    /// Runs a scenario in which a call fails, and looks at what is returned, and when.
    async fn fails(scenario: &Scenario, recorder: &Recorder) -> Result<Record, Fault> {
        let (pages, record) = scenario.run(recorder, boxed::all_or_nothing).await?;
        together(scenario, &record)?;
        first_error(scenario, &record, &pages)?;
        Ok(record)
    }

    /// What is returned is the first error in time, at the instant at which it came.
    fn first_error(scenario: &Scenario, record: &Record, pages: &Pages) -> Result<(), Fault> {
        let due = scenario.first(Result::is_err);
        let failing = scenario.ending(due, Result::is_err);
        ensure(record.took >= due, || {
            Fault::new("calls_abandoned")
                .happened(format!(
                    "the function returned after {}, when no call had failed, and not all had ended",
                    Readable(record.took)
                ))
                .expected(format!(
                    "it waits until the first call fails, which {failing} does after {}",
                    Readable(due)
                ))
                .next("go on after a page: only an error, or the last page, is the end")
        })?;
        let error = match pages {
            Err(error) => error,
            Ok(pages) => {
                return Err(errors_lost(format!(
                    "{failing} failed, and the function returned `Ok` with {}",
                    counted(pages.len(), "page")
                ))
                .expected("all or nothing: if a call fails, its error is returned, and no page"));
            }
        };
        let mut results = scenario.results.iter();
        let index = results
            .position(|result| result.as_ref().err() == Some(error))
            .ok_or_else(|| error_replaced(error))?;
        ensure(record.took <= scenario.latest(Result::is_err), || {
            let decided = format!("{failing} failed");
            late(scenario, record, &decided, due, index)
        })?;
        ensure(scenario.latencies[index] <= record.took, || {
            error_replaced(error).expected(format!("the error of {failing}, which failed first"))
        })
    }

    /// A call fails in each of these. The first has a slow call before it, and a slower one after it.
    const FAILING: [&str; 8] = [
        "users 300, posts 100 fails 503, comments 500",
        "users 200, posts 400 fails 500, comments 100 fails 404, tags 3600000",
        "users 50 fails 500, posts 100, comments 150",
        "users 100, posts 200, comments 150 fails 502",
        "users 300 fails 500, posts 200 fails 502, comments 100 fails 503",
        "users 200, posts 70 fails 500, comments 70 fails 503",
        "users 50, posts 100, comments 3600000 fails 500",
        "users 100 fails 418",
    ];

    #[test]
    fn calls_are_in_flight_together() {
        examine(async |recorder: &Recorder| {
            let scenario = Scenario::new(1, "users 500, posts 300, comments 200");
            let pages = succeeds(&scenario, recorder).await?;
            pages_in_order(&scenario, &pages)
        });
    }

    #[test]
    fn it_returns_at_the_first_error_in_time() {
        examine(async |recorder: &Recorder| {
            for scenario in Scenario::several(&FAILING) {
                fails(&scenario, recorder).await?;
            }
            Ok(())
        });
    }

    #[test]
    fn the_calls_under_way_are_dropped() {
        examine(async |recorder: &Recorder| {
            for scenario in Scenario::several(&FAILING) {
                let record = fails(&scenario, recorder).await?;
                none_left_running(&record)?;
            }
            // A call that fails as soon as it is made: the others need not even have begun.
            for scenario in Scenario::several(&[
                "users 0 fails 500, posts 100",
                "users 3600000, posts 0 fails 500",
            ]) {
                let run = scenario.run(recorder, boxed::all_or_nothing);
                let (pages, record) = run.await?;
                first_error(&scenario, &record, &pages)?;
                none_left_running(&record)?;
            }
            Ok(())
        });
    }

    #[test]
    fn pages_come_in_the_order_of_the_paths() {
        examine(async |recorder: &Recorder| {
            for scenario in Scenario::several(&[
                "users 300, posts 200, comments 100",
                "users 100, posts 200, comments 300",
                "users 200, posts 300, comments 100",
                "users 100, posts 100, comments 100",
            ]) {
                let pages = succeeds(&scenario, recorder).await?;
                pages_in_order(&scenario, &pages)?;
            }
            Ok(())
        });
    }

    #[test]
    fn many_calls_are_in_flight_together() {
        examine(async |recorder: &Recorder| {
            let one_fails = |number, calls| {
                Scenario::many(number, calls, |call| match calls - call {
                    1 => "3600000".into(),
                    2 => "60 fails 503".into(),
                    _ => latency_of_many(call).to_string(),
                })
            };
            for (number, calls) in [(1, 30), (2, 31), (3, MANY)] {
                let record = fails(&one_fails(number, calls), recorder).await?;
                none_left_running(&record)?;
            }
            let scenario = Scenario::many(4, MANY, |call| latency_of_many(call).to_string());
            let pages = succeeds(&scenario, recorder).await?;
            pages_in_order(&scenario, &pages)
        });
    }

    #[test]
    fn a_path_given_twice_gives_two_pages() {
        examine(async |recorder: &Recorder| {
            let mut scenario = Scenario::new(1, "users 50, posts 100, users 50");
            let run = scenario.run(recorder, boxed::all_or_nothing);
            let (pages, record) = run.await?;
            let came = pages.as_deref().ok();
            twice(&scenario, &record, came)?;
            together(&scenario, &record)?;
            none_dropped(&record)?;
            scenario.exchange(came.and_then(|pages| Some(Ok(pages.first()?))));
            pages_in_order(&scenario, &pages.map_err(|error| error_replaced(&error))?)
        });
    }

    #[test]
    fn no_paths_give_no_pages() {
        examine(async |recorder: &Recorder| {
            let right = |pages: &Pages| pages.as_ref().is_ok_and(Vec::is_empty);
            of_nothing(recorder, boxed::all_or_nothing, right, "`Ok(vec![])`").await
        });
    }
}

mod first_ok {
    use super::*;

    type First = Result<Page, Vec<UpstreamError>>;

    /// Runs a scenario in which a call succeeds, and looks at what is returned, and when.
    async fn succeeds(scenario: &Scenario, recorder: &Recorder) -> Result<Record, Fault> {
        let (first, record) = scenario.run(recorder, boxed::first_ok).await?;
        together(scenario, &record)?;
        first_success(scenario, &record, &first)?;
        Ok(record)
    }

    /// What is returned is the first page in time, at the instant at which it came.
    fn first_success(scenario: &Scenario, record: &Record, first: &First) -> Result<(), Fault> {
        let due = scenario.first(Result::is_ok);
        let succeeding = scenario.ending(due, Result::is_ok);
        let page = match first {
            Ok(page) => page,
            Err(errors) => return Err(error_is_final(scenario, record, errors, &succeeding, due)),
        };
        let mut results = scenario.results.iter();
        let index = results
            .position(|result| result.as_ref() == Ok(page))
            .filter(|&index| scenario.latencies[index] <= record.took)
            .ok_or_else(|| page_from_nowhere(page, record))?;
        ensure(record.took <= scenario.latest(Result::is_ok), || {
            let decided = format!("{succeeding} succeeded");
            late(scenario, record, &decided, due, index)
        })
    }

    fn error_is_final(
        scenario: &Scenario,
        record: &Record,
        errors: &[UpstreamError],
        succeeding: &str,
        due: Duration,
    ) -> Fault {
        let succeeds = if record.took < due {
            "succeeds"
        } else {
            "succeeded"
        };
        let happened = format!(
            "the function returned {} after {}, although {succeeding} {succeeds} after {}",
            counted(errors.len(), "error"),
            Readable(record.took),
            Readable(due)
        );
        if !scenario.latencies.contains(&record.took) {
            return Fault::new("calls_abandoned")
                .happened(format!("{happened}; no call ended when it returned"))
                .expected("each call is awaited until it ends, or another succeeds")
                .next("look for a timeout, which nobody asked for, or for a result that is asked for before it is there");
        }
        Fault::new("first_error_is_final")
            .happened(happened)
            .expected("a failure is not the end: the first success is returned, however many calls fail before it")
            .next("go on after an error: `select_all`, `select!` and the `try_` functions end with the first result of any kind, or with the first error")
    }

    fn page_from_nowhere(page: &Page, record: &Record) -> Fault {
        Fault::new("pages_from_nowhere")
            .happened(format!(
                "after {}, the function returned {}, which no call had brought",
                Readable(record.took),
                described_page(page)
            ))
            .expected("the page that is returned is the one that the first call to succeed brought")
            .next("return what a call ended with; if every call fails, there is no page")
    }

    /// Runs a scenario in which every call fails.
    async fn fails(scenario: &Scenario, recorder: &Recorder) -> Result<Vec<UpstreamError>, Fault> {
        let (first, record) = scenario.run(recorder, boxed::first_ok).await?;
        all_made(scenario, &record)?;
        together(scenario, &record)?;
        let errors = all_failed(scenario, &record, first)?;
        none_left_running(&record)?;
        Ok(errors)
    }

    /// What is returned when every call failed, and when; not the order of the errors.
    fn all_failed(
        scenario: &Scenario,
        record: &Record,
        first: First,
    ) -> Result<Vec<UpstreamError>, Fault> {
        let errors = match first {
            Ok(page) => return Err(page_from_nowhere(&page, record)),
            Err(errors) => errors,
        };
        let due = scenario.slowest();
        ensure(record.took >= due, || {
            Fault::new("first_error_is_final")
                .happened(format!(
                    "the function returned {} after {}, while calls were under way that could have succeeded",
                    counted(errors.len(), "error"),
                    Readable(record.took)
                ))
                .expected(format!(
                    "it fails when the last call has failed, after {}",
                    Readable(due)
                ))
                .next("go on after an error, and keep it for later")
        })?;
        not_later(record, due)?;
        let (all, came) = (scenario.paths.len(), errors.len());
        ensure(came >= all, || {
            errors_lost(format!(
                "all {} failed, and {} came back",
                counted(all, "call"),
                counted(came, "error")
            ))
        })?;
        ensure(came == all, || {
            results_missing(format!(
                "{} failed, and {} came back",
                counted(all, "call"),
                counted(came, "error")
            ))
        })?;
        Ok(errors)
    }

    fn errors_in_order(scenario: &Scenario, errors: &[UpstreamError]) -> Result<(), Fault> {
        none_repeated(scenario, &errors.iter().collect::<Vec<_>>())?;
        let planned = scenario.errors();
        for (index, error) in errors.iter().enumerate() {
            ensure(error == planned[index], || {
                if planned.contains(&error) {
                    completion_order(&scenario.paths[index], format!("`{error}`"))
                } else {
                    error_replaced(error)
                }
            })?;
        }
        Ok(())
    }

    /// A call succeeds in each of these. In the first a call fails before that; and of the pages, neither the first in
    /// the order of the paths nor the last is the first in time.
    const SUCCEEDING: [&str; 8] = [
        "users 100 fails 503, posts 300, comments 200, tags 500",
        "users 3600000, posts 100 fails 500, comments 200 fails 404, tags 300",
        "users 100, posts 200, comments 50 fails 502",
        "users 400, posts 300, comments 200",
        "users 50 fails 500, posts 50 fails 502, comments 3600000",
        "users 80 fails 500, posts 80, comments 80",
        "users 70, posts 3600000 fails 500, comments 90 fails 500",
        "users 100",
    ];

    #[test]
    fn it_returns_the_first_success_in_time() {
        examine(async |recorder: &Recorder| {
            for scenario in Scenario::several(&SUCCEEDING) {
                succeeds(&scenario, recorder).await?;
            }
            Ok(())
        });
    }

    #[test]
    fn the_calls_under_way_are_dropped() {
        examine(async |recorder: &Recorder| {
            for scenario in Scenario::several(&SUCCEEDING) {
                let record = succeeds(&scenario, recorder).await?;
                none_left_running(&record)?;
            }
            // A call that succeeds as soon as it is made: the others need not even have begun.
            for scenario in Scenario::several(&["users 0, posts 100", "users 3600000, posts 0"]) {
                let run = scenario.run(recorder, boxed::first_ok);
                let (first, record) = run.await?;
                first_success(&scenario, &record, &first)?;
                none_left_running(&record)?;
            }
            Ok(())
        });
    }

    #[test]
    fn if_all_fail_the_errors_come_in_the_order_of_the_paths() {
        examine(async |recorder: &Recorder| {
            for scenario in Scenario::several(&[
                "users 300 fails 500, posts 200 fails 503, comments 100 fails 503",
                "users 100 fails 500, posts 200 fails 503, comments 300 fails 503",
                "users 200 fails 500, posts 300 fails 503, comments 100 fails 503",
                "users 100 fails 500, posts 100 fails 503, comments 100 fails 503",
                "users 100 fails 418",
            ]) {
                let errors = fails(&scenario, recorder).await?;
                errors_in_order(&scenario, &errors)?;
            }
            Ok(())
        });
    }

    #[test]
    fn many_calls_are_in_flight_together() {
        examine(async |recorder: &Recorder| {
            let three_succeed = |number, calls| {
                Scenario::many(number, calls, |call| match calls - call {
                    1 => "3600000".into(),
                    2 => "250".into(),
                    27 => "400".into(),
                    _ => format!("{} fails 503", latency_of_many(call)),
                })
            };
            for (number, calls) in [(1, 30), (2, 31), (3, MANY)] {
                let record = succeeds(&three_succeed(number, calls), recorder).await?;
                none_left_running(&record)?;
            }
            let failing = |call| format!("{} fails {}", latency_of_many(call), 500 + call % 5);
            let scenario = Scenario::many(4, MANY, failing);
            let errors = fails(&scenario, recorder).await?;
            errors_in_order(&scenario, &errors)
        });
    }

    #[test]
    fn a_path_given_twice_is_asked_for_twice() {
        examine(async |recorder: &Recorder| {
            for mut scenario in Scenario::several(&[
                "users 50 fails 500, posts 100 fails 503, users 50 fails 502",
                "users 50 fails 500, posts 100 fails 503, users 50 fails 500",
            ]) {
                let (first, record) = scenario.run(recorder, boxed::first_ok).await?;
                let came = first.as_ref().err();
                twice(&scenario, &record, came.map(Vec::as_slice))?;
                together(&scenario, &record)?;
                scenario.exchange(came.and_then(|errors| Some(Err(errors.first()?))));
                let errors = all_failed(&scenario, &record, first)?;
                errors_in_order(&scenario, &errors)?;
            }
            Ok(())
        });
    }

    #[test]
    fn no_paths_give_no_errors() {
        examine(async |recorder: &Recorder| {
            let right = |first: &First| first.as_ref().is_err_and(Vec::is_empty);
            of_nothing(recorder, boxed::first_ok, right, "`Err(vec![])`").await
        });
    }
}
