//! The hidden tests of chapter 06. They run on the paused clock, so that every time in them is exact.
//!
//! A test goes through several scenarios, each with a service, latencies and a limit of its own: an answer
//! that is right by luck in one of them is not in the next. Limits are three or more where it matters, so
//! that one too few, one too many and one at a time can be told apart.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashSet},
    future::{self, Future},
    num::NonZeroUsize,
    time::Duration,
};

use async_workbook::{
    clock::{Readable, timed},
    services::upstream::{Call, Outcome, Page, Route, Upstream, UpstreamError},
    timeline::Recorder,
    verdict::{Fault, catch_panic, ensure, examine},
};
use futures::{
    FutureExt as _,
    future::{BoxFuture, LocalBoxFuture, join_all, try_join_all},
};
use tokio::{
    task::LocalSet,
    time::{Instant, timeout},
};

/// The code under study, behind a `dyn`: it is compiled anew at every save, and what calls it need not be.
mod boxed {
    use super::{super::Limited, *};

    pub(super) fn fetch_many<'a>(
        upstream: &'a Upstream,
        paths: &'a [&'a str],
        limit: NonZeroUsize,
    ) -> LocalBoxFuture<'a, Vec<Page>> {
        Box::pin(super::super::fetch_many(upstream, paths, limit))
    }

    pub(super) fn spawn_bounded<'a, J>(
        jobs: impl Iterator<Item = J> + 'a,
        limit: NonZeroUsize,
    ) -> LocalBoxFuture<'a, usize>
    where
        J: Future<Output = ()> + Send + 'static,
    {
        let jobs: Box<dyn Iterator<Item = BoxFuture<'static, ()>> + 'a> =
            Box::new(jobs.map(|job| job.boxed()));
        Box::pin(super::super::spawn_bounded(jobs, limit))
    }

    pub(super) fn get<'a>(
        limited: &'a Limited,
        path: &'a str,
    ) -> LocalBoxFuture<'a, Result<Page, UpstreamError>> {
        Box::pin(limited.get(path))
    }
}

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn limit_of(limit: usize) -> NonZeroUsize {
    NonZeroUsize::new(limit).expect("a limit is at least one")
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

fn listed(paths: &[&str]) -> String {
    match paths {
        [] => "nothing".into(),
        paths if paths.len() > 8 => format!("{} pages", paths.len()),
        paths => paths.join(", "),
    }
}

/// The text of a page, which it has in no other scenario.
fn text_of(path: &str, number: usize) -> String {
    format!("{path} of scenario {number}")
}

/// Latencies in milliseconds, none shorter than the one before.
fn rising(calls: u64) -> Vec<u64> {
    (0..calls).map(|call| 100 + 13 * call).collect()
}

fn falling(calls: u64) -> Vec<u64> {
    (0..calls).map(|call| 1000 - 13 * call).collect()
}

fn mixed(calls: u64) -> Vec<u64> {
    (0..calls).map(|call| 100 + call * 37 % 101).collect()
}

/// The first takes longer than what the others take through the places that are left.
fn first_takes(millis: u64, calls: u64) -> Vec<u64> {
    let mut latencies = mixed(calls);
    latencies[0] = millis;
    latencies
}

/// Longer than any customary timeout.
const AN_HOUR: u64 = 3_600_000;

/// What a failing route answers.
fn status_of(call: usize) -> u16 {
    [503, 404, 500][call % 3]
}

/// A service with routes `calls/0`, `calls/1` and so on, and the limit to keep when calling it.
struct Scenario {
    number: usize,
    limit: usize,
    upstream: Upstream,
    paths: Vec<String>,
    latencies: Vec<Duration>,
    failing: Vec<usize>,
}

impl Scenario {
    /// One call for each latency, in milliseconds.
    fn new(number: usize, limit: usize, latencies: impl IntoIterator<Item = u64>) -> Self {
        Self::failing(number, limit, latencies, &[])
    }

    /// The calls at these positions fail, each with the latency that it has.
    fn failing(
        number: usize,
        limit: usize,
        latencies: impl IntoIterator<Item = u64>,
        failing: &[usize],
    ) -> Self {
        let latencies: Vec<_> = latencies.into_iter().map(ms).collect();
        let paths: Vec<_> = (0..latencies.len())
            .map(|call| format!("calls/{call}"))
            .collect();
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
                .build(),
            paths,
            latencies,
            failing: failing.to_vec(),
        }
    }

    fn paths(&self) -> Vec<&str> {
        self.paths.iter().map(String::as_str).collect()
    }

    /// The calls that were really made: a future that nobody polled is none.
    fn calls(&self) -> Vec<Call> {
        begun(&self.upstream)
    }

    /// When each call should begin and end if the next one begins whenever any call ends.
    fn schedule(&self) -> Vec<(Duration, Duration)> {
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
    fn length(&self) -> Duration {
        let ends = self.schedule().into_iter().map(|(_, end)| end);
        ends.max().unwrap_or_default()
    }

    fn limited_to(&self) -> String {
        let calls = counted(self.paths.len(), "call");
        format!("{calls} with a limit of {}", self.limit)
    }
}

fn begun(upstream: &Upstream) -> Vec<Call> {
    let calls = upstream.calls().into_iter();
    calls.filter(|call| call.started.is_some()).collect()
}

/// Longer than all that any scenario asks for, and twice that is less than what `examine` allows.
const HANGS: Duration = Duration::from_secs(11 * 60 * 60);

/// Awaits `future`, which asks for so many calls, and returns its output with the time that it took.
///
/// What it waits for may never come. If then some calls were never begun, and all others have ended, whoever
/// should let them begin does not: `leak` says so.
async fn ends<F: Future>(
    upstream: &Upstream,
    asked: usize,
    future: F,
    leak: impl FnOnce(&[Call]) -> Fault,
) -> Result<(F::Output, Duration), Fault> {
    let before = begun(upstream).len();
    if let Ok(ended) = timeout(HANGS, timed(future)).await {
        return Ok(ended);
    }
    let calls = begun(upstream);
    if calls.is_empty() {
        return Err(Fault::new("room_for_none")
            .happened("no call was ever begun, and the function waits for ever")
            .expected("the first calls begin at once, and a function with nothing to do returns at once")
            .next("look for a limit of 0: `buffered(0)` polls nothing, and a semaphore without permits lets nobody pass"));
    }
    let calls = &calls[before..];
    let dropped = |call: &Call| call.outcome == Some(Outcome::Dropped);
    if calls.len() < asked && !calls.iter().any(dropped) {
        return Err(leak(calls));
    }
    // Something else hangs. Waiting for ever has a verdict of its own, with the likeliest causes.
    future::pending().await
}

fn permit_leaked(happened: String) -> Fault {
    Fault::new("permit_leaked")
        .happened(happened)
        .expected("whatever ends a call or a job frees its place: success, failure, panic or drop")
        .next("let the permit go out of scope when the work has ended: no `forget`, no `add_permits` by hand, and no permit kept by what waits for something else")
}

fn permits_in_idle_futures(noun: &str) -> Fault {
    Fault::new("permits_in_idle_futures")
        .happened(format!("no {noun} was ever begun: every permit was taken for a future that nothing polled, and the function waits for ever for one more"))
        .expected(format!("whatever has a permit runs, so that it ends and frees its place for the next {noun}"))
        .next("a future does nothing while the loop that made it waits: take the permit inside the future, or spawn the future as soon as it has its permit")
}

fn permit_returned_twice(happened: String) -> Fault {
    Fault::new("permit_returned_twice")
        .happened(happened)
        .expected("each call or job gives back the one permit that it took")
        .next("give it back once, by the guard or by `add_permits` after `forget`; with a counter of your own, look at it again after each wake: `while`, not `if`")
}

fn gives_up_when_full(happened: String) -> Fault {
    Fault::new("gives_up_when_full")
        .happened(happened)
        .expected("whatever finds no room waits for its turn, however long")
        .next("`acquire().await` waits for a permit, where `try_acquire` or a timeout gives up; and leave out none of them, also after the first group")
}

fn calls_abandoned(happened: String) -> Fault {
    Fault::new("calls_abandoned")
        .happened(happened)
        .expected("whatever was begun goes on to its end, however long it takes")
        .next("look for a timeout, a `select!`, an `abort`, or a task whose handle nobody awaits")
}

fn threads_block(slowest: Duration, took: Duration) -> Fault {
    Fault::new("threads_block_the_runtime")
        .happened(format!(
            "a single call takes {}, but the runtime's clock saw {}: the calls ran on threads, or a runtime, of their own",
            Readable(slowest),
            Readable(took)
        ))
        .expected("the runtime that awaits the function does all of the waiting")
        .next("use no threads, no second runtime and no `block_on`: a semaphore makes futures wait, not threads")
}

/// What a task calls the work that it limits, and what it should do to limit it.
struct Words {
    noun: &'static str,
    unlimited: &'static str,
    unlimited_why: &'static str,
    unlimited_next: &'static str,
}

/// How many were under way at once is exactly as many as the limit.
fn limit_kept(scenario: &Scenario, took: Duration, words: &Words) -> Result<(), Fault> {
    let slowest = scenario.latencies.iter().max().copied();
    let slowest = slowest.unwrap_or_default();
    ensure(took >= slowest, || threads_block(slowest, took))?;
    let all = scenario.paths.len();
    let limit = scenario.limit;
    let most = scenario.upstream.high_water();
    let expected = limit.min(all);
    if most == expected {
        return Ok(());
    }
    let noun = words.noun;
    let happened = format!(
        "of {}, {most} were in flight at once, where the limit is {limit}",
        counted(all, noun)
    );
    let should =
        format!("{expected} in flight at once as long as there are enough left, and never more");
    let calls = scenario.calls();
    let first = calls.iter().filter_map(|call| call.started).min();
    let kept_at_first = under_way(&calls, first) == expected;
    Err(if most > expected && kept_at_first {
        limit_given_up(scenario, &calls, noun)
    } else if most == all {
        Fault::new(words.unlimited)
            .happened(format!(
                "all {all} {noun}s were in flight at once, where the limit is {limit}: {}",
                words.unlimited_why
            ))
            .expected(should)
            .next(words.unlimited_next)
    } else if most == 1 {
        Fault::new("one_at_a_time")
            .happened(format!(
                "each {noun} began only after the one before had ended, where the limit is {limit}"
            ))
            .expected(should)
            .next("await nothing to its end in the loop that begins the work; a mutex is a limit of one")
    } else if most + 1 == expected || most == expected + 1 {
        Fault::new("limit_off_by_one")
            .happened(happened)
            .expected(should)
            .next("count once more: what is waited for at which number in flight, `<` or `<=`, before or after the new one is added")
    } else {
        Fault::new("another_limit")
            .happened(happened)
            .expected(should)
            .next("let `limit` alone decide, through one semaphore or one `buffered`: look for a number that is written down, a second limit, or a `static`, which keeps its first one")
    })
}

/// How many of these calls were under way at this moment.
fn under_way(calls: &[Call], at: Option<Instant>) -> usize {
    let spans = calls.iter();
    spans
        .filter(|call| call.started <= at && call.ended > at)
        .count()
}

/// Why the limit held at first, and then no more.
fn limit_given_up(scenario: &Scenario, calls: &[Call], noun: &str) -> Fault {
    let limit = scenario.limit;
    let starts = calls.iter().map(|call| call.started);
    let crowded = starts.filter(|&start| under_way(calls, start) > limit);
    let crowded = crowded.min().flatten();
    let first = calls.iter().filter_map(|call| call.started).min();
    let when = crowded
        .zip(first)
        .map_or(Duration::ZERO, |(at, first)| at - first);
    let happened = format!(
        "of {} with a limit of {limit}, {} were in flight after {}",
        counted(scenario.paths.len(), noun),
        under_way(calls, crowded),
        Readable(when)
    );
    if calls.iter().any(|call| call.ended == crowded) {
        permit_returned_twice(format!("{happened}, when one place had become free"))
    } else {
        gives_up_when_full(format!("{happened}, when no place was free"))
    }
}

/// When each call began, counted from the beginning of the first, in the order of the paths.
fn starts(scenario: &Scenario, calls: &[Call]) -> Vec<(Duration, Duration)> {
    let first = calls.iter().filter_map(|call| call.started).min();
    let at = |call: &Call| {
        let since = |instant: Option<Instant>| Some(instant?.duration_since(first?));
        Some((since(call.started)?, since(call.ended)?))
    };
    let of_path = |path| calls.iter().find(|call| &call.path == path).and_then(at);
    scenario.paths.iter().filter_map(of_path).collect()
}

/// Every call begins when it should, and nothing else takes time.
fn window_slides(
    scenario: &Scenario,
    calls: &[Call],
    took: Duration,
    noun: &str,
) -> Result<(), Fault> {
    let planned = scenario.schedule();
    let actual = starts(scenario, calls);
    let moved =
        std::iter::zip(&planned, &actual).position(|(planned, actual)| planned.0 != actual.0);
    match moved {
        None => nothing_wasted(scenario, took, noun),
        Some(moved) => Err(out_of_step(
            scenario,
            &actual,
            moved,
            planned[moved].0,
            noun,
        )),
    }
}

/// All of it took as long as the work does that it limits.
fn nothing_wasted(scenario: &Scenario, took: Duration, noun: &str) -> Result<(), Fault> {
    let expected = scenario.length();
    ensure(took == expected, || {
        Fault::new("needless_wait")
            .happened(format!(
                "the {noun}s need {}, and yet the function took {}",
                Readable(expected),
                Readable(took)
            ))
            .expected(format!(
                "the first {noun}s begin at once, and the function ends when the last of them does"
            ))
            .next("look for a sleep, or for an await that the work does not need")
    })
}

/// As `window_slides`, for latencies with which it makes a difference whether what has ended keeps its place
/// until everything older has: either is allowed.
fn window_keeps_up(scenario: &Scenario, calls: &[Call], noun: &str) -> Result<(), Fault> {
    let actual = starts(scenario, calls);
    let due = |index: usize| match index.checked_sub(scenario.limit) {
        None => Duration::ZERO,
        Some(oldest) => {
            let ends = actual[..=oldest].iter().map(|&(_, end)| end);
            ends.max().unwrap_or_default()
        }
    };
    let late = (0..actual.len()).find(|&index| actual[index].0 > due(index));
    let overtaken = (1..actual.len()).find(|&index| actual[index].0 < actual[index - 1].0);
    let moved = late.or(overtaken.map(|index| index - 1));
    moved.map_or(Ok(()), |moved| {
        Err(out_of_step(scenario, &actual, moved, due(moved), noun))
    })
}

/// Why a call did not begin when it was due.
fn out_of_step(
    scenario: &Scenario,
    actual: &[(Duration, Duration)],
    moved: usize,
    due: Duration,
    noun: &str,
) -> Fault {
    let happened = format!(
        "the turn of {noun} {moved} was at {}, and it began at {}",
        Readable(due),
        Readable(actual[moved].0)
    );
    let in_order = actual.is_sorted_by_key(|&(start, _)| start);
    let running = |at| {
        let under_way = actual
            .iter()
            .filter(|&&(start, end)| start <= at && at < end);
        under_way.count()
    };
    let last_start = actual.iter().map(|&(start, _)| start).max();
    let never_idle = actual
        .iter()
        .filter(|&&(_, end)| Some(end) < last_start)
        .all(|&(_, end)| running(end) == scenario.limit);
    let ended_before = |index: usize| actual[..index].iter().map(|&(_, end)| end).max();
    // Each begins when all but the last `limit` - 1 before it have ended.
    let oldest_first = moved >= scenario.limit
        && (scenario.limit..actual.len())
            .all(|index| ended_before(index + 1 - scenario.limit) == Some(actual[index].0));
    // Each later group begins when all that began before it has ended.
    let in_chunks = (1..actual.len())
        .filter(|&index| actual[index].0 > actual[index - 1].0)
        .all(|index| ended_before(index) == Some(actual[index].0));
    if in_order && oldest_first {
        Fault::new("waits_for_the_oldest")
            .happened(format!("{happened}: those that had ended kept their places until the oldest had ended"))
            .expected(format!("whichever {noun} ends first makes room for the next one"))
            .next("wait for any of them: a permit of a semaphore, `JoinSet::join_next`, or `buffer_unordered` in place of `buffered`")
    } else if in_order && in_chunks {
        Fault::new("waits_for_the_whole_chunk")
            .happened(format!("{happened}: each group waited for the slowest of the group before"))
            .expected(format!("when one {noun} ends, one other begins: the window slides"))
            .next("replace the chunks by a semaphore, or by a stream with `buffered` or `buffer_unordered`")
    } else if in_order {
        Fault::new("needless_wait")
            .happened(happened)
            .expected(format!("a {noun} begins at the moment at which there is room for it"))
            .next("look for a sleep, a retry after a pause, or an await that the work does not need: a permit wakes who waits for it")
    } else if never_idle {
        Fault::new("begun_out_of_order")
            .happened(format!("{happened}: later {noun}s had begun before it"))
            .expected(format!("the {noun}s begin in their order"))
            .next(
                "take the next one from the front: a queue or an iterator, not the end of a `Vec`",
            )
    } else {
        Fault::new("fixed_shares")
            .happened(format!("{happened}: later {noun}s had begun before it, and yet a place was idle"))
            .expected(format!("the {noun}s begin in their order, each as soon as there is room"))
            .next("let all workers take their next one from a common source, rather than dealing them out beforehand")
    }
}

fn calls_too_many(made: usize, expected: usize) -> Fault {
    Fault::new("calls_too_many")
        .happened(format!(
            "the upstream got {} where {expected} would do",
            counted(made, "call")
        ))
        .expected("there is one call for each page")
        .next("keep what a call brought, rather than calling again")
}

mod fetch_many {
    use super::*;

    const WORDS: Words = Words {
        noun: "call",
        unlimited: "permit_not_held",
        unlimited_why: "none held a permit of a semaphore that they share",
        unlimited_next: "make one semaphore for all; keep its permit in a named variable, in the future that makes the call: `let _ = …` drops it on the spot, a block at its end, and `acquire()` without `.await` takes none",
    };

    async fn fetching(scenario: &Scenario, paths: Vec<&str>) -> Vec<Page> {
        let limit = limit_of(scenario.limit);
        boxed::fetch_many(&scenario.upstream, &paths, limit).await
    }

    async fn fetch(
        scenario: &Scenario,
        recorder: &Recorder,
    ) -> Result<(Vec<Page>, Duration), Fault> {
        recorder.restart();
        let fetching = fetching(scenario, scenario.paths());
        let (pages, took) = ended(scenario, recorder, fetching).await?;
        called_once_each(scenario)?;
        Ok((pages, took))
    }

    /// Awaits `fetching`, and says why if it never ends.
    async fn ended<F: Future>(
        scenario: &Scenario,
        recorder: &Recorder,
        fetching: F,
    ) -> Result<(F::Output, Duration), Fault> {
        let (all, limit) = (scenario.paths.len(), scenario.limit);
        let ended = ends(&scenario.upstream, all, fetching, |calls| {
            permit_leaked(format!(
                "of {}, {} ended, and no other ever began",
                scenario.limited_to(),
                calls.len()
            ))
        })
        .await;
        if ended.is_err() && scenario.calls().is_empty() && all > limit {
            // No room at all, or none while more paths wait than there is room for?
            let few = self::fetching(scenario, scenario.paths()[..limit].to_vec());
            let few = timeout(HANGS, catch_panic(few)).await;
            // What was tried here is no part of what the verdict shows.
            recorder.restart();
            ensure(few.is_err(), || permits_in_idle_futures("call"))?;
        }
        ended
    }

    fn pages_missing(happened: String) -> Fault {
        Fault::new("pages_missing")
            .happened(happened)
            .expected("there is one page for each path")
            .next("await every call, and keep each of the pages")
    }

    /// Each call was made once, and went on to its end.
    fn called_once_each(scenario: &Scenario) -> Result<(), Fault> {
        let calls = scenario.calls();
        let all = scenario.paths.len();
        ensure(calls.len() == all || calls.len() != scenario.limit, || {
            gives_up_when_full(format!(
                "only {} of {all} paths were fetched: as many as the limit",
                calls.len()
            ))
        })?;
        ensure(calls.len() >= all, || {
            pages_missing(format!(
                "the upstream got {} for {}",
                counted(calls.len(), "call"),
                counted(all, "path")
            ))
        })?;
        ensure(calls.len() <= all, || calls_too_many(calls.len(), all))?;
        let mut paths = scenario.paths.iter();
        let missed = paths.find(|path| calls.iter().all(|call| call.path != **path));
        ensure(missed.is_none(), || {
            let path = missed.map_or("", String::as_str);
            pages_missing(format!(
                "nobody asked for {path}, while others were fetched more than once"
            ))
        })?;
        let abandoned = calls
            .iter()
            .find(|call| !matches!(call.outcome, Some(Outcome::Answered | Outcome::Failed)));
        abandoned.map_or(Ok(()), |call| {
            let how = match call.outcome {
                None => "was still under way when the function returned",
                _ => "was dropped before it had its answer",
            };
            Err(calls_abandoned(format!("the call for {} {how}", call.path)))
        })
    }

    /// The pages, their paths and their texts, come in the order of the paths.
    fn in_order(scenario: &Scenario, pages: &[Page]) -> Result<(), Fault> {
        let paths = scenario.paths();
        let come: Vec<_> = pages.iter().map(|page| page.path.as_str()).collect();
        let missing = paths.iter().find(|path| !come.contains(path));
        ensure(come.len() == paths.len() && missing.is_none(), || {
            let example = missing.map_or(String::new(), |path| format!(", and no {path}"));
            pages_missing(format!(
                "for {} there came {}{example}",
                listed(&paths),
                listed(&come)
            ))
        })?;
        let belongs = |page: &Page| page.body == text_of(&page.path, scenario.number);
        let wrong = std::iter::zip(&paths, pages)
            .find(|(path, page)| page.path != **path || !belongs(page));
        wrong.map_or(Ok(()), |(path, page)| {
            Err(Fault::new("completion_order")
                .happened(format!(
                    "in the place of {path} stands {}, with the text `{}`",
                    page.path, page.body
                ))
                .expected("each page stands in the place of its path, whichever call ends first")
                .next("carry the index of the path along and sort by it, or use what keeps the order: `buffered`, `join_all`"))
        })
    }

    #[test]
    fn the_limit_is_reached_and_never_passed() {
        examine(async |recorder: &Recorder| {
            // How many calls of how many milliseconds, and the limit.
            let runs = [
                (40, 100, 3),
                (100, 100, 10),
                (100, 500, 10),
                (23, 70, 4),
                (12, 500, 1),
            ];
            for (number, (calls, latency, limit)) in runs.into_iter().enumerate() {
                let scenario = Scenario::new(number, limit, vec![latency; calls]);
                let (_, took) = fetch(&scenario, recorder).await?;
                limit_kept(&scenario, took, &WORDS)?;
                window_slides(&scenario, &scenario.calls(), took, "call")?;
            }
            Ok(())
        });
    }

    /// No call ends before an older one, so that it makes no difference whether a page that came early
    /// keeps its place until it has been handed over.
    #[test]
    fn the_window_slides() {
        examine(async |recorder: &Recorder| {
            let mut an_hour_last = rising(36);
            an_hour_last[35] = AN_HOUR;
            let steps = [vec![100; 9], vec![400; 22]].concat();
            let runs = [
                (3, rising(40)),
                (4, steps),
                (5, an_hour_last),
                (3, vec![AN_HOUR; 10]),
                // More than any customary size of a chunk or a channel.
                (7, rising(1200)),
            ];
            for (number, (limit, latencies)) in runs.into_iter().enumerate() {
                let scenario = Scenario::new(number, limit, latencies);
                let (_, took) = fetch(&scenario, recorder).await?;
                limit_kept(&scenario, took, &WORDS)?;
                window_slides(&scenario, &scenario.calls(), took, "call")?;
            }
            Ok(())
        });
    }

    #[test]
    fn pages_come_in_the_order_of_the_paths() {
        examine(async |recorder: &Recorder| {
            let runs = [
                (3, falling(20)),
                (5, rising(20)),
                (4, mixed(25)),
                (6, vec![100; 20]),
            ];
            for (number, (limit, latencies)) in runs.into_iter().enumerate() {
                let scenario = Scenario::new(number, limit, latencies);
                let (pages, took) = fetch(&scenario, recorder).await?;
                in_order(&scenario, &pages)?;
                limit_kept(&scenario, took, &WORDS)?;
                window_keeps_up(&scenario, &scenario.calls(), "call")?;
            }
            Ok(())
        });
    }

    #[test]
    fn a_limit_above_the_number_of_paths_holds_nothing_back() {
        examine(async |recorder: &Recorder| {
            for (number, (calls, limit)) in [(12, 13), (5, 1000), (600, 600), (1, 4)]
                .into_iter()
                .enumerate()
            {
                let latencies = (0..calls).map(|call| 300 - call % 7);
                let scenario = Scenario::new(number, limit, latencies);
                let (pages, took) = fetch(&scenario, recorder).await?;
                limit_kept(&scenario, took, &WORDS)?;
                window_slides(&scenario, &scenario.calls(), took, "call")?;
                in_order(&scenario, &pages)?;
            }
            Ok(())
        });
    }

    #[test]
    fn a_path_given_twice_gives_two_pages() {
        examine(async |recorder: &Recorder| {
            let mut scenario = Scenario::new(1, 3, [50, 100, 150, 200]);
            scenario.paths.push("calls/0".into());
            scenario.paths.push("calls/0".into());
            recorder.restart();
            let fetching = fetching(&scenario, scenario.paths());
            let (pages, _) = ended(&scenario, recorder, fetching).await?;
            let first = pages.iter().filter(|page| page.path == "calls/0").count();
            let calls = scenario.calls().len();
            ensure(
                pages.len() == 6 && first == 3 && calls == 6 || !(4..=6).contains(&calls),
                || {
                    Fault::new("duplicates_lost")
                    .happened(format!(
                        "of six paths, three were the same; there were {} and {}, {first} of that path",
                        counted(calls, "call"),
                        counted(pages.len(), "page")
                    ))
                    .expected("each path is fetched and has its own page, also where paths are the same")
                    .next("tell the calls apart by their position, not by their path")
                },
            )?;
            called_once_each(&scenario)?;
            in_order(&scenario, &pages)
        });
    }

    #[test]
    fn no_paths_give_no_pages() {
        examine(async |recorder: &Recorder| {
            let scenario = Scenario::new(1, 3, []);
            let (pages, took) = fetch(&scenario, recorder).await?;
            ensure(pages.is_empty(), || {
                Fault::new("pages_from_nowhere")
                    .happened(format!(
                        "for no paths there were {}",
                        counted(pages.len(), "page")
                    ))
                    .expected("no paths: no calls, and no pages")
                    .next("let the paths alone decide what is fetched")
            })?;
            window_slides(&scenario, &[], took, "call")
        });
    }

    /// Whichever of the calls fails, among the first to begin or one that had to wait.
    #[test]
    fn a_panic_surfaces() {
        examine(async |recorder: &Recorder| {
            for failing in 0..8 {
                let scenario = Scenario::failing(1, 3, vec![100; 8], &[failing]);
                recorder.restart();
                let fetching = fetching(&scenario, scenario.paths());
                let (outcome, _) = ended(&scenario, recorder, catch_panic(fetching)).await?;
                let of_failing = scenario.calls().into_iter();
                let of_failing = of_failing.filter(|call| call.path == scenario.paths[failing]);
                match of_failing.count() {
                    // What goes without this call has met no failure to pass on.
                    0 => called_once_each(&scenario)?,
                    1 => {}
                    calls => return Err(calls_too_many(calls, 1)),
                }
                ensure(outcome.is_err(), || {
                    let pages = outcome.unwrap_or_default();
                    Fault::new("task_panic_swallowed")
                        .happened(format!(
                            "the upstream failed for {}, and the function returned {} as if nothing had happened",
                            scenario.paths[failing],
                            counted(pages.len(), "page")
                        ))
                        .expected("`fetch` panics, and so does the function that awaits it")
                        .next("pass over no `Err`: `fetch` panics where `get` returns one; unwrap that of a handle, or go on with `std::panic::resume_unwind(error.into_panic())`")
                })?;
            }
            Ok(())
        });
    }
}

mod spawn_bounded {
    use std::sync::{Arc, Mutex, PoisonError};

    use tokio::runtime::Handle;

    use super::*;

    const WORDS: Words = Words {
        noun: "job",
        unlimited: "permit_not_held",
        unlimited_why: "none held a permit of a semaphore that they share",
        unlimited_next: "make one semaphore before the loop, and move a permit of it into each task: one that stays in the loop is dropped as soon as the task is spawned, and `let _ = …` drops it on the spot",
    };

    /// What is seen of the jobs while they run.
    #[derive(Clone, Copy, Debug, Default)]
    struct Seen {
        taken: usize,
        ended: usize,
        most_ahead: usize,
        most_alive: usize,
    }

    /// Shared by the iterator and its jobs.
    #[derive(Clone)]
    struct Watch(Arc<Mutex<Seen>>);

    impl Watch {
        fn note(&self, note: impl FnOnce(&mut Seen)) {
            let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            note(&mut seen);
            let alive = Handle::current().metrics().num_alive_tasks();
            seen.most_alive = seen.most_alive.max(alive);
        }

        fn seen(&self) -> Seen {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner)
        }

        fn taken(&self) -> Taken {
            self.note(|seen| {
                seen.taken += 1;
                seen.most_ahead = seen.most_ahead.max(seen.taken - seen.ended);
            });
            Taken(self.clone())
        }
    }

    /// A job that was taken from the iterator and has not ended.
    struct Taken(Watch);

    impl Drop for Taken {
        fn drop(&mut self) {
            // Jobs that are left over are dropped with the runtime, which has no metrics any more.
            if Handle::try_current().is_ok() {
                self.0.note(|seen| seen.ended += 1);
            }
        }
    }

    async fn run(scenario: &Scenario, recorder: &Recorder) -> Result<(), Fault> {
        recorder.restart();
        let before = Handle::current().metrics().num_alive_tasks();
        let watch = Watch(Arc::default());
        let jobs = scenario.paths.iter().map(|path| {
            let taken = watch.taken();
            let (upstream, path) = (scenario.upstream.clone(), path.clone());
            async move {
                taken.0.note(|_| ());
                upstream.fetch(&path).await;
                taken.0.note(|_| ());
            }
        });
        let all = scenario.paths.len();
        let running = boxed::spawn_bounded(jobs, limit_of(scenario.limit));
        // Where no job panics, a panic is the function's own, and is shown where it was raised.
        let running = async {
            match scenario.failing.is_empty() {
                true => Ok(running.await),
                false => catch_panic(running).await,
            }
        };
        let ended = ends(&scenario.upstream, all, running, |calls| {
            permit_leaked(format!(
                "of {} with a limit of {}, {} ended, {} of them by a panic, and no other ever began",
                counted(all, "job"),
                scenario.limit,
                calls.len(),
                calls.iter().filter(|call| call.outcome == Some(Outcome::Failed)).count()
            ))
        })
        .await;
        let seen = watch.seen();
        let calls = scenario.calls();
        let idle = ended.is_err() && calls.is_empty() && seen.most_ahead > 1;
        ensure(!idle, || permits_in_idle_futures("job"))?;
        let (outcome, took) = ended?;
        let ended =
            |call: &&Call| matches!(call.outcome, Some(Outcome::Answered | Outcome::Failed));
        let ended = calls.iter().filter(ended).count();
        let completed = match outcome {
            Ok(completed) if ended == all || scenario.failing.is_empty() => completed,
            outcome => return others_ended(scenario, outcome, ended),
        };
        ensure(ended == all, || jobs_missing(scenario, &calls, ended))?;
        limit_kept(scenario, took, &WORDS)?;
        let tasks: HashSet<_> = calls.iter().filter_map(|call| call.task).collect();
        ensure(tasks.len() == all, || {
            Fault::new("one_task_for_all")
                .happened(match tasks.len() {
                    0 => format!(
                        "all {} ran on the task that called the function",
                        counted(all, "job")
                    ),
                    tasks => format!("{} ran on {}", counted(all, "job"), counted(tasks, "task")),
                })
                .expected("each job has its own task, so that a panic ends one job only")
                .next("give each job to `tokio::spawn` or `JoinSet::spawn`")
        })?;
        let (most_alive, most_ahead) = (seen.most_alive - before, seen.most_ahead);
        let (too_many, too_far) = (
            most_alive > scenario.limit + 1,
            most_ahead > scenario.limit + 1,
        );
        // Either each job that was taken has its task, or so many tasks are not needed for anything else.
        let waiting = most_alive == most_ahead || most_alive > 2 * scenario.limit + 1;
        ensure(!(too_many && too_far && waiting), || {
            Fault::new("permit_taken_inside_the_task")
                .happened(format!(
                    "{} ran at a time, and yet {} were alive at once: the others only waited for their turn",
                    counted(scenario.limit, "job"),
                    counted(most_alive, "task")
                ))
                .expected(format!("at most {} tasks are alive", scenario.limit + 1))
                .next("take the permit before the task is spawned, with `acquire_owned`, and move it into the task")
        })?;
        ensure(!too_many, || {
            Fault::new("more_tasks_than_jobs")
                .happened(format!(
                    "{} were alive while at most {} ran",
                    counted(most_alive, "task"),
                    counted(scenario.limit, "job")
                ))
                .expected(format!("at most {} tasks are alive", scenario.limit + 1))
                .next("spawn one task for each job, and no second one to watch it or to hand it on: its handle tells of a panic, and the function can await it")
        })?;
        ensure(!too_far, || {
            Fault::new("jobs_pile_up")
                .happened(format!(
                    "{} had been taken from the iterator and not ended, where the limit is {}",
                    counted(most_ahead, "job"),
                    scenario.limit
                ))
                .expected(format!(
                    "at most {} are: those that run, and one that waits for room",
                    scenario.limit + 1
                ))
                .next("ask the iterator for the next job only when there is room for it: no `collect`, and no queue or channel in which jobs stand ready")
        })?;
        window_slides(scenario, &calls, took, "job")?;
        let failed = scenario.failing.len();
        ensure(completed == all - failed, || {
            let happened = format!(
                "of {}, {failed} of which panicked, {completed} were counted as completed",
                counted(all, "job")
            );
            if failed > 0 && completed == all {
                Fault::new("panic_counted_as_completed")
                    .happened(happened)
                    .expected("a job that panics has not completed")
                    .next("awaiting a task gives a `Result`: count those that are `Ok`")
            } else {
                Fault::new("completed_miscounted")
                    .happened(happened)
                    .expected(format!("{} are", all - failed))
                    .next("count each task that was awaited and is `Ok`, once")
            }
        })
    }

    /// Why some jobs have not ended, none of which panics.
    fn jobs_missing(scenario: &Scenario, calls: &[Call], ended: usize) -> Fault {
        let all = scenario.paths.len();
        if calls.len() == scenario.limit && all > scenario.limit {
            return gives_up_when_full(format!(
                "only {} of {all} jobs were begun: as many as the limit",
                calls.len()
            ));
        }
        // The last ones may have been in flight when the function returned.
        let early = &calls[..calls.len().saturating_sub(scenario.limit)];
        let dropped = |call: &&Call| call.outcome == Some(Outcome::Dropped);
        if let Some(job) = early.iter().position(|call| dropped(&call)) {
            let call = &early[job];
            let took = call.ended.zip(call.started);
            let took = took.map_or(Duration::ZERO, |(ended, started)| ended - started);
            return calls_abandoned(format!(
                "job {job} was dropped after {}, before it had ended",
                Readable(took)
            ));
        }
        Fault::new("jobs_left_behind")
            .happened(format!(
                "the function returned when {ended} of {} had ended",
                counted(all, "job")
            ))
            .expected("it returns when every job has ended")
            .next("after the last job is spawned, wait for those that still run: `JoinSet::join_next` until it returns `None`")
    }

    fn others_ended(
        scenario: &Scenario,
        outcome: Result<usize, String>,
        ended: usize,
    ) -> Result<(), Fault> {
        let all = counted(scenario.paths.len(), "job");
        let how = match outcome {
            Ok(_) => "returned".to_owned(),
            Err(panic) => format!("panicked (`{panic}`)"),
        };
        Err(Fault::new("a_panic_ends_the_others")
            .happened(format!("one of {all} panicked, and the function {how} when {ended} had ended"))
            .expected("the other jobs go on, and the function returns how many completed")
            .next("a panic is the `Err` of the task that is awaited: pass over it, and go on with the next; do not `unwrap` it"))
    }

    #[test]
    fn at_most_limit_jobs_run_at_once() {
        examine(async |recorder: &Recorder| {
            let runs = [
                (40, 100, 3),
                (100, 100, 10),
                (100, 500, 10),
                (23, 70, 4),
                (12, 500, 1),
                (300, 100, 120),
            ];
            for (number, (jobs, latency, limit)) in runs.into_iter().enumerate() {
                run(&Scenario::new(number, limit, vec![latency; jobs]), recorder).await?;
            }
            Ok(())
        });
    }

    #[test]
    fn many_jobs_need_few_tasks() {
        examine(async |recorder: &Recorder| {
            // Rising, so that it shows if the window is empty after any number of jobs.
            run(&Scenario::new(1, 10, rising(1200)), recorder).await
        });
    }

    #[test]
    fn whichever_job_ends_makes_room() {
        examine(async |recorder: &Recorder| {
            let runs = [
                (4, rising(30)),
                (3, first_takes(1000, 12)),
                (3, first_takes(AN_HOUR, 30)),
                (5, mixed(40)),
                (6, falling(40)),
            ];
            for (number, (limit, latencies)) in runs.into_iter().enumerate() {
                run(&Scenario::new(number, limit, latencies), recorder).await?;
            }
            Ok(())
        });
    }

    #[test]
    fn a_panic_costs_its_own_job_alone() {
        examine(async |recorder: &Recorder| {
            // No panic, more panics than there are places, then one in each position, then nothing but panics.
            let all: Vec<usize> = (0..20).collect();
            let one = (0..20).map(|failing| vec![failing]);
            let runs = [vec![], vec![0, 1, 2, 5, 6, 7, 8]].into_iter().chain(one);
            for (number, failing) in runs.chain([all]).enumerate() {
                run(
                    &Scenario::failing(number, 3, vec![100; 20], &failing),
                    recorder,
                )
                .await?;
            }
            Ok(())
        });
    }

    #[test]
    fn few_jobs_or_none_are_no_trouble() {
        examine(async |recorder: &Recorder| {
            for (number, (jobs, limit)) in
                [(0, 3), (1, 3), (3, 3), (4, 1000)].into_iter().enumerate()
            {
                run(&Scenario::new(number, limit, vec![100; jobs]), recorder).await?;
            }
            Ok(())
        });
    }
}

