//! The hidden tests of chapter 01. They run on the paused clock, so that every time in them is exact.
//!
//! A test goes through several scenarios, each with a service of its own: other latencies, other texts.
//! An answer that is right by luck in one of them is not in the next.

use std::{collections::HashSet, time::Duration};

use async_workbook::{
    clock::{Clock, Readable},
    timeline::Recorder,
    upstream::{Call, Outcome, Route},
    verdict::{Fault, catch_panic, ensure, examine},
};
use futures::future::lazy;
use tokio::time::{Instant, sleep};

use super::*;

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

/// The body of a page, which it has in no other scenario. One page has none.
fn body_of(path: &str, number: usize) -> String {
    match path {
        "blank" => String::new(),
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
    })
}

/// Awaits the code under study. A runtime panics where its thread is to be blocked, which has a name here;
/// every other panic goes on.
async fn unless_it_blocks<T>(code: impl Future<Output = T>) -> Result<T, Fault> {
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
            .next("use neither `fetch_blocking` nor `block_on`: make the future with `upstream.fetch(path)`, and `.await` it")
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
            .next("keep the page that a call brought, rather than calling again")
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

/// One call after the other, the first as soon as the function began, and nothing else took time.
fn no_time_was_lost<T>(run: &Run<T>) -> Result<(), Fault> {
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
fn one_call(run: &Run<String>, path: &str, body: &str) -> Result<(), Fault> {
    called(run, &[path])?;
    waited_on_the_runtime(run)?;
    no_time_was_lost(run)?;
    same_body(path, &run.output, body)
}

/// Two futures that were awaited together: their calls waited at the same time.
fn waited_together<T>(run: &Run<T>, upstream: &Upstream, paths: &[&str]) -> Result<(), Fault> {
    called(run, paths)?;
    waited_on_the_runtime(run)?;
    let slower = run.calls.iter().map(length).max().unwrap_or_default();
    ensure(upstream.high_water() == 2, || {
        Fault::new("holds_up_others")
            .happened(format!(
                "of two calls that were joined, the second began only after the first had ended; it took {}",
                Readable(run.took)
            ))
            .expected(format!(
                "both wait at the same time, and it takes {}, as long as the slower",
                Readable(slower)
            ))
            .next("hold nothing, such as a lock or a permit, while you await")
    })?;
    for call in &run.calls {
        asked_for_at_once(call, run.began)?;
    }
    ensure(run.took == slower, || {
        needless_wait(format!(
            "both pages were there after {}, and yet it took {}",
            Readable(slower),
            Readable(run.took)
        ))
    })
}

mod fetch_one {
    use super::*;

    async fn fetch(upstream: &Upstream, path: &str) -> Result<Run<String>, Fault> {
        run(upstream, async {
            super::super::fetch_one(upstream, path).await
        })
        .await
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
                one_call(&run, path, &body_of(path, number))?;
            }
            Ok(())
        });
    }

    #[test]
    fn the_body_comes_as_it_is() {
        examine(async |recorder: &Recorder| {
            for body in ["", "  two\nlines  ", "Ünïcödé FERRIS", "users"] {
                let route = Route::new("users").latency(ms(100)).body(body);
                let builder = Upstream::builder().clock(Clock::Virtual);
                let upstream = builder.route(route).build();
                recorder.restart();
                one_call(&fetch(&upstream, "users").await?, "users", body)?;
            }
            Ok(())
        });
    }

    #[test]
    fn two_calls_wait_together() {
        examine(async |recorder: &Recorder| {
            for (users, posts) in [(1000, 300), (300, 1000), (500, 500)] {
                let upstream = service(1, &[("users", users), ("posts", posts)]);
                recorder.restart();
                let both = async {
                    tokio::join!(
                        super::super::fetch_one(&upstream, "users"),
                        super::super::fetch_one(&upstream, "posts"),
                    )
                };
                let run = run(&upstream, both).await?;
                waited_together(&run, &upstream, &["users", "posts"])?;
                same_body("users", &run.output.0, &body_of("users", 1))?;
                same_body("posts", &run.output.1, &body_of("posts", 1))?;
            }
            Ok(())
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
        let run = run(upstream, async {
            super::super::in_order(upstream, paths).await
        })
        .await?;
        called(&run, paths)?;
        waited_on_the_runtime(&run)?;
        one_at_a_time(&run, upstream)?;
        asked_in_order(&run, paths)?;
        no_time_was_lost(&run)?;
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
                    "{} was asked for where it was {}'s turn",
                    asked[place], paths[place]
                ))
            } else {
                bodies_missing(format!(
                    "{} was asked for where it was {}'s turn, and some path never was",
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
            let pages = [
                ("posts", 300),
                ("users", 100),
                ("blank", 50),
                ("comments", 200),
            ];
            let orders = [
                ["posts", "users", "blank", "comments"],
                ["comments", "posts", "users", "blank"],
                ["blank", "users", "comments", "posts"],
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
    fn no_paths_give_no_bodies() {
        examine(async |recorder: &Recorder| {
            let upstream = service(1, &[("users", 100)]);
            recorder.restart();
            let run = run(&upstream, async {
                super::super::in_order(&upstream, &[]).await
            })
            .await?;
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
}

mod prepare {
    use super::*;

    /// Makes the future, which must not take part in anything yet.
    async fn make<'a>(
        upstream: &'a Upstream,
        path: &'a str,
    ) -> Result<impl Future<Output = String> + use<'a>, Fault> {
        unless_it_blocks(lazy(|_| super::super::prepare(upstream, path))).await
    }

    fn nothing_began(upstream: &Upstream) -> Result<(), Fault> {
        let calls = made(upstream);
        let Some(call) = calls.first() else {
            return Ok(());
        };
        let expected = "nothing is asked for until the future is awaited";
        Err(if call.task.is_some() {
            Fault::new("spawn_starts_at_once")
                .happened(format!(
                    "{} was asked for while nobody awaited the future: it ran on a task",
                    call.path
                ))
                .expected(expected)
                .next("leave out `spawn`, which hands a future to the runtime, and return the future itself")
        } else {
            Fault::new("polled_too_early")
                .happened(format!(
                    "{} was asked for while nobody awaited the future: `prepare` had it polled",
                    call.path
                ))
                .expected(expected)
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
                // Time in which a call that had begun would show, and would end.
                sleep(ms(2 * latency + 500)).await;
                nothing_began(&upstream)?;
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
            let pages = [("users", 1000), ("posts", 250), ("archive", 5_400_000)];
            for (number, (path, latency)) in pages.into_iter().enumerate() {
                let upstream = service(number, &[(path, latency)]);
                recorder.restart();
                let future = make(&upstream, path).await?;
                sleep(ms(500)).await;
                nothing_began(&upstream)?;
                let run = run(&upstream, future).await?;
                one_call(&run, path, &body_of(path, number))?;
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
}
