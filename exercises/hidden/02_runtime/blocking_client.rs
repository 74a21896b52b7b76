//! The hidden tests of `blocking_client`.

use std::{collections::HashSet, future::pending, panic, sync::Arc, thread, time::Instant};

use async_workbook::{
    harness::{Task, ms, task},
    services::upstream::{Page, Route, Upstream, UpstreamError},
    verdict::{Fault, ensure},
};

use crate::{
    Answer,
    drops::Dropped,
    faults::{another_runtime, given_up_early, nobody_polls, over_too_soon, runtime_leaked},
    panics::call,
    runtimes::{on_the_pool, runtime},
    site::{Broken, Site, Slow},
    stillness::examine,
};

pub(crate) const TASK: Task<Answer> = task!(
    blocking_client: get_gives_what_the_upstream_gives,
    a_slow_call_is_waited_for,
    one_runtime_drives_all_calls,
    threads_call_at_the_same_moment,
    its_runtime_ends_with_the_client,
)
.isolated();

fn get_gives_what_the_upstream_gives(answer: &'static Answer) {
    examine(move |stillness| {
        for number in [1, 2] {
            let text = |path: &str| format!(" {path} of scenario {number}\n");
            let page = |path: &str, latency| Route::new(path).latency(ms(latency)).body(text(path));
            let upstream = Upstream::builder()
                .route(page("users", 2))
                .route(page("posts", 0))
                .route(Route::new("orders").latency(ms(1)).fails(503))
                .build();
            let site = Site::new(answer, upstream, stillness)?;
            let paths = [
                "users", "posts", "orders", "/Users/", "users", " posts", "orders",
            ];
            for (made, path) in paths.into_iter().enumerate() {
                let start = Instant::now();
                let gave = site.get(path)?;
                let took = start.elapsed();
                let status = |status| {
                    Err(UpstreamError::Status {
                        path: path.to_owned(),
                        status,
                    })
                };
                let expected = match path {
                    "orders" => status(503),
                    "/Users/" | " posts" => status(404),
                    _ => Ok(Page {
                        path: path.to_owned(),
                        body: text(path),
                    }),
                };
                calls_made(&site, path, made + 1)?;
                ensure(gave == expected, || another_page(path, &gave, &expected))?;
                ensure(path != "users" || took >= ms(2), || {
                    over_too_soon(ms(2), took)
                })?;
            }
        }

        let upstream = Upstream::builder().build().reached_by(Arc::new(Broken));
        let site = Site::new(answer, upstream, stillness)?;
        let (gave, expected) = (site.get("users")?, Err(Broken::error("users")));
        calls_made(&site, "users", 1)?;
        ensure(gave == expected, || another_page("users", &gave, &expected))
    });
}

/// The upstream was called as often as `get` was, the last time for this path.
fn calls_made(site: &Site, path: &str, expected: usize) -> Result<(), Fault> {
    let calls = site.upstream.calls().len();
    ensure(calls <= expected, || {
        Fault::new("calls_too_many")
            .happened(format!(
                "by the end of `get` number {expected}, for {path}, the upstream had been called {calls} times"
            ))
            .expected("each `get` makes one call, whatever its result")
            .next("make one call in `get`, outside any loop, and return its result: the caller decides whether to try again")
    })?;
    ensure(calls >= expected, || {
        Fault::new("pages_cached")
            .happened(format!(
                "by the end of `get` number {expected}, for {path}, the upstream had been called {calls} times: `get` returned an earlier answer again"
            ))
            .expected("each `get` makes a call, whatever earlier ones returned: the upstream's answer may have changed")
            .next("remove the map that keeps answers")
    })
}

type Answered = Result<Page, UpstreamError>;

fn another_page(path: &str, gave: &Answered, expected: &Answered) -> Fault {
    Fault::new("another_page")
        .happened(format!(
            "`get` was asked for {path:?}, and returned {gave:?}"
        ))
        .expected(format!(
            "it returns what the upstream gives for this path: {expected:?}"
        ))
        .next("pass `path` to `upstream.get` unchanged, and return its `Result` unchanged")
}

fn a_slow_call_is_waited_for(answer: &'static Answer) {
    examine(move |stillness| {
        let slow = Arc::new(Slow::new(stillness));
        let remote = Arc::clone(&slow);
        let upstream = Upstream::builder().build().reached_by(remote);
        let site = Site::new(answer, upstream, stillness)?;
        let gave = site.get("users")?;
        ensure(slow.is_released(), || {
            given_up_early(&format!(
                "`get` returned {gave:?} while its call was still in flight"
            ))
        })?;
        let expected = Ok(Page {
            path: "users".to_owned(),
            body: "late".to_owned(),
        });
        ensure(gave == expected, || another_page("users", &gave, &expected))
    });
}