mod limited {
    use std::rc::Rc;

    use super::{super::Limited, *};

    const WORDS: Words = Words {
        noun: "call",
        unlimited: "semaphore_per_call",
        unlimited_why: "each had a permit of its own, or none",
        unlimited_next: "make the semaphore once, in `new`; let `get` await a permit of it, and keep it in a named variable (`let _ = …` drops it on the spot) until the call has ended",
    };

    fn client(scenario: &Scenario) -> Limited {
        Limited::new(scenario.upstream.clone(), limit_of(scenario.limit))
    }

    type Got = Vec<Result<Page, UpstreamError>>;

    async fn get_all(limited: &Limited, paths: &[String]) -> Got {
        join_all(paths.iter().map(|path| boxed::get(limited, path))).await
    }

    /// As many in flight as the limit, each call in its turn, and no time lost.
    async fn get(
        scenario: &Scenario,
        recorder: &Recorder,
        getting: impl Future<Output = Got>,
    ) -> Result<(), Fault> {
        let took = get_in_any_order(scenario, recorder, getting).await?;
        window_slides(scenario, &scenario.calls(), took, "call")
    }

    /// Of so many callers, each woken on its own, none is promised to be next. With equal latencies, the length of
    /// it all shows as well whether time was lost.
    async fn get_in_any_order(
        scenario: &Scenario,
        recorder: &Recorder,
        getting: impl Future<Output = Got>,
    ) -> Result<Duration, Fault> {
        recorder.restart();
        let (got, took) = ends(&scenario.upstream, scenario.paths.len(), getting, |calls| {
            permit_leaked(format!(
                "of {}, {} ended, and no other ever began",
                scenario.limited_to(),
                calls.len()
            ))
        })
        .await?;
        answered(scenario, &got)?;
        limit_kept(scenario, took, &WORDS)?;
        Ok(took)
    }

