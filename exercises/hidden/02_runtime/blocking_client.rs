//! The hidden tests of `blocking_client`.

use std::{
    collections::HashSet,
    future::pending,
    panic,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Instant,
};

use async_workbook::{
    harness::{Task, ms, task},
    services::upstream::{Page, Route, Upstream, UpstreamError},
    verdict::{Fault, ensure, examine_blocking},
};

use crate::{
    Answer,
    drops::Dropped,
    faults::{another_runtime, clock_paused, nobody_polls, runtime_leaked},
    panics::call,
    runtimes::{on_the_pool, runtime},
    site::{Site, Slow},
};

pub(crate) const TASK: Task<Answer> = task!(
    blocking_client: get_gives_what_the_upstream_gives,
    one_runtime_drives_all_calls,
    threads_call_at_the_same_moment,
    its_runtime_ends_with_the_client,
)
.isolated();

fn get_gives_what_the_upstream_gives(answer: &Answer) {
    examine_blocking(|diagnosis| {
        for number in [1, 2] {
            let text = |path: &str| format!("{path} of scenario {number}");
            let page = |path: &str, latency| Route::new(path).latency(ms(latency)).body(text(path));
            let upstream = Upstream::builder()
                .route(page("users", 2))
                .route(page("posts", 0))
                .route(Route::new("orders").latency(ms(1)).fails(503))
                .build();
            let site = Site::new(answer, upstream, diagnosis)?;
            let paths = ["users", "posts", "orders", "/Users/", "users"];
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
                    "/Users/" => status(404),
                    _ => Ok(Page {
                        path: path.to_owned(),
                        body: text(path),
                    }),
                };
                let calls = site.upstream.hits();
                ensure(calls == made + 1 && gave == expected, || {
                    Fault::new("answers_made_up")
                        .happened(format!(
                            "`get` number {} asked for {path} and gave {gave:?}; the upstream had {calls} calls by then",
                            made + 1
                        ))
                        .expected(format!("each `get` makes one call, and gives what it gives: {expected:?}"))
                        .next("make one call in each `get`, keep no answers, try nothing twice, and return the result as it is")
                })?;
                ensure(path != "users" || took >= ms(2), || {
                    clock_paused(ms(2), took)
                })?;
            }
        }

        let slow = Upstream::builder().build().reached_by(Arc::new(Slow));
        let gave = Site::new(answer, slow, diagnosis)?.get("users")?;
        assert_eq!(gave.map(|page| page.body), Ok("late".into()));
        Ok(())
    });
}

fn one_runtime_drives_all_calls(answer: &Answer) {
    examine_blocking(|diagnosis| {
        let upstream = Upstream::builder()
            .page("users", ms(1))
            .page("posts", ms(0))
            .build();
        let site = Arc::new(Site::new(answer, upstream, diagnosis)?);
        for path in ["users", "posts", "users"] {
            site.get(path)?.ok();
        }
        thread::scope(|scope| scope.spawn(|| site.get("users")).join())
            .unwrap_or_else(|panic| panic::resume_unwind(panic))?
            .ok();
        // This thread is inside the context of another runtime, but may block.
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
                    "called on a thread of another runtime's pool for blocking calls, `get` used that runtime",
                )
            },
        )?;
        one_runtime(&site)
    });
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
            .expected("one runtime, made for the client, drives all of its calls")
            .next("build the runtime in `new`, and keep it in a field")
    })
}

fn threads_call_at_the_same_moment(answer: &Answer) {
    examine_blocking(|diagnosis| {
        for threads in [2, 40] {
            // Nobody has an answer before everybody has asked.
            let upstream = Upstream::builder()
                .page("users", ms(1))
                .gate(threads)
                .build();
            let site = Site::new(answer, upstream.clone(), diagnosis)?;
            diagnosis.set(move || {
                let together = upstream.high_water();
                if together == 0 || together == threads {
                    return nobody_polls("`get` waits for a call that nobody polls");
                }
                Fault::new("callers_in_turn")
                    .happened(format!(
                        "stopped: {threads} threads called `get`, and no more than {together} of the calls were under way at once; the others waited for their turn"
                    ))
                    .expected("each thread's call is under way as soon as it has called, whatever the others wait for")
                    .next("hold no lock while you wait, and let no single thread make the calls one by one: `Runtime::block_on` takes `&self`, so that many threads can be in it")
            });
            let answered = AtomicUsize::new(0);
            thread::scope(|scope| {
                let callers: Vec<_> = (0..threads)
                    .map(|_| {
                        scope.spawn(|| {
                            let gave = site.get("users")?;
                            answered.fetch_add(usize::from(gave.is_ok()), Ordering::SeqCst);
                            Ok(())
                        })
                    })
                    .collect();
                callers.into_iter().try_for_each(|caller| {
                    caller
                        .join()
                        .unwrap_or_else(|panic| panic::resume_unwind(panic))
                })
            })?;
            assert_eq!(answered.into_inner(), threads, "each thread has its page");
            one_runtime(&site)?;
        }
        Ok(())
    });
}

fn its_runtime_ends_with_the_client(answer: &Answer) {
    examine_blocking(|diagnosis| {
        let upstream = Upstream::builder().page("users", ms(1)).build();
        // Another client, which is there all the time, and of no concern to the others.
        let other = Site::new(answer, upstream.clone(), diagnosis)?;
        for calls in [1, 3] {
            other.get("users")?.ok();
            let site = Site::new(answer, upstream.clone(), diagnosis)?;
            for _ in 0..calls {
                site.get("users")?.ok();
            }
            // A task that would wait as long as the runtime lets it.
            let dropped = Dropped::default();
            if let Some(runtime) = site.upstream.last_runtime() {
                let guard = dropped.guard();
                runtime.spawn(async move {
                    let _guard = guard;
                    pending::<()>().await;
                });
            }
            call(|| drop(site))?;
            ensure(dropped.get(), || {
                runtime_leaked(
                    "the client had been dropped, and a task on its runtime was still there",
                )
            })?;
        }
        Ok(())
    });
}
