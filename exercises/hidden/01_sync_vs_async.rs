//! The hidden tests of chapter 01. They run on the paused clock, so that every time in them is exact.
//!
//! A test goes through several scenarios, each with a service of its own: other latencies, other texts.
//! An answer that is right by luck in one of them is not in the next.

use std::{collections::HashSet, future::pending, time::Duration};

use async_workbook::{
    clock::{Clock, Readable},
    services::upstream::{Call, Outcome, Route},
    timeline::Recorder,
    verdict::{Fault, catch_panic, ensure, examine, examine_blocking},
};
use futures::future::{LocalBoxFuture, join_all, lazy};
use tokio::{
    runtime::Handle,
    time::{Instant, sleep, timeout},
};

use super::*;

/// The code under study, behind a `dyn`: it is compiled anew at every save, and what calls it need not be.
mod boxed {
    use super::*;

    pub(super) fn fetch_one<'a>(
        upstream: &'a Upstream,
        path: &'a str,
    ) -> LocalBoxFuture<'a, String> {
        Box::pin(super::super::fetch_one(upstream, path))
    }

    pub(super) fn in_order<'a>(
        upstream: &'a Upstream,
        paths: &'a [&'a str],
    ) -> LocalBoxFuture<'a, Vec<String>> {
        Box::pin(super::super::in_order(upstream, paths))
    }

    pub(super) fn prepare<'a>(upstream: &'a Upstream, path: &'a str) -> LocalBoxFuture<'a, String> {
        Box::pin(super::super::prepare(upstream, path))
    }
}

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Longer than any call here takes, so that whatever was left running has ended after it.
const LATER: Duration = Duration::from_secs(2 * 60 * 60);