    /// Each `get` made one call, and returned the page of its path.
    fn answered(scenario: &Scenario, got: &[Result<Page, UpstreamError>]) -> Result<(), Fault> {
        let made = scenario.calls().len();
        let all = scenario.paths.len();
        let refused = got.iter().filter(|got| got.is_err()).count();
        ensure(made + refused != all || refused == 0, || {
            refused_when_full(scenario, made, refused)
        })?;
        ensure(made <= all, || calls_too_many(made, all))?;
        ensure(made == all, || calls_too_few(made, all))?;
        let wrong = std::iter::zip(&scenario.paths, got).find(|(path, got)| {
            !matches!(got, Ok(page) if page.path == **path && page.body == text_of(path, scenario.number))
        });
        wrong.map_or(Ok(()), |(path, got)| Err(answer_changed(path, got)))
    }

    fn refused_when_full(scenario: &Scenario, made: usize, refused: usize) -> Fault {
        gives_up_when_full(format!(
            "with a limit of {}, {} made, and {refused} refused without asking the upstream",
            scenario.limit,
            were(made)
        ))
    }

    fn calls_too_few(made: usize, asked: usize) -> Fault {
        Fault::new("calls_too_few")
            .happened(format!(
                "`get` was called {asked} times, and made {}",
                counted(made, "call")
            ))
            .expected("each `get` makes one call, also where another has asked for the same path")
            .next("limit the calls, and leave out none of them")
    }