fn one_runtime_drives_all_calls(answer: &'static Answer) {
    examine(move |stillness| {
        let upstream = Upstream::builder()
            .page("users", ms(1))
            .page("posts", ms(0))
            .build();
        let site = Arc::new(Site::new(answer, upstream, stillness)?);
        for path in ["users", "posts", "users"] {
            site.get(path)?.ok();
        }
        thread::scope(|scope| scope.spawn(|| site.get("users")).join())
            .unwrap_or_else(|panic| panic::resume_unwind(panic))?
            .ok();
        // This thread is in the context of another runtime, but may block.
        let outer = runtime(1);
        let pooled = Arc::clone(&site);
        on_the_pool(&outer, move || pooled.get("posts"))?.ok();
        let runtimes = site.runtimes();
        ensure(
            runtimes
                .iter()
                .all(|&runtime| runtime != outer.handle().id()),
            || {
                another_runtime(
                    "a thread of another runtime's pool for blocking calls called `get`, and `get` used that runtime",
                )
            },
        )?;
        one_runtime(&site)
    });
}

/// The page of a service that answers every call, but none at once.
fn its_page(gave: Answered) -> Result<(), Fault> {
    ensure(gave.is_ok(), || {
        given_up_early(&format!(
            "`get` returned {gave:?}, which didn't come from the upstream"
        ))
    })?;
    let expected = Ok(Page {
        path: "users".to_owned(),
        body: "users page".to_owned(),
    });
    ensure(gave == expected, || another_page("users", &gave, &expected))
}

fn one_runtime(site: &Site) -> Result<(), Fault> {
    let runtimes = site.runtimes();
    let different: HashSet<_> = runtimes.iter().collect();
    ensure(different.len() == 1, || {
        Fault::new("runtime_per_call")
            .happened(format!(
                "{} calls of one client were made on {} runtimes",
                runtimes.len(),
                different.len()
            ))
            .expected("one runtime, built for the client, drives all of its calls")
            .next("build the runtime in `new`, and keep it in a field")
    })
}

fn threads_call_at_the_same_moment(answer: &'static Answer) {
    examine(move |stillness| {
        for threads in [2, 70] {
            // Nobody gets an answer until everybody has asked.
            let upstream = Upstream::builder()
                .page("users", ms(1))
                .gate(threads)
                .build();
            let site = Site::new(answer, upstream.clone(), stillness)?;
            stillness.means(move || {
                let together = upstream.high_water();
                if together == 0 || together == threads {
                    return nobody_polls("`get` waits for a call that nobody polls");
                }
                Fault::new("callers_in_turn")
                    .happened(format!(
                        "{threads} threads called `get`, but at most {together} of their calls were in flight together, while the others waited for their turn"
                    ))
                    .expected("every thread's call begins at once, whatever the other threads wait for")
                    .next("remove the lock or the permit around `block_on`: it takes `&self`, so many threads can be in it at once")
            });
            thread::scope(|scope| {
                let callers: Vec<_> = (0..threads)
                    .map(|_| scope.spawn(|| its_page(site.get("users")?)))
                    .collect();
                callers.into_iter().try_for_each(|caller| {
                    caller
                        .join()
                        .unwrap_or_else(|panic| panic::resume_unwind(panic))
                })
            })?;
            one_runtime(&site)?;
        }
        Ok(())
    });
}

fn its_runtime_ends_with_the_client(answer: &'static Answer) {
    examine(move |stillness| {
        let upstream = Upstream::builder().page("users", ms(1)).build();
        // Another client, which lives all the time, and doesn't concern the others.
        let other = Site::new(answer, upstream.clone(), stillness)?;
        for calls in [1, 3] {
            other.get("users")?.ok();
            let site = Site::new(answer, upstream.clone(), stillness)?;
            for _ in 0..calls {
                site.get("users")?.ok();
            }
            // A task that waits for as long as the runtime lets it.
            let dropped = Dropped::default();
            if let Some(runtime) = site.upstream.last_runtime() {
                let guard = dropped.guard(stillness);
                runtime.spawn(async move {
                    let _guard = guard;
                    pending::<()>().await;
                });
            }
            call(|| drop(site))?;
            ensure(dropped.get(), || {
                runtime_leaked("the client was dropped, but a task on its runtime was still alive")
            })?;
        }
        Ok(())
    });
}
