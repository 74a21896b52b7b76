//! The hidden tests of `get_or_fetch`.

mod callers;
mod faults;

use std::{sync::Arc, time::Duration};

use async_workbook::{
    clock::Readable,
    harness::{Task, counted, ms, task},
    services::upstream::{Route, Upstream},
    timeline::Recorder,
    verdict::{Fault, ensure, examine, mark},
};
use futures::executor::block_on;
use tokio::time::sleep;

use self::{callers::*, faults::*};
use crate::{
    Answer, HOUR,
    callers::{dropped, yielding_caller},
    faults::{lock_held_while_waiting, needless_wait, state_shared_between_calls},
    threads::{in_step, long_path, on_threads},
};

pub(crate) const TASK: Task<Answer> = task!(
    get_or_fetch: a_page_is_fetched_once,
    caches_are_separate,
    callers_at_the_same_moment_share_one_call,
    paths_do_not_wait_for_each_other,
    an_error_is_not_kept,
    a_failed_call_hands_over,
    a_dropped_caller_hands_over,
    a_dropped_callers_error_is_nobodys,
    who_comes_during_the_next_call_waits_for_it,
    who_waits_may_be_dropped,
    who_is_next_may_be_dropped,
    many_paths_are_fetched_at_the_same_time_and_kept,
    callers_may_yield_anywhere,
    threads_may_want_a_page_at_the_same_moment,
    threads_may_want_a_page_in_step,
);

/// No multiple of an interval at which somebody might look again and again.
pub(crate) const LATENCY: Duration = ms(101);
/// While a call is in flight.
const MIDWAY: Duration = ms(50);

fn a_page_is_fetched_once(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // Paths that are nearly equal are different paths.
        let paths = ["users", "posts", "users/", "Users", "users?page=2"];
        let upstream = service(paths);
        let cache = (answer.cache)(upstream.clone());
        recorder.restart();
        for path in paths {
            for again in 0..3 {
                let before = upstream.hits();
                let (got, took) = get(&cache, path).await?;
                right_page(path, &got)?;
                settle().await;
                let made = upstream.hits() - before;
                if again == 0 {
                    ensure(made == 1, || {
                        call_count(made, 1, "the first caller for a path")
                    })?;
                    ensure(took == LATENCY, || {
                        needless_wait(took, LATENCY, "the first `get_or_fetch` of a path")
                    })?;
                } else {
                    ensure(made == 0, || {
                        page_not_kept(format!(
                            "a page that the cache had fetched was fetched again: {} for {path}",
                            counted(made + again, "call")
                        ))
                    })?;
                    ensure(took == Duration::ZERO, || {
                        needless_wait(took, Duration::ZERO, "a page that the cache has")
                    })?;
                }
            }
        }
        sleep(ms(HOUR)).await;
        let (got, _) = get(&cache, "users").await?;
        right_page("users", &got)?;
        let made = upstream.hits();
        ensure(made == paths.len(), || {
            page_not_kept(format!(
                "five pages were fetched, and one of them was wanted again an hour later: {} in all",
                counted(made, "call")
            ))
        })
    });
}

fn callers_at_the_same_moment_share_one_call(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for number in [2, 10, 50] {
            let upstream = service(["users"]);
            let cache = (answer.cache)(upstream.clone());
            recorder.restart();
            let mut waiting = callers(&cache, "users", number);
            sleep(MIDWAY).await;
            waiting.push(latecomer(&cache, "users"));
            let all = number + 1;
            let got = all_answered(&cache, "users", answers(waiting).await).await?;
            let made = upstream.hits();
            ensure(made == 1, || {
                check_then_fetch(format!(
                    "{} wanted the same page, and made {}",
                    counted(all, "caller"),
                    counted(made, "call")
                ))
            })?;
            for (index, (got, took)) in got.iter().enumerate() {
                right_page("users", got)?;
                let due = if index < number {
                    LATENCY
                } else {
                    LATENCY - MIDWAY
                };
                ensure(*took == due, || {
                    needless_wait(*took, due, "a caller that waited for another one's call")
                })?;
            }
        }
        Ok(())
    });
}