    fn answer_changed(path: &str, got: &Result<Page, UpstreamError>) -> Fault {
        let got = match got {
            Ok(page) => format!("the page {} with the text `{}`", page.path, page.body),
            Err(error) => format!("the error `{error}`"),
        };
        Fault::new("answer_changed")
            .happened(format!(
                "`get` for {path} returned {got}, which is not what the upstream answered"
            ))
            .expected("`get` returns what the upstream's `get` does, page or error")
            .next("return the upstream's result as it comes")
    }

    #[test]
    fn one_caller_keeps_the_limit() {
        examine(async |recorder: &Recorder| {
            let scenario = Scenario::new(1, 3, vec![100; 20]);
            let limited = client(&scenario);
            get(&scenario, recorder, get_all(&limited, &scenario.paths)).await
        });
    }

    #[test]
    fn whichever_call_ends_makes_room() {
        examine(async |recorder: &Recorder| {
            // In the last one, calls have to wait for hours. The limit is always the same, since a limit for the
            // whole program has a test of its own.
            let runs = [
                first_takes(1000, 12),
                first_takes(AN_HOUR, 30),
                vec![AN_HOUR; 18],
            ];
            for (number, latencies) in runs.into_iter().enumerate() {
                let scenario = Scenario::new(number, 4, latencies);
                let limited = client(&scenario);
                get(&scenario, recorder, get_all(&limited, &scenario.paths)).await?;
            }
            Ok(())
        });
    }