fn listed(texts: &[&str]) -> String {
    match texts {
        [] => "nothing".into(),
        texts if texts.len() > 6 => format!("{} of them", texts.len()),
        texts => texts.join(", "),
    }
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// The body of a page, which it has in no other scenario. One page has none, and one has all that an answer might
/// tidy up.
fn body_of(path: &str, number: usize) -> String {
    match path {
        "blank" => String::new(),
        "poem" => format!("  Roses are red,\n\tviolets ÄRE {number}  "),
        path => format!("{path}, as scenario {number} has it"),
    }
}

/// A service whose pages have these paths, latencies in milliseconds, and bodies of their own.
///
/// Code that blocks a thread finds its clock paused, too: it loses no real time.
fn service(number: usize, pages: &[(&str, u64)]) -> Upstream {
    let builder = Upstream::builder().clock(Clock::Virtual);
    pages
        .iter()
        .fold(builder, |builder, &(path, latency)| {
            let body = body_of(path, number);
            builder.route(Route::new(path).latency(ms(latency)).body(body))
        })
        .build()
}

/// The calls that were really made: a future that nobody polled is none.
fn made(upstream: &Upstream) -> Vec<Call> {
    let calls = upstream.calls().into_iter();
    calls.filter(|call| call.started.is_some()).collect()
}

/// What the code under study did.
struct Run<T> {
    output: T,
    began: Instant,
    took: Duration,
    /// The futures that were made for calls until it returned, polled or not.
    futures: usize,
    /// The calls as they stood when it returned.
    calls: Vec<Call>,
    /// How many there were when everything that it had left running was over.
    calls_later: usize,
    /// How many tasks were not over even then.
    tasks_left: usize,
}

/// Awaits the code under study, and then whatever it left running.
async fn run<T>(upstream: &Upstream, code: impl Future<Output = T>) -> Result<Run<T>, Fault> {
    let began = Instant::now();
    let output = unless_it_blocks(code).await?;
    let (took, futures, calls) = (began.elapsed(), upstream.calls().len(), made(upstream));
    sleep(LATER).await;
    Ok(Run {
        output,
        began,
        took,
        futures,
        calls,
        calls_later: made(upstream).len(),
        tasks_left: tasks(),
    })
}

/// How many tasks of this runtime have not ended. The hidden tests spawn none.
fn tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

/// Awaits the code under study. A runtime panics where its thread is to be blocked, which has a name here;
/// every other panic goes on.
async fn unless_it_blocks<T>(code: impl Future<Output = T>) -> Result<T, Fault> {
    // What waits for ever is dropped in here, where a second runtime that it holds panics as well.
    let code = async {
        match timeout(5 * LATER, code).await {
            Ok(output) => output,
            Err(_elapsed) => pending().await,
        }
    };
    catch_panic(code).await.map_err(|message| {
        let by_the_runtime = [
            "from within a runtime",
            "Cannot drop a runtime",
            "can call blocking only",
        ];
        if !by_the_runtime.iter().any(|words| message.contains(words)) {
            std::panic::resume_unwind(Box::new(message));
        }
        Fault::new("blocking_call_in_async")
            .happened("the function wanted to block the thread on which the runtime runs it, and the runtime panicked")
            .expected("the function gives the thread back while it waits")
            .next("use neither `fetch_blocking` nor `block_on`, nor a runtime of your own: make the future with `upstream.fetch(path)`, and `.await` it")
    })
}

/// Each of the calls was made, was made once, and had come to its end when the function returned.
fn called<T>(run: &Run<T>, paths: &[&str]) -> Result<(), Fault> {
    let expected = paths.len();
    let calls = &run.calls;
    ensure(
        run.calls_later <= calls.len() || calls.len() >= expected,
        || {
            let began_later = run.calls_later - calls.len();
            returned_before(format!(
                "the function returned after {}, and {} began only then",
                Readable(run.took),
                counted(began_later, "call")
            ))
        },
    )?;
    ensure(!calls.is_empty() || expected == 0, || {
        never_awaited(run.futures, expected)
    })?;
    let missing = calls.len() < expected;
    let mut seen = HashSet::new();
    let each_once = paths.iter().filter(|&path| seen.insert(path));
    let only_new = missing && calls.iter().map(|call| &call.path).eq(each_once);
    ensure(!only_new, || {
        Fault::new("duplicates_lost")
            .happened(format!(
                "for {} there came {}",
                listed(paths),
                counted(calls.len(), "call")
            ))
            .expected("each path is fetched, also where two of them are the same")
            .next("ask for each path as it comes, whether or not you have seen it before")
    })?;
    ensure(!missing, || {
        bodies_missing(format!(
            "the upstream got {} for {}",
            counted(calls.len(), "call"),
            counted(expected, "path")
        ))
    })?;
    for call in calls {
        match call.outcome {
            Some(Outcome::Answered | Outcome::Failed) => {}
            Some(Outcome::Dropped) => {
                return Err(Fault::new("calls_abandoned")
                    .happened(format!(
                        "the call for {} was dropped before it had its answer",
                        call.path
                    ))
                    .expected("every call that was begun is awaited to its end, however long it takes")
                    .next("look for a timeout, a `select!`, or a future that is polled once and then dropped"));
            }
            None => {
                return Err(returned_before(format!(
                    "the function returned after {}, while the call for {} was under way",
                    Readable(run.took),
                    call.path
                )));
            }
        }
    }
    let strange = calls.iter().find(|call| !paths.contains(&&*call.path));
    ensure(strange.is_none(), || {
        let asked = strange.map_or("", |call| &call.path);
        Fault::new("wrong_body")
            .happened(format!(
                "the upstream was asked for `{asked}`, and that is not what the function was given"
            ))
            .expected(format!("it is asked for {}", listed(paths)))
            .next("hand the path to `fetch` as it came")
    })?;
    ensure(run.calls_later <= expected, || {
        Fault::new("calls_too_many")
            .happened(format!(
                "the upstream got {} where {expected} {} enough",
                counted(run.calls_later, "call"),
                if expected == 1 { "is" } else { "are" }
            ))
            .expected("there is one call for each page")
            .next("keep the page that a call brought, and do not ask again after a failure")
    })?;
    ensure(run.tasks_left == 0, || {
        Fault::new("left_running")
            .happened(format!(
                "the function had returned, and two hours later {} of its own went on",
                counted(run.tasks_left, "task")
            ))
            .expected("when the function returns, nothing that it started goes on")
            .next("leave out the `spawn`, or end the task and await its handle before you return")
    })
}

/// Nothing was ever polled: neither the futures that were made, nor a block in which one would have been.
fn never_awaited(futures: usize, expected: usize) -> Fault {
    let (how, next) = match futures {
        0 => (
            "nothing that runs makes a future for one".to_owned(),
            "make the future with `upstream.fetch(path)`, and put `.await` behind it; where it stands in an `async` block, put `.await` behind the block, too",
        ),
        1 => (
            "a future was made and dropped, and nobody ever polled it".to_owned(),
            "put `.await` behind the future: `upstream.fetch(path).await`",
        ),
        futures => (
            format!("{futures} futures were made and dropped, and nobody ever polled them"),
            "put `.await` behind each of the futures: `upstream.fetch(path).await`",
        ),
    };
    Fault::new("future_never_awaited")
        .happened(format!("the upstream got no call: {how}"))
        .expected(format!("the upstream gets {}", counted(expected, "call")))
        .next(next)
}

fn returned_before(happened: String) -> Fault {
    Fault::new("returned_before_the_answer")
        .happened(happened)
        .expected("the function returns when it has its answer")
        .next("a spawned task goes on by itself, and its output comes only to whoever awaits its handle: await it, or better the call itself")
}

fn bodies_missing(happened: String) -> Fault {
    Fault::new("bodies_missing")
        .happened(happened)
        .expected("there is one body for each path")
        .next("go through all of the paths, and keep the body of each page")
}

fn length(call: &Call) -> Duration {
    let ended = call.ended.or(call.started);
    ended
        .zip(call.started)
        .map_or(Duration::ZERO, |(ended, started)| {
            ended.duration_since(started)
        })
}

/// The waiting was done by the runtime's clock. On it, no function takes less time than a call it awaits.
fn waited_on_the_runtime<T>(run: &Run<T>) -> Result<(), Fault> {
    let longest = run.calls.iter().map(length).max().unwrap_or_default();
    ensure(run.took >= longest, || {
        Fault::new("thread_that_waits")
            .happened(format!(
                "a call took {}, but the runtime's clock saw {}: another thread was blocked for it",
                Readable(longest),
                Readable(run.took)
            ))
            .expected("the runtime that awaits the function does all of the waiting, and no thread is blocked")
            .next("leave out `spawn_blocking` and threads: `upstream.fetch(path).await` needs none")
    })
}

/// Each call was polled as soon as its page was there: it took no longer than the service did.
fn taken_at_once<T>(run: &Run<T>, upstream: &Upstream) -> Result<(), Fault> {
    let (took, latency) = (run.calls.iter().map(length).sum(), upstream.total_latency());
    ensure(took <= latency, || {
        needless_wait(format!(
            "all in all the service needed {} to answer, and the calls took {}: a page was there, and nobody polled",
            Readable(latency),
            Readable(took)
        ))
    })
}

/// One call after the other, the first as soon as the function began, and nothing else took time.
fn no_time_was_lost<T>(run: &Run<T>, upstream: &Upstream) -> Result<(), Fault> {
    taken_at_once(run, upstream)?;
    let mut free = run.began;
    for call in &run.calls {
        asked_for_at_once(call, free)?;
        free = call.ended.unwrap_or(free);
    }
    let after = (run.began + run.took).duration_since(free);
    ensure(after.is_zero(), || {
        needless_wait(format!(
            "the last page was there, and the function returned {} later",
            Readable(after)
        ))
    })
}

/// The call began when it could, which was at `free`.
fn asked_for_at_once(call: &Call, free: Instant) -> Result<(), Fault> {
    let started = call.started.unwrap_or(free);
    let late = started.duration_since(free);
    // Made before, and polled later: it was expected to run by itself.
    ensure(late.is_zero() || call.created == started, || {
        Fault::new("creating_starts_nothing")
            .happened(format!(
                "the future for {} was made, and polled only {} later: the dots are a future that nobody polls",
                call.path,
                Readable(started.duration_since(call.created))
            ))
            .expected("each call is awaited as soon as it may begin: before that, it has not begun")
            .next("leave out whatever is awaited between making the future and awaiting it")
    })?;
    ensure(late.is_zero(), || {
        needless_wait(format!(
            "{} was asked for {} late",
            call.path,
            Readable(late)
        ))
    })
}

fn needless_wait(happened: String) -> Fault {
    Fault::new("needless_wait")
        .happened(happened)
        .expected("each page is asked for at once, and the function goes on as soon as it is there")
        .next("look for a sleep, or another wait that the page does not need: `.await` waits as long as it takes, and no longer")
}

fn same_body(path: &str, found: &str, expected: &str) -> Result<(), Fault> {
    ensure(found == expected, || {
        Fault::new("wrong_body")
            .happened(format!("for {path} there came `{found}`"))
            .expected(format!("the body of its page, as it is: `{expected}`"))
            .next("return the field `body` of the page, and change nothing about it")
    })
}

/// One call, awaited at once, whose body is what came.
fn one_call(
    run: &Run<String>,
    upstream: &Upstream,
    path: &str,
    number: usize,
) -> Result<(), Fault> {
    none_was_kept(run, number)?;
    called(run, &[path])?;
    waited_on_the_runtime(run)?;
    no_time_was_lost(run, upstream)?;
    same_body(path, &run.output, &body_of(path, number))
}

/// Whoever asked for the pages of the scenario before this one, and asks for none here, has kept something.
fn none_was_kept<T>(run: &Run<T>, number: usize) -> Result<(), Fault> {
    ensure(number == 0 || run.futures > 0, || {
        Fault::new("duplicates_lost")
            .happened("the upstream got no call, though it got one when the function was called before: what came now was kept from then, or made up")
            .expected("each time that a page is wanted, it is fetched")
            .next("keep nothing from one call of the function to the next")
    })
}

/// A service whose pages fail once each, and would be there at the next call.
fn failing_once() -> Upstream {
    let builder = Upstream::builder().clock(Clock::Virtual);
    ["users", "posts"]
        .into_iter()
        .fold(builder, |builder, path| {
            let broken = Route::new(path).latency(ms(200)).fails(503);
            builder.route(Route::new(path).latency(ms(100)).first(1, broken))
        })
        .build()
}

/// Whoever hides a failure, or asks again after it, is found out.
async fn shows_a_failure<T>(
    upstream: &Upstream,
    paths: &[&str],
    code: impl Future<Output = T>,
) -> Result<(), Fault> {
    match catch_panic(run(upstream, code)).await {
        Err(_the_failure) => Ok(()),
        Ok(run) => {
            let run = run?;
            // Whoever stops at the failure has asked for no more.
            let asked = run.calls.len().clamp(1, paths.len());
            called(&run, &paths[..asked])?;
            Err(Fault::new("failure_swallowed")
                .happened("the service answered with 503, and the function returned as if there were a page")
                .expected("the function panics, as `fetch` does: there is no body that it could return")
                .next("call `fetch`, or `unwrap` what `get` returns"))
        }
    }
}

/// Few enough that an answer may print some lines at each of these calls, and so many that whoever keeps a thread for
/// 10 ms at each comes to the grader's time limit.
const MANY: usize = 1200;

/// Awaits `calls`, of which there are [`MANY`] or more, in the time that the grader gives a hidden test.
///
/// On the paused clock a thread that is kept for a while loses no time, and so no other test here notices. What is lost
/// at each of many calls adds up; without that, they take some milliseconds.
fn no_thread_is_kept(calls: impl Future<Output = Result<(), Fault>>) {
    examine_blocking(|if_stopped| {
        if_stopped.it_means(|| {
            Fault::new("blocking_call_in_async")
                .happened(format!(
                    "{MANY} calls take next to nothing on the paused clock, and yet the time was over before they had ended: something in each keeps a thread"
                ))
                .expected("the function gives the thread back while it waits")
                .next("leave out `std::thread::sleep`, and whatever else waits without `.await`")
        });
        let runtime = Clock::Virtual
            .runtime()
            .expect("a runtime needs nothing but file descriptors");
        // For what waits for ever, the other tests have the words.
        runtime.block_on(async { timeout(10 * LATER, calls).await.unwrap_or(Ok(())) })
    });
}

/// Makes [`MANY`] calls, one after the other.
async fn in_turn(code: impl AsyncFn(&Upstream)) -> Result<(), Fault> {
    let upstream = service(0, &[("blank", 0)]);
    for _ in 0..MANY {
        unless_it_blocks(code(&upstream)).await?;
    }
    Ok(())
}

/// Paths, as many as are asked for, of four pages with these latencies, and their service.
fn four_pages(number: usize, latencies: [u64; 4], count: usize) -> (Upstream, Vec<&'static str>) {
    let names = ["users", "posts", "comments", "albums"];
    let pages: Vec<_> = std::iter::zip(names, latencies).collect();
    let paths = names.into_iter().cycle().take(count).collect();
    (service(number, &pages), paths)
}

/// Joins the calls for these paths, and holds them to what the tasks say of calls that are joined.
async fn all_wait_together(
    upstream: &Upstream,
    paths: &[&str],
    calls: impl IntoIterator<Item: Future<Output = String>>,
    number: usize,
) -> Result<(), Fault> {
    let run = run(upstream, join_all(calls)).await?;
    none_was_kept(&run, number)?;
    waited_together(&run, upstream, paths)?;
    for (path, body) in std::iter::zip(paths, &run.output) {
        same_body(path, body, &body_of(path, number))?;
    }
    Ok(())
}

/// Futures that were awaited together: their calls waited at the same time.
fn waited_together<T>(run: &Run<T>, upstream: &Upstream, paths: &[&str]) -> Result<(), Fault> {
    called(run, paths)?;
    waited_on_the_runtime(run)?;
    let slower = run.calls.iter().map(length).max().unwrap_or_default();
    ensure(upstream.high_water() == paths.len(), || {
        Fault::new("holds_up_others")
            .happened(format!(
                "{} were joined, and no more than {} waited at a time; it took {}",
                counted(paths.len(), "call"),
                upstream.high_water(),
                Readable(run.took)
            ))
            .expected(format!(
                "all wait at the same time, and it takes {}, as long as the slowest",
                Readable(slower)
            ))
            .next("hold nothing, such as a lock or a permit, while you await")
    })?;
    taken_at_once(run, upstream)?;
    for call in &run.calls {
        asked_for_at_once(call, run.began)?;
    }
    ensure(run.took == slower, || {
        needless_wait(format!(
            "all pages were there after {}, and yet it took {}",
            Readable(slower),
            Readable(run.took)
        ))
    })
}

mod fetch_one {
    use super::*;

    async fn fetch(upstream: &Upstream, path: &str) -> Result<Run<String>, Fault> {
        run(upstream, async { boxed::fetch_one(upstream, path).await }).await
    }

    /// The last call takes longer than any customary timeout.
    #[test]
    fn the_page_is_asked_for_and_awaited() {
        examine(async |recorder: &Recorder| {
            let pages = [
                ("users", 1000),
                ("posts", 250),
                ("comments", 2000),
                ("archive", 5_400_000),
            ];
            for (number, (path, latency)) in pages.into_iter().enumerate() {
                let upstream = service(number, &[(path, latency)]);
                recorder.restart();
                let run = fetch(&upstream, path).await?;
                one_call(&run, &upstream, path, number)?;
            }
            Ok(())
        });
    }

    #[test]
    fn the_body_comes_as_it_is() {
        examine(async |recorder: &Recorder| {
            for (number, path) in ["poem", "blank", "poem"].into_iter().enumerate() {
                let upstream = service(number, &[(path, 100)]);
                recorder.restart();
                one_call(&fetch(&upstream, path).await?, &upstream, path, number)?;
            }
            Ok(())
        });
    }

    #[test]
    fn a_page_wanted_again_is_fetched_again() {
        examine(async |_: &Recorder| {
            let upstream = service(0, &[("users", 100)]);
            let calls = async {
                boxed::fetch_one(&upstream, "users").await;
                boxed::fetch_one(&upstream, "users").await
            };
            called(&run(&upstream, calls).await?, &["users", "users"])
        });
    }

    async fn together(number: usize, latencies: [u64; 4], count: usize) -> Result<(), Fault> {
        let (upstream, paths) = four_pages(number, latencies, count);
        let calls = paths.iter().map(|path| boxed::fetch_one(&upstream, path));
        all_wait_together(&upstream, &paths, calls, number).await
    }

    #[test]
    fn two_calls_wait_together() {
        examine(async |recorder: &Recorder| {
            let latencies = [[1000, 300, 0, 0], [300, 1000, 0, 0], [500, 500, 0, 0]];
            for (number, latencies) in latencies.into_iter().enumerate() {
                recorder.restart();
                together(number, latencies, 2).await?;
            }
            Ok(())
        });
    }

    #[test]
    fn a_failure_shows() {
        examine(async |_: &Recorder| {
            let upstream = failing_once();
            let call = async { boxed::fetch_one(&upstream, "users").await };
            shows_a_failure(&upstream, &["users"], call).await
        });
    }

    #[test]
    fn many_calls_keep_no_thread() {
        no_thread_is_kept(async {
            together(0, [500, 700, 400, 600], 300).await?;
            in_turn(async |upstream| drop(boxed::fetch_one(upstream, "blank").await)).await
        });
    }
}

mod in_order {
    use super::*;

    /// Fetches all pages of a service, and holds the answer to the whole contract.
    async fn fetch(
        recorder: &Recorder,
        upstream: &Upstream,
        number: usize,
        paths: &[&str],
    ) -> Result<(), Fault> {
        recorder.restart();
        let run = run(upstream, async { boxed::in_order(upstream, paths).await }).await?;
        none_was_kept(&run, number)?;
        called(&run, paths)?;
        waited_on_the_runtime(&run)?;
        one_at_a_time(&run, upstream)?;
        asked_in_order(&run, paths)?;
        no_time_was_lost(&run, upstream)?;
        bodies_in_order(&run.output, paths, number)
    }

    fn one_at_a_time<T>(run: &Run<T>, upstream: &Upstream) -> Result<(), Fault> {
        let sum = run.calls.iter().map(length).sum();
        let at_once = upstream.high_water();
        ensure(at_once <= 1, || {
            Fault::new("calls_overlap")
                .happened(format!(
                    "{at_once} of {} were in flight at the same time; it took {}",
                    counted(run.calls.len(), "call"),
                    Readable(run.took)
                ))
                .expected(format!(
                    "one call at a time, and it takes {}, the sum of their latencies",
                    Readable(sum)
                ))
                .next("await each page before you ask for the next: a `for` loop with an `.await` in it does so")
        })
    }

    fn asked_in_order<T>(run: &Run<T>, paths: &[&str]) -> Result<(), Fault> {
        let asked: Vec<_> = run.calls.iter().map(|call| call.path.as_str()).collect();
        ensure(asked == paths, || {
            let place = std::iter::zip(&asked, paths).position(|(asked, path)| asked != path);
            let place = place.unwrap_or_default();
            let (mut sorted, mut expected) = (asked.clone(), paths.to_vec());
            sorted.sort_unstable();
            expected.sort_unstable();
            if sorted == expected {
                wrong_order(format!(
                    "{} was asked for when it was the turn of {}",
                    asked[place], paths[place]
                ))
            } else {
                bodies_missing(format!(
                    "{} was asked for when it was the turn of {}, and some path never was",
                    asked[place], paths[place]
                ))
            }
        })
    }

    fn wrong_order(happened: String) -> Fault {
        Fault::new("wrong_order")
            .happened(happened)
            .expected("the pages are asked for, and their bodies come, in the order of the paths")
            .next("go through the paths from the first to the last, and push each body at the end")
    }

    fn bodies_counted(count: usize) -> String {
        match count {
            1 => "1 body".to_owned(),
            count => format!("{count} bodies"),
        }
    }

    fn bodies_in_order(bodies: &[String], paths: &[&str], number: usize) -> Result<(), Fault> {
        ensure(bodies.len() == paths.len(), || {
            bodies_missing(format!(
                "for {} there came {}",
                counted(paths.len(), "path"),
                bodies_counted(bodies.len())
            ))
        })?;
        for (path, body) in std::iter::zip(paths, bodies) {
            let other = paths
                .iter()
                .find(|&other| other != path && *body == body_of(other, number));
            if let Some(other) = other {
                return Err(wrong_order(format!(
                    "in the place of {path} stands the body of {other}"
                )));
            }
            same_body(path, body, &body_of(path, number))?;
        }
        Ok(())
    }

    #[test]
    fn one_call_after_the_other() {
        examine(async |recorder: &Recorder| {
            let services = [
                [("users", 1000), ("posts", 1000), ("comments", 1000)],
                [("users", 500), ("posts", 300), ("comments", 200)],
                [("users", 0), ("posts", 2000), ("comments", 1)],
            ];
            for (number, pages) in services.iter().enumerate() {
                let paths = pages.map(|(path, _)| path);
                fetch(recorder, &service(number, pages), number, &paths).await?;
            }
            Ok(())
        });
    }

    /// Neither the names nor the latencies say what the order is.
    #[test]
    fn bodies_come_in_the_order_of_the_paths() {
        examine(async |recorder: &Recorder| {
            let pages = [("posts", 300), ("users", 100), ("blank", 50), ("poem", 200)];
            let orders = [
                ["posts", "users", "blank", "poem"],
                ["poem", "posts", "users", "blank"],
                ["blank", "users", "poem", "posts"],
            ];
            for (number, paths) in orders.iter().enumerate() {
                fetch(recorder, &service(number, &pages), number, paths).await?;
            }
            Ok(())
        });
    }

    /// Enough for any batch, and one call that takes longer than any customary timeout.
    #[test]
    fn every_path_is_fetched() {
        examine(async |recorder: &Recorder| {
            let names: Vec<_> = (0..120).map(|page| format!("pages/{page}")).collect();
            let pages: Vec<_> = std::iter::zip(&names, 0..)
                .map(|(name, page)| {
                    let latency = if page == 7 { 5_400_000 } else { 10 + page % 3 };
                    (name.as_str(), latency)
                })
                .collect();
            for (number, count) in [120, 2, 1].into_iter().enumerate() {
                let pages = &pages[..count];
                let paths: Vec<_> = pages.iter().map(|&(path, _)| path).collect();
                fetch(recorder, &service(number, pages), number, &paths).await?;
            }
            Ok(())
        });
    }

    #[test]
    fn a_path_given_twice_is_fetched_twice() {
        examine(async |recorder: &Recorder| {
            let pages = [("users", 100), ("posts", 200)];
            for (number, paths) in [["users", "posts", "users"], ["posts", "posts", "users"]]
                .iter()
                .enumerate()
            {
                fetch(recorder, &service(number, &pages), number, paths).await?;
            }
            Ok(())
        });
    }

    #[test]
    fn a_page_wanted_again_is_fetched_again() {
        examine(async |_: &Recorder| {
            let upstream = service(0, &[("users", 100), ("posts", 200)]);
            let calls = async {
                boxed::in_order(&upstream, &["users", "posts"]).await;
                boxed::in_order(&upstream, &["users", "posts"]).await
            };
            called(
                &run(&upstream, calls).await?,
                &["users", "posts", "users", "posts"],
            )
        });
    }

    #[test]
    fn no_paths_give_no_bodies() {
        examine(async |recorder: &Recorder| {
            let upstream = service(1, &[("users", 100)]);
            recorder.restart();
            let run = run(&upstream, async { boxed::in_order(&upstream, &[]).await }).await?;
            ensure(run.output.is_empty() && run.calls_later == 0, || {
                Fault::new("bodies_from_nowhere")
                    .happened(format!(
                        "for no paths the upstream got {}, and {} came back",
                        counted(run.calls_later, "call"),
                        bodies_counted(run.output.len())
                    ))
                    .expected("no paths: no calls, and no bodies")
                    .next("let the paths alone decide what is fetched")
            })
        });
    }

    #[test]
    fn a_failure_shows() {
        examine(async |_: &Recorder| {
            let (upstream, paths) = (failing_once(), ["users", "posts"]);
            let calls = async { boxed::in_order(&upstream, &paths).await };
            shows_a_failure(&upstream, &paths, calls).await
        });
    }

    #[test]
    fn many_calls_keep_no_thread() {
        no_thread_is_kept(in_turn(async |upstream| {
            drop(boxed::in_order(upstream, &["blank"]).await);
        }));
    }
}

mod prepare {
    use super::*;

    /// Makes the future, which must not take part in anything yet.
    async fn make<'a>(
        upstream: &'a Upstream,
        path: &'a str,
    ) -> Result<LocalBoxFuture<'a, String>, Fault> {
        unless_it_blocks(lazy(|_| boxed::prepare(upstream, path))).await
    }

    fn starts_at_once(happened: String) -> Fault {
        Fault::new("spawn_starts_at_once")
            .happened(happened)
            .expected("nothing begins until the future is awaited")
            .next("leave out `spawn`, which hands a future to the runtime, and return the future itself")
    }

    fn nothing_began(upstream: &Upstream) -> Result<(), Fault> {
        let calls = made(upstream);
        let Some(call) = calls.first() else {
            return Ok(());
        };
        Err(if call.task.is_some() {
            starts_at_once(format!(
                "{} was asked for while nobody awaited the future: it ran on a task",
                call.path
            ))
        } else {
            Fault::new("polled_too_early")
                .happened(format!(
                    "{} was asked for while nobody awaited the future: `prepare` had it polled",
                    call.path
                ))
                .expected("nothing is asked for until the future is awaited")
                .next("do not poll, in whatever way: the first poll begins the call. Return the future as it was made")
        })
    }

    #[test]
    fn nothing_is_asked_for_before_the_await() {
        examine(async |recorder: &Recorder| {
            for (number, latency) in [1000, 250, 0].into_iter().enumerate() {
                let upstream = service(number, &[("users", latency)]);
                recorder.restart();
                let future = make(&upstream, "users").await?;
                let spawned = tasks();
                // Time in which a call that had begun would show, and would end.
                sleep(ms(2 * latency + 500)).await;
                nothing_began(&upstream)?;
                ensure(spawned == 0, || {
                    starts_at_once(
                        "`prepare` spawned a task, while nobody awaited the future".into(),
                    )
                })?;
                drop(future);
                sleep(LATER).await;
                nothing_began(&upstream)?;
            }
            Ok(())
        });
    }

    #[test]
    fn one_call_once_it_is_awaited() {
        examine(async |recorder: &Recorder| {
            let pages = [("users", 1000), ("poem", 250), ("archive", 5_400_000)];
            for (number, (path, latency)) in pages.into_iter().enumerate() {
                let upstream = service(number, &[(path, latency)]);
                recorder.restart();
                let future = make(&upstream, path).await?;
                sleep(ms(500)).await;
                nothing_began(&upstream)?;
                let run = run(&upstream, future).await?;
                one_call(&run, &upstream, path, number)?;
            }
            Ok(())
        });
    }

    #[test]
    fn each_future_asks_for_its_own_page() {
        examine(async |recorder: &Recorder| {
            for (number, posts) in [300, 1000].into_iter().enumerate() {
                let pages = [("users", 500), ("posts", posts), ("comments", 200)];
                let upstream = service(number, &pages);
                recorder.restart();
                let users = make(&upstream, "users").await?;
                let posts = make(&upstream, "posts").await?;
                let comments = make(&upstream, "comments").await?;
                sleep(ms(500)).await;
                nothing_began(&upstream)?;
                drop(comments);
                let run = run(&upstream, async { tokio::join!(posts, users) }).await?;
                waited_together(&run, &upstream, &["posts", "users"])?;
                same_body("posts", &run.output.0, &body_of("posts", number))?;
                same_body("users", &run.output.1, &body_of("users", number))?;
            }
            Ok(())
        });
    }

    #[test]
    fn a_page_wanted_again_is_fetched_again() {
        examine(async |_: &Recorder| {
            let upstream = service(0, &[("users", 100)]);
            let first = make(&upstream, "users").await?;
            let second = make(&upstream, "users").await?;
            nothing_began(&upstream)?;
            let calls = async {
                first.await;
                second.await
            };
            called(&run(&upstream, calls).await?, &["users", "users"])
        });
    }

    #[test]
    fn a_failure_shows() {
        examine(async |_: &Recorder| {
            let upstream = failing_once();
            let future = make(&upstream, "users").await?;
            nothing_began(&upstream)?;
            shows_a_failure(&upstream, &["users"], future).await
        });
    }

    #[test]
    fn many_calls_keep_no_thread() {
        no_thread_is_kept(async {
            let (upstream, paths) = four_pages(0, [500, 700, 400, 600], 300);
            let mut futures = Vec::new();
            for path in &paths {
                futures.push(make(&upstream, path).await?);
            }
            nothing_began(&upstream)?;
            all_wait_together(&upstream, &paths, futures, 0).await?;
            in_turn(async |upstream| drop(boxed::prepare(upstream, "blank").await)).await
        });
    }
}