fn paths_do_not_wait_for_each_other(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let upstream = Upstream::builder()
            .page("users", LATENCY)
            .page("posts", LATENCY)
            .page("stats", ms(2 * HOUR))
            .build();
        let cache = (answer.cache)(upstream.clone());
        recorder.restart();
        let mut both = callers(&cache, "users", 1);
        both.extend(callers(&cache, "posts", 1));
        for (got, took) in all_answered(&cache, "users", answers(both).await).await? {
            ensure(took == LATENCY, || {
                held_up("two callers wanted two pages at the same time", took)
            })?;
            got.map_err(|error| unexpected_error(&error))?;
        }
        let slow = callers(&cache, "stats", 2);
        sleep(ms(1)).await;
        let (got, took) = get(&cache, "users").await?;
        right_page("users", &got)?;
        ensure(took == Duration::ZERO, || {
            held_up(
                "while a call for another page took two hours, a caller wanted a page that the cache has",
                took,
            )
        })?;
        let slow = all_answered(&cache, "stats", answers(slow).await).await?;
        let calls = upstream.hits() - 2;
        ensure(calls == 1, || {
            check_then_fetch(format!(
                "two callers wanted a page whose call takes two hours, and made {}",
                counted(calls, "call")
            ))
        })?;
        for (got, took) in &slow {
            right_page("stats", got)?;
            ensure(*took == ms(2 * HOUR), || {
                needless_wait(*took, ms(2 * HOUR), "a caller of a slow page")
            })?;
        }
        Ok(())
    });
}

fn an_error_is_not_kept(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for status in [503, 404] {
            let upstream = failing_first_with(status, 2);
            let cache = (answer.cache)(upstream.clone());
            recorder.restart();
            for made in 1..=2 {
                let (got, _) = get(&cache, "users").await?;
                let calls = upstream.hits();
                ensure(calls >= made, || {
                    error_kept(format!(
                        "after a call that failed, the next caller got {} without a call",
                        shown(&got)
                    ))
                })?;
                ensure(calls == made, || unrequested_retry(calls, made))?;
                ensure(got == Err(refused_with(status)), || {
                    error_swallowed(status, &got)
                })?;
            }
            let (got, took) = get(&cache, "users").await?;
            ensure(upstream.hits() == 3, || {
                error_kept(format!(
                    "after two calls that failed, the next caller got {} without a call",
                    shown(&got)
                ))
            })?;
            right_page("users", &got)?;
            ensure(took == LATENCY, || {
                needless_wait(took, LATENCY, "a call after two that failed")
            })?;
        }
        Ok(())
    });
}

fn a_failed_call_hands_over(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (number, failures, status) in [
            (2, 1, 503),
            (6, 1, 404),
            (6, 3, 503),
            (50, 1, 503),
            (4, 4, 503),
            (20, 16, 503),
        ] {
            let upstream = failing_first_with(status, failures);
            let cache = (answer.cache)(upstream.clone());
            recorder.restart();
            let got = answers(callers(&cache, "users", number)).await;
            let got = all_answered(&cache, "users", got).await?;
            let errors: Vec<Duration> = got
                .iter()
                .filter_map(|(got, took)| got.is_err().then_some(*took))
                .collect();
            let made = upstream.hits();
            let calls = if number > failures {
                failures + 1
            } else {
                failures
            };
            let said = format!(
                "{} wanted the same page, and {} failed",
                counted(number, "caller"),
                if failures == 1 {
                    "the first call".into()
                } else {
                    format!("the first {failures} calls")
                }
            );
            one_in_flight(&upstream)?;
            ensure(errors.len() <= failures, || {
                error_shared(format!(
                    "{said}: {} got an error",
                    counted(errors.len(), "caller")
                ))
            })?;
            ensure(errors.len() == failures, || {
                Fault::new("error_swallowed")
                    .happened(format!("{said}: {} got an error", counted(errors.len(), "caller")))
                    .expected("the caller whose call failed gets the error")
                    .next("return the error to the caller that made the call, and let one of the others make the next")
            })?;
            ensure(made == calls, || {
                check_then_fetch(format!("{said}: then there were {}", counted(made, "call")))
            })?;
            ensure(got[0].0.is_err(), || {
                Fault::new("error_swallowed")
                    .happened(format!("{said}: the first caller, who made the first call, got the page, and another one got the error"))
                    .expected("the caller whose call failed gets the error")
                    .next("return the error where you await the call, and let the others begin again from the top")
            })?;
            let mut due: Vec<Duration> = (1..=failures as u32).map(|call| LATENCY * call).collect();
            due.truncate(errors.len());
            let mut errors = errors;
            errors.sort_unstable();
            ensure(errors == due, || {
                needless_wait(
                    errors[errors.len() - 1],
                    due[due.len() - 1],
                    "the caller of the last call that failed",
                )
            })?;
            let pages = got.iter().filter(|(got, _)| got.is_ok());
            let due = LATENCY * calls as u32;
            for (_, took) in pages {
                ensure(*took == due, || {
                    needless_wait(*took, due, "a caller that waited until a call succeeded")
                })?;
            }
        }
        Ok(())
    });
}