    /// Two that share a client by reference, and two that have a clone each.
    #[test]
    fn two_callers_share_one_limit() {
        examine(async |recorder: &Recorder| {
            for (number, cloned) in [false, true].into_iter().enumerate() {
                let scenario = Scenario::new(number, 5, vec![100; 40]);
                let limited = client(&scenario);
                // A clone that goes leaves to all others what they share.
                drop(limited.clone());
                let other = if cloned { &limited.clone() } else { &limited };
                let (mine, yours) = scenario.paths.split_at(20);
                let getting = async {
                    let (mut got, others) =
                        tokio::join!(get_all(&limited, mine), get_all(other, yours));
                    got.extend(others);
                    got
                };
                let kept = get(&scenario, recorder, getting).await;
                let most = scenario.upstream.high_water();
                ensure(!(cloned && most == 2 * scenario.limit), || {
                    Fault::new("semaphore_per_clone")
                        .happened(format!(
                            "two callers with a clone each had {most} calls in flight together, where the limit is {}",
                            scenario.limit
                        ))
                        .expected("all clones share one limit")
                        .next("put the semaphore into an `Arc`, and clone the `Arc`")
                })?;
                kept?;
            }
            Ok(())
        });
    }

    /// Each call on a task of its own: no two of them have a task, or a local variable, in common.
    #[test]
    fn tasks_share_one_limit() {
        examine(async |recorder: &Recorder| {
            let scenario = Scenario::new(1, 5, vec![100; 40]);
            let limited = Rc::new(client(&scenario));
            let tasks = LocalSet::new();
            let calls: Vec<_> = scenario
                .paths
                .iter()
                .map(|path| {
                    let (limited, path) = (Rc::clone(&limited), path.clone());
                    tasks.spawn_local(async move { boxed::get(&limited, &path).await })
                })
                .collect();
            let getting = tasks.run_until(try_join_all(calls));
            let getting = async { getting.await.expect("`get` does not panic") };
            let took = get_in_any_order(&scenario, recorder, getting).await?;
            nothing_wasted(&scenario, took, "call")
        });
    }