fn a_dropped_caller_hands_over(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (number, gone) in [(2, 1), (10, 1), (10, 3), (3, 3)] {
            let upstream = service(["users"]);
            let cache = (answer.cache)(upstream.clone());
            recorder.restart();
            let mut waiting = callers(&cache, "users", number);
            for _ in 0..gone {
                sleep(MIDWAY).await;
                // The callers make their calls in the order in which they came.
                dropped(waiting.remove(0)).await;
                mark("a caller is dropped");
                settle().await;
            }
            let at = MIDWAY * gone as u32;
            // Somebody who comes later has to get the page, too.
            waiting.push(latecomer(&cache, "users"));
            let got = answers(waiting).await;
            let got = all_answered(&cache, "users", got).await?;
            let made = upstream.hits();
            one_in_flight(&upstream)?;
            ensure(made <= gone + 1, || {
                check_then_fetch(format!(
                    "{} of {} were dropped while they made the call, and there were {}",
                    gone,
                    counted(number, "caller"),
                    counted(made, "call")
                ))
            })?;
            for (index, (got, took)) in got.iter().enumerate() {
                right_page("users", got)?;
                let took = if index + 1 == got_len(number, gone) {
                    *took + at
                } else {
                    *took
                };
                ensure(took <= at + LATENCY, || {
                    needless_wait(
                        took,
                        at + LATENCY,
                        "a caller that waited for one that was dropped",
                    )
                })?;
            }
        }
        Ok(())
    });
}

/// The first caller is dropped, and its call fails, if it goes on. Nobody is left to get this error.
fn a_dropped_callers_error_is_nobodys(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let upstream = failing_first(1);
        let cache = (answer.cache)(upstream.clone());
        recorder.restart();
        let mut waiting = callers(&cache, "users", 4);
        sleep(MIDWAY).await;
        dropped(waiting.remove(0)).await;
        mark("the first caller is dropped");
        let got = all_answered(&cache, "users", answers(waiting).await).await?;
        one_in_flight(&upstream)?;
        let errors = got.iter().filter(|(got, _)| got.is_err()).count();
        ensure(errors == 0, || {
            error_shared(format!(
                "the caller of a call that failed had been dropped, and {} got its error",
                counted(errors, "other caller")
            ))
        })
    });
}

/// How many callers are left, with the one that comes later.
fn got_len(number: usize, gone: usize) -> usize {
    number - gone + 1
}

fn who_waits_may_be_dropped(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let upstream = service(["users"]);
        let cache = (answer.cache)(upstream.clone());
        recorder.restart();
        let mut waiting = callers(&cache, "users", 5);
        sleep(MIDWAY).await;
        for caller in waiting.drain(2..) {
            dropped(caller).await;
        }
        mark("three that wait are dropped");
        let got = all_answered(&cache, "users", answers(waiting).await).await?;
        for (got, took) in &got {
            right_page("users", got)?;
            ensure(*took == LATENCY, || {
                needless_wait(
                    *took,
                    LATENCY,
                    "a caller of five, three of whom were dropped,",
                )
            })?;
        }
        let made = upstream.hits();
        ensure(made == 1, || {
            check_then_fetch(format!(
                "three of five callers were dropped while they waited, and there were {}",
                counted(made, "call")
            ))
        })
    });
}