    #[test]
    fn each_client_has_its_own_limit() {
        examine(async |recorder: &Recorder| {
            let global = |happened: String| {
                Fault::new("limit_is_global")
                    .happened(happened)
                    .expected("each client made by `new` keeps its own limit")
                    .next("make the semaphore in `new`, and keep it in the client; a `static` is shared by the whole program")
            };
            // All clients are there before the first of them is used.
            let limits = [(4, 24), (120, 300), (1, 5), (7, 28)];
            let clients: Vec<_> = (0..)
                .zip(limits)
                .map(|(number, (limit, calls))| Scenario::new(number, limit, vec![100; calls]))
                .map(|scenario| (client(&scenario), scenario))
                .collect();
            for (limited, scenario) in &clients {
                let getting = get_all(limited, &scenario.paths);
                let kept = get_in_any_order(scenario, recorder, getting).await;
                let (limit, most) = (scenario.limit, scenario.upstream.high_water());
                let of_another = most > 1 && limits.iter().any(|&(other, _)| other == most);
                ensure(most == limit || !of_another, || {
                    global(format!(
                        "a client with a limit of {limit} had {most} calls in flight, which is the limit of another client"
                    ))
                })?;
                nothing_wasted(scenario, kept?, "call")?;
            }
            // Two of the same upstream, with the same limit, at the same time.
            let both = Scenario::new(4, 3, vec![100; 40]);
            let (one, other) = (client(&both), client(&both));
            let (mine, yours) = both.paths.split_at(20);
            recorder.restart();
            let _answers = tokio::join!(get_all(&one, mine), get_all(&other, yours));
            let most = both.upstream.high_water();
            ensure(most == 2 * both.limit, || {
                global(format!(
                    "two clients with a limit of {} each had {most} calls in flight together",
                    both.limit
                ))
            })
        });
    }

    /// Some calls end badly, by failing or by being dropped. Afterwards the client can do as much as before.
    async fn places_are_free_again(
        recorder: &Recorder,
        number: usize,
        how: &str,
        badly: impl AsyncFnOnce(&Limited),
    ) -> Result<(), Fault> {
        const LIMIT: usize = 3;
        let scenario = Scenario::new(number, LIMIT, vec![100; 16]);
        let limited = client(&scenario);
        // What is wrong with the client from the beginning has its own name.
        get(&scenario, recorder, get_all(&limited, &scenario.paths)).await?;
        recorder.restart();
        let after = |free: String| permit_leaked(format!("after {how}, {free}"));
        ends(&scenario.upstream, usize::MAX, badly(&limited), |_| {
            after("the client waits for ever".into())
        })
        .await?;
        // Time for a client with tasks of its own to notice.
        tokio::time::sleep(ms(1)).await;
        let left = scenario.upstream.in_flight();
        ensure(left == 0, || {
            Fault::new("dropped_call_goes_on")
                .happened(format!("after {how}, {} still in flight", were(left)))
                .expected("a `get` that is dropped takes its call with it, and frees its place")
                .next("make the call in `get` itself: a task that `get` spawns goes on without it, unless it is aborted")
        })?;
        let before = scenario.calls().len();
        let getting = get_all(&limited, &scenario.paths);
        ends(&scenario.upstream, scenario.paths.len(), getting, |_| {
            after("the client waits for ever".into())
        })
        .await?;
        let calls = &scenario.calls()[before..];
        ensure(calls.len() == scenario.paths.len(), || {
            calls_too_few(calls.len(), scenario.paths.len())
        })?;
        let most = at_once(calls);
        ensure(most >= LIMIT, || {
            after(format!(
                "at most {} in flight, where the limit is {LIMIT}",
                were(most)
            ))
        })?;
        ensure(most <= LIMIT, || {
            permit_returned_twice(format!(
                "after {how}, {} in flight at once, where the limit is {LIMIT}",
                were(most)
            ))
        })
    }