/// One call fails, and another one takes its place. Whoever comes then waits with the others.
fn who_comes_during_the_next_call_waits_for_it(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let upstream = failing_first(1);
        let cache = (answer.cache)(upstream.clone());
        recorder.restart();
        let mut waiting = callers(&cache, "users", 3);
        sleep(LATENCY + MIDWAY).await;
        waiting.push(latecomer(&cache, "users"));
        let got = all_answered(&cache, "users", answers(waiting).await).await?;
        one_in_flight(&upstream)?;
        let made = upstream.hits();
        ensure(made == 2, || {
            check_then_fetch(format!(
                "the first call failed, and a caller came during the second one: then there were {}",
                counted(made, "call")
            ))
        })?;
        let errors = got.iter().filter(|(got, _)| got.is_err()).count();
        ensure(errors <= 1, || {
            error_shared(format!(
                "one call failed, and {} got an error",
                counted(errors, "caller")
            ))
        })
    });
}

/// The first of those that wait is gone when its turn comes: a while ago, or at the same moment.
fn who_is_next_may_be_dropped(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for how in [Gone::WhileItWaits, Gone::WithTheFirst, Gone::BeforeAFailure] {
            let failures = usize::from(how == Gone::BeforeAFailure);
            let upstream = failing_first(failures);
            let cache = (answer.cache)(upstream.clone());
            recorder.restart();
            let mut waiting = callers(&cache, "users", 5);
            sleep(MIDWAY).await;
            if how == Gone::WithTheFirst {
                waiting[0].abort();
                dropped(waiting.remove(1)).await;
                mark("the first two callers are dropped");
            } else {
                dropped(waiting.remove(1)).await;
                mark("the second caller is dropped");
            }
            if how != Gone::BeforeAFailure {
                sleep(ms(1)).await;
                dropped(waiting.remove(0)).await;
            }
            let got = all_answered(&cache, "users", answers(waiting).await).await?;
            one_in_flight(&upstream)?;
            let errors = got.iter().filter(|(got, _)| got.is_err()).count();
            ensure(errors <= failures, || {
                error_shared(format!(
                    "{failures} calls failed, and {} got an error",
                    counted(errors, "caller")
                ))
            })?;
        }
        Ok(())
    });
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Gone {
    WhileItWaits,
    WithTheFirst,
    BeforeAFailure,
}

/// So many that some share a lock, if a few locks are divided among them.
fn many_paths_are_fetched_at_the_same_time_and_kept(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let paths: Vec<String> = (1..=200).map(|number| format!("pages/{number}")).collect();
        let builder = Upstream::builder();
        let builder = paths
            .iter()
            .fold(builder, |all, path| all.page(path, LATENCY));
        let upstream = builder.build();
        let cache = (answer.cache)(upstream.clone());
        recorder.restart();
        for again in [false, true] {
            let waiting = paths
                .iter()
                .map(|path| labelled(&cache, path, &format!("for {path}")));
            let got = answers(waiting.collect()).await;
            let got = all_answered(&cache, &paths[0], got).await?;
            let (made, all) = (upstream.hits(), paths.len());
            ensure(made <= all, || {
                page_not_kept(format!(
                    "{all} pages were fetched, and when all of them were wanted again, there were {} in all",
                    counted(made, "call")
                ))
            })?;
            let due = if again { Duration::ZERO } else { LATENCY };
            for (path, (got, took)) in paths.iter().zip(&got) {
                right_page(path, got)?;
                ensure(*took == due, || {
                    held_up(
                        &format!("{all} callers wanted {all} pages at the same time"),
                        *took,
                    )
                })?;
            }
        }
        Ok(())
    });
}