    fn were(calls: usize) -> String {
        let verb = if calls == 1 { "was" } else { "were" };
        format!("{} {verb}", counted(calls, "call"))
    }

    /// The most of these calls that were under way at the same time.
    fn at_once(calls: &[Call]) -> usize {
        calls
            .iter()
            .map(|call| under_way(calls, call.started))
            .max()
            .unwrap_or(0)
    }

    #[test]
    fn failures_give_their_permit_back() {
        examine(async |recorder: &Recorder| {
            for (number, failures) in [1, 2, 3, 7].into_iter().enumerate() {
                let how = format!(
                    "{} to a route that does not exist",
                    counted(failures, "call")
                );
                places_are_free_again(recorder, number, &how, async |limited| {
                    for _ in 0..failures {
                        let _answer_is_an_error = boxed::get(limited, "nowhere").await;
                    }
                })
                .await?;
            }
            Ok(())
        });
    }

    #[test]
    fn dropped_calls_give_their_permit_back() {
        examine(async |recorder: &Recorder| {
            // The first three are in flight when they are dropped, all others still wait.
            for (number, dropped) in [1, 2, 3, 4, 7].into_iter().enumerate() {
                let how = format!("{} dropped half way", were(dropped));
                places_are_free_again(recorder, number, &how, async |limited| {
                    let paths = vec!["calls/0".to_owned(); dropped];
                    let _elapsed = timeout(ms(50), get_all(limited, &paths)).await;
                })
                .await?;
            }
            // These wait for their turn, are dropped, and those in flight go on.
            let how = "4 calls were dropped while they waited";
            places_are_free_again(recorder, 5, how, async |limited| {
                let paths = vec!["calls/0".to_owned(); 3];
                let waiting = vec!["calls/1".to_owned(); 4];
                let waiting = async {
                    tokio::task::yield_now().await;
                    let _elapsed = timeout(ms(50), get_all(limited, &waiting)).await;
                };
                tokio::join!(get_all(limited, &paths), waiting);
            })
            .await
        });
    }

    #[test]
    fn answers_and_errors_come_as_they_are() {
        examine(async |recorder: &Recorder| {
            let scenario = Scenario::failing(1, 3, vec![100; 12], &[1, 2, 5, 6, 7, 11]);
            let limited = client(&scenario);
            recorder.restart();
            for (index, path) in scenario.paths.iter().enumerate() {
                let (got, took) = ends(&scenario.upstream, 1, boxed::get(&limited, path), |_| {
                    permit_leaked(format!(
                        "after {}, some of which failed, no other ever began",
                        counted(index, "call")
                    ))
                })
                .await?;
                let made = scenario.calls().len();
                ensure(made == index + 1, || calls_too_many(made, index + 1))?;
                let expected = if scenario.failing.contains(&index) {
                    Err(UpstreamError::Status {
                        path: path.clone(),
                        status: status_of(index),
                    })
                } else {
                    Ok(Page {
                        path: path.clone(),
                        body: text_of(path, scenario.number),
                    })
                };
                ensure(got == expected, || answer_changed(path, &got))?;
                let call = scenario.latencies[index];
                ensure(took == call, || {
                    Fault::new("needless_wait")
                        .happened(format!(
                            "with no other call in flight, `get` for {path} took {}, where the call takes {}",
                            Readable(took),
                            Readable(call)
                        ))
                        .expected("`get` returns when the call has ended, with a page or an error")
                        .next("look for a sleep, or for an await that the call does not need")
                })?;
            }
            // Several callers ask for the same path at the same time.
            let before = scenario.calls().len();
            let same = vec!["calls/0".to_owned(); 7];
            let (got, _) = ends(
                &scenario.upstream,
                same.len(),
                get_all(&limited, &same),
                |_| permit_leaked("of seven calls for the same path, some never began".into()),
            )
            .await?;
            let made = scenario.calls().len() - before;
            let refused = got.iter().filter(|got| got.is_err()).count();
            ensure(refused == 0, || refused_when_full(&scenario, made, refused))?;
            ensure(made <= same.len(), || calls_too_many(made, same.len()))?;
            ensure(made == same.len(), || calls_too_few(made, same.len()))
        });
    }
}