/// A gap between two locks of `std` shows only on threads.
fn threads_may_want_a_page_at_the_same_moment(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let paths: Vec<String> = (1..=150).map(long_path).collect();
        let all = paths.len();
        let builder = Upstream::builder();
        let builder = paths.iter().fold(builder, |builder, path| {
            builder.page(path.as_str(), Duration::ZERO)
        });
        let upstream = builder.build();
        let cache = (answer.cache)(upstream.clone());
        recorder.restart();
        on_threads(move || {
            for path in &paths {
                // What it gets has been seen to before.
                let _page = block_on(cache.call_get_or_fetch(path));
            }
        })
        .await;
        let made = upstream.hits();
        ensure(made == all, || {
            check_then_fetch(format!(
                "threads wanted the same {all} pages at the same moment, and made {}",
                counted(made, "call")
            ))
        })
    });
}

/// All threads want the same new page at each step.
fn threads_may_want_a_page_in_step(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let paths: Vec<String> = (1..=200).map(|number| format!("pages/{number}")).collect();
        let builder = Upstream::builder();
        let builder = paths
            .iter()
            .fold(builder, |builder, path| builder.page(path, Duration::ZERO));
        let upstream = builder.build();
        let cache = (answer.cache)(upstream.clone());
        recorder.restart();
        let got = in_step(paths.len(), move |step| {
            // What it gets has been seen to before.
            let _page = block_on(cache.call_get_or_fetch(&paths[step]));
        });
        let wanted = got.await.len();
        let made = upstream.hits();
        ensure(made == wanted, || {
            check_then_fetch(format!(
                "threads wanted {wanted} pages, each of them at the same moment, and made {}",
                counted(made, "call")
            ))
        })
    });
}

/// Every caller yields at its awaits, each of them at others. Some come at the moment when the page does.
fn callers_may_yield_anywhere(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for operations in 1..=6 {
            for later in [Duration::ZERO, LATENCY] {
                for failures in [0, 1] {
                    let upstream = failing_first(failures);
                    let cache = (answer.cache)(upstream.clone());
                    recorder.restart();
                    let waiting = (0..8).map(|caller| {
                        let cache = Arc::clone(&cache);
                        let arrives = later * (caller % 2);
                        let label = format!("caller {}", caller + 1);
                        // Some have one operation more than others.
                        let operations = operations + (caller as usize / 2) % 2;
                        yielding_caller(&label, operations, async move {
                            sleep(arrives).await;
                            cache.call_get_or_fetch("users").await
                        })
                    });
                    let got = answers(waiting.collect()).await;
                    let hung = got.iter().filter(|got| got.is_none()).count();
                    ensure(hung == 0, || {
                        notification_missed(format!(
                            "of eight callers that yielded at their awaits, {hung} waited for ever"
                        ))
                    })?;
                    let errors = got.iter().flatten().filter(|(got, _)| got.is_err()).count();
                    let made = upstream.hits();
                    ensure(made <= failures + 1, || {
                        check_then_fetch(format!(
                            "eight callers that yielded at their awaits made {}, and {failures} of them failed",
                            counted(made, "call")
                        ))
                    })?;
                    ensure(errors <= failures, || {
                        error_shared(format!(
                            "one call failed, and {} got an error",
                            counted(errors, "caller")
                        ))
                    })?;
                }
            }
        }
        Ok(())
    });
}

fn caches_are_separate(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let [mine, yours] = ["mine", "yours"].map(|body| {
            Upstream::builder()
                .route(Route::new("users").latency(LATENCY).body(body))
                .build()
        });
        let caches = [mine.clone(), yours.clone()].map(answer.cache);
        recorder.restart();
        for (cache, expected) in caches.iter().zip(["mine", "yours"]) {
            let (got, _) = get(cache, "users").await?;
            let body = got.map(|page| page.body.clone());
            ensure(body.as_deref() == Ok(expected), || {
                state_shared_between_calls(
                    "`Cache`",
                    "a cache returned a page that another one had fetched from another upstream"
                        .into(),
                )
            })?;
        }
        Ok(())
    });
}

fn held_up(when: &str, took: Duration) -> Fault {
    lock_held_while_waiting(format!(
        "{when}, and one of them waited for {}",
        Readable(took)
    ))
}

/// Lets whatever is ready run.
async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}
