//! The hidden tests of `bump`.

use std::{sync::Arc, time::Duration};

use async_workbook::{
    clock::{Readable, timed},
    harness::{Task, counted, ms, task},
    services::upstream::{Call, Route, Upstream, UpstreamError},
    timeline::Recorder,
    verdict::{Fault, catch_panic_blocking, ensure, examine, mark},
};
use futures::{executor::block_on, poll};
use tokio::{task::JoinHandle, time::sleep};

use crate::{
    Answer, HOUR, Visits,
    callers::{Got, answers, caller, dropped, without_blocking, yielding_caller},
    faults::{
        blocking_call, call_skipped, extra_call_made, lock_held_while_waiting, needless_wait,
        returned_early, state_shared_between_calls,
    },
    threads::{in_step, long_path, on_threads},
};

pub(crate) const TASK: Task<Answer> = task!(
    bump: visits_have_numbers,
    counters_are_separate,
    calls_of_visits_overlap,
    hundreds_of_visits_overlap,
    visits_are_counted_before_the_call,
    failed_and_dropped_visits_count,
    a_slow_call_holds_up_nobody,
    no_two_visits_share_a_number,
    threads_may_visit_at_the_same_moment,
    threads_may_visit_in_step,
);

const LATENCY: Duration = ms(100);

fn visits_have_numbers(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let audit = audit(["home", "cart", "home/", "Home", "home?page=2"]);
        let counters = (answer.counters)(audit.clone());
        recorder.restart();
        // Paths that are nearly equal are different paths.
        let visited = [
            ("home", 1),
            ("home", 2),
            ("cart", 1),
            ("home", 3),
            ("home/", 1),
            ("Home", 1),
            ("home?page=2", 1),
            ("home", 4),
        ];
        for (made, (path, expected)) in visited.into_iter().enumerate() {
            let visited = visit(&*counters, path);
            let (number, took) = without_blocking("Counters::bump", visited).await?;
            waited_for_the_call(&audit, made, took).await?;
            let calls = audit.calls();
            ensure(number == Ok(expected), || {
                visit_miscounted(format!(
                    "after {}, the next one, of {path}, got {} instead of {expected}",
                    counted(made, "visit"),
                    shown(&number)
                ))
            })?;
            ensure(calls.len() > made, || {
                call_skipped(format!("a visit of {path} made no call"))
            })?;
            let expected_calls = made + 1;
            ensure(calls.len() == expected_calls, || {
                extra_call_made(
                    calls.len(),
                    expected_calls,
                    &counted(expected_calls, "visit"),
                )
            })?;
            let asked = &calls[made].path;
            ensure(asked == path, || {
                Fault::new("data_altered")
                    .happened(format!("a visit of {path} was reported as one of {asked}"))
                    .expected("the call has the path of the visit")
                    .next("pass `path` to `get` unchanged")
            })?;
            ensure(took == LATENCY, || {
                needless_wait(took, LATENCY, "a visit with no other under way")
            })?;
            let counted_now = look(&*counters, path)?;
            ensure(counted_now == expected, || {
                visit_miscounted(format!(
                    "after {}, `visits` said {counted_now} for {path} instead of {expected}",
                    counted(made + 1, "visit")
                ))
            })?;
        }
        let unknown = look(&*counters, "nowhere")?;
        ensure(unknown == 0, || {
            visit_miscounted(format!(
                "`visits` said {unknown} for a path that nobody has visited"
            ))
        })
    });
}

fn calls_of_visits_overlap(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (paths, of) in [
            (vec!["home"; 10], "one path"),
            ((0..10).map(|n| PATHS[n]).collect(), "ten paths"),
        ] {
            let counters = (answer.counters)(audit(PATHS));
            recorder.restart();
            let callers = visitors(&counters, &paths);
            let got = all_answered(answers(callers).await)?;
            let took = || got.iter().map(|(_, took)| *took);
            let first = took().min().unwrap_or_default();
            let last = took().max().unwrap_or_default();
            let sum = LATENCY * paths.len() as u32;
            ensure(last != sum, || {
                lock_held_while_waiting(format!(
                    "ten visits of {of} at the same time took {}: each call of 100 ms began when the one before it had ended",
                    Readable(last)
                ))
            })?;
            ensure(first > LATENCY || last == LATENCY, || {
                lock_held_while_waiting(format!(
                    "of ten visits of {of} at the same time, the fastest took {} and the slowest {}",
                    Readable(first),
                    Readable(last)
                ))
            })?;
            ensure(last == LATENCY, || {
                needless_wait(last, LATENCY, "the slowest of ten visits at the same time")
            })?;
        }
        Ok(())
    });
}

/// More than fit into a byte, or than a few locks or permits let through at once.
fn hundreds_of_visits_overlap(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        const MANY: usize = 300;
        let paths: Vec<String> = (1..=MANY).map(|number| format!("pages/{number}")).collect();
        for (paths, of) in [
            (vec![paths[0].clone(); MANY], "one path"),
            (paths, "as many paths"),
        ] {
            let builder = Upstream::builder();
            let audit = paths
                .iter()
                .fold(builder, |builder, path| builder.page(path, LATENCY))
                .build();
            let counters = (answer.counters)(audit);
            recorder.restart();
            let visitors = paths.iter().map(|path| {
                let (counters, path) = (Arc::clone(&counters), path.clone());
                caller("visit", async move { counters.call_bump(&path).await })
            });
            let got = all_answered(answers(visitors.collect()).await)?;
            let last = got.iter().map(|(_, took)| *took).max().unwrap_or_default();
            ensure(last == LATENCY, || {
                lock_held_while_waiting(format!(
                    "of {MANY} visits of {of} at the same time, the slowest took {}",
                    Readable(last)
                ))
            })?;
            for path in [&paths[0], &paths[MANY - 1]] {
                let expected = paths.iter().filter(|other| *other == path).count() as u64;
                let visits = look(&*counters, path)?;
                ensure(visits == expected, || {
                    visit_miscounted(format!(
                        "after {MANY} visits of {of}, `visits` said {visits} for a path with {}",
                        counted(expected as usize, "visit")
                    ))
                })?;
            }
            if paths[0] != paths[MANY - 1] {
                let strange = got.iter().find(|(number, _)| *number != Ok(1));
                ensure(strange.is_none(), || {
                    visit_miscounted(format!(
                        "of {MANY} paths, each was visited once, and not every visit got the number 1"
                    ))
                })?;
            }
        }
        Ok(())
    });
}

fn visits_are_counted_before_the_call(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let counters = (answer.counters)(audit(PATHS));
        recorder.restart();
        let callers = visitors(&counters, &["home"; 10]);
        sleep(LATENCY / 2).await;
        mark("`visits` is called");
        let visits = look(&*counters, "home")?;
        ensure(visits == 10, || {
            counted_after_the_call(format!(
                "while the calls of ten visits were in flight, `visits` said {visits}"
            ))
        })?;
        let got = all_answered(answers(callers).await)?;
        numbered(
            &got,
            "ten visits at the same time",
            number_read_after_the_call,
        )?;
        let visits = look(&*counters, "home")?;
        ensure(visits == 10, || {
            visit_miscounted(format!("after ten visits, `visits` said {visits}"))
        })
    });
}

fn failed_and_dropped_visits_count(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let failing = Route::new("cart").latency(LATENCY);
        let failing = failing.clone().first(2, failing.fails(503));
        let audit = Upstream::builder()
            .route(failing)
            .page("home", LATENCY)
            .page("help", LATENCY)
            .build();
        let counters = (answer.counters)(audit.clone());
        recorder.restart();
        let refused = UpstreamError::Status {
            path: "cart".into(),
            status: 503,
        };
        for made in 1..=2 {
            let (number, _) = visit(&*counters, "cart").await;
            let calls = audit.calls().len();
            ensure(calls >= made as usize, || {
                call_skipped("after a visit whose call failed, the next one made no call".into())
            })?;
            ensure(number == Err(refused.clone()), || {
                Fault::new("error_swallowed")
                    .happened(format!(
                        "the call failed with 503, and `bump` returned {}",
                        shown(&number)
                    ))
                    .expected("`bump` returns the error of its call")
                    .next("end the call with `.await?`")
            })?;
            let visits = look(&*counters, "cart")?;
            ensure(visits == made, || {
                counted_after_the_call(format!(
                    "after {} whose call failed, `visits` said {visits}",
                    counted(made as usize, "visit")
                ))
            })?;
            ensure(calls == made as usize, || {
                Fault::new("unrequested_retry")
                    .happened(format!(
                        "a visit whose call failed made {}",
                        counted(calls, "call")
                    ))
                    .expected("each visit makes one call")
                    .next("return the error instead of calling again")
            })?;
        }
        drop(counters.call_bump("help"));
        let visits = look(&*counters, "help")?;
        ensure(visits == 0, || {
            visit_miscounted(format!(
                "a future of `bump` was dropped before its first poll, and `visits` said {visits}"
            ))
        })?;
        {
            let mut visit = counters.call_bump("help");
            let _waits = poll!(&mut visit);
        }
        let visits = look(&*counters, "help")?;
        ensure(visits == 1, || {
            counted_after_the_call(format!(
                "after a visit that was dropped at its first `.await`, `visits` said {visits}"
            ))
        })?;
        let gone = visitors(&counters, &["home"; 3]);
        sleep(LATENCY / 2).await;
        for caller in gone {
            dropped(caller).await;
        }
        mark("three visits are dropped");
        let in_flight = audit.in_flight();
        ensure(in_flight == 0, || {
            Fault::new("cancelled_call_kept_running")
                .happened(format!(
                    "three visits were dropped, and {} went on",
                    counted(in_flight, "call")
                ))
                .expected("a visit that is dropped drops its call")
                .next("await the call in `bump` itself, not in a task")
        })?;
        let visits = look(&*counters, "home")?;
        ensure(visits == 3, || {
            counted_after_the_call(format!(
                "after three visits that were dropped half way, `visits` said {visits}"
            ))
        })?;
        let (number, _) = visit(&*counters, "home").await;
        ensure(number == Ok(4), || {
            visit_miscounted(format!(
                "after three visits that were dropped half way, the next one got {}",
                shown(&number)
            ))
        })
    });
}

fn a_slow_call_holds_up_nobody(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let home = Route::new("home").latency(LATENCY);
        let home = home.clone().first(1, home.latency(ms(2 * HOUR)));
        let audit = Upstream::builder()
            .route(home)
            .page("cart", LATENCY)
            .build();
        let counters = (answer.counters)(audit);
        recorder.restart();
        let slow = visitors(&counters, &["home"]);
        sleep(ms(1)).await;
        let later = visitors(&counters, &["home", "cart"]);
        for (took, path) in all_answered(answers(later).await)?
            .iter()
            .map(|(_, took)| took)
            .zip(["home", "cart"])
        {
            ensure(*took == LATENCY, || {
                lock_held_while_waiting(format!(
                    "while the call of another visit took two hours, a visit of {path} took {}",
                    Readable(*took)
                ))
            })?;
        }
        let first = all_answered(answers(slow).await)?;
        ensure(first[0] == (Ok(1), ms(2 * HOUR)), || {
            Fault::new("call_dropped_early")
                .happened(format!(
                    "a visit whose call takes two hours ended after {} with {}",
                    Readable(first[0].1),
                    shown(&first[0].0)
                ))
                .expected("`bump` waits for its call, however long that takes")
                .next("remove the timeout")
        })
    });
}

/// Every caller yields at its awaits, and each scenario at others.
fn no_two_visits_share_a_number(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for operations in 1..=4 {
            let counters = (answer.counters)(audit(PATHS));
            recorder.restart();
            let callers = (1..=5)
                .map(|caller| {
                    let counters = Arc::clone(&counters);
                    let calling = async move { counters.call_bump("home").await };
                    yielding_caller(&format!("visit {caller}"), operations, calling)
                })
                .collect();
            let got = all_answered(answers(callers).await)?;
            numbered(
                &got,
                "five visits that yielded at their awaits",
                update_lost,
            )?;
            let visits = look(&*counters, "home")?;
            ensure(visits == 5, || {
                update_lost(format!(
                    "after five visits that yielded at their awaits, `visits` said {visits}"
                ))
            })?;
        }
        Ok(())
    });
}

/// A gap between two locks of `std` shows only on threads.
fn threads_may_visit_at_the_same_moment(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let paths: Vec<String> = (1..=64).map(long_path).collect();
        let builder = Upstream::builder();
        let audit = paths
            .iter()
            .fold(builder, |builder, path| builder.page(path, Duration::ZERO));
        let counters = (answer.counters)(audit.build());
        recorder.restart();
        let visits = on_threads({
            let (counters, paths) = (Arc::clone(&counters), paths.clone());
            move || visits_of_a_thread(&*counters, &paths)
        });
        let mut visits = visits.await.concat();
        visits.sort_unstable();
        let each = visits.len() / paths.len();
        for (path, visits) in paths.iter().zip(visits.chunks(each)) {
            let said = format!("threads made {each} visits of a path at the same moment");
            let twice = visits.windows(2).find(|two| two[0].number == two[1].number);
            if let Some(two) = twice {
                let number = two[0].number;
                return Err(update_lost(format!(
                    "{said}, and two of them got the number {number}"
                )));
            }
            let last = look(&*counters, path)?;
            ensure(last == each as u64, || {
                update_lost(format!("{said}, and then `visits` said {last}"))
            })?;
            let too_few = visits.iter().find(|visit| visit.then < visit.number);
            if let Some(Visited { number, then, .. }) = too_few {
                return Err(visit_miscounted(format!(
                    "{said}: after visit {number}, `visits` said {then}"
                )));
            }
        }
        Ok(())
    });
}

/// All threads make the same visit at each step: of a path that's new, and then of the same path again.
fn threads_may_visit_in_step(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        const EACH: usize = 4;
        let paths: Vec<String> = (1..=50).map(|number| format!("pages/{number}")).collect();
        let builder = Upstream::builder();
        let audit = paths
            .iter()
            .fold(builder, |builder, path| builder.page(path, Duration::ZERO));
        let counters = (answer.counters)(audit.build());
        recorder.restart();
        let numbers = in_step(paths.len() * EACH, {
            let (counters, paths) = (Arc::clone(&counters), paths.clone());
            move |step| block_on(counters.call_bump(&paths[step / EACH])).unwrap_or(0)
        });
        let numbers = numbers.await;
        for (path, steps) in paths.iter().zip(numbers.chunks(EACH)) {
            let mut numbers = steps.concat();
            let all = numbers.len() as u64;
            numbers.sort_unstable();
            let said = format!("threads made {all} visits of a path in step");
            ensure(numbers.iter().copied().eq(1..=all), || {
                update_lost(format!("{said}, and got the numbers {numbers:?}"))
            })?;
            let last = look(&*counters, path)?;
            ensure(last == all, || {
                update_lost(format!("{said}, and then `visits` said {last}"))
            })?;
        }
        Ok(())
    });
}

#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
struct Visited {
    /// The index of its path.
    path: usize,
    number: u64,
    /// What `visits` said after it.
    then: u64,
}

fn visits_of_a_thread(counters: &dyn Visits, paths: &[String]) -> Vec<Visited> {
    let visit = |path: usize| {
        // Its call answers at once, and never fails.
        let number = block_on(counters.call_bump(&paths[path])).unwrap_or(0);
        let then = counters.call_visits(&paths[path]);
        Visited { path, number, then }
    };
    (0..2 * paths.len())
        .map(|number| visit(number / 2))
        .collect()
}

fn counters_are_separate(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let audits = [audit(PATHS), audit(PATHS)];
        let [mine, yours] = audits.clone().map(answer.counters);
        recorder.restart();
        let _visited = visit(&*mine, "home").await;
        let (number, _) = visit(&*yours, "home").await;
        ensure(number == Ok(1), || {
            state_shared_between_calls(
                "`Counters`",
                format!(
                    "the first visit of the second `Counters` got {}",
                    shown(&number)
                ),
            )
        })?;
        let calls = audits.map(|audit| audit.hits());
        ensure(calls == [1, 1], || {
            state_shared_between_calls(
                "`Counters`",
                format!(
                    "two `Counters` had a visit each, and their audits got {} and {} calls",
                    calls[0], calls[1]
                ),
            )
        })
    });
}

const PATHS: [&str; 10] = [
    "home", "cart", "help", "jobs", "news", "shop", "team", "blog", "docs", "chat",
];

fn audit<const N: usize>(paths: [&str; N]) -> Upstream {
    let builder = Upstream::builder();
    paths
        .iter()
        .fold(builder, |builder, path| builder.page(*path, LATENCY))
        .build()
}

type Number = Result<u64, UpstreamError>;

fn shown(number: &Number) -> String {
    match number {
        Ok(number) => format!("the number {number}"),
        Err(error) => format!("the error `{error}`"),
    }
}

async fn visit(counters: &dyn Visits, path: &str) -> Got<Number> {
    timed(counters.call_bump(path)).await
}

fn visitors(counters: &Arc<dyn Visits>, paths: &[&'static str]) -> Vec<JoinHandle<Got<Number>>> {
    let visitors = (1..).zip(paths).map(|(caller_number, &path)| {
        let counters = Arc::clone(counters);
        let calling = async move { counters.call_bump(path).await };
        caller(&format!("visit {caller_number}"), calling)
    });
    visitors.collect()
}

/// A visit that waits for ever isn't a matter of the audit: every call answers.
fn all_answered(got: Vec<Option<Got<Number>>>) -> Result<Vec<Got<Number>>, Fault> {
    let all = got.len();
    let answered: Vec<_> = got.into_iter().flatten().collect();
    ensure(answered.len() == all, || {
        Fault::new("waiter_not_woken")
            .happened(format!("of {}, {} never returned", counted(all, "visit"), all - answered.len()))
            .expected("a visit returns when its call has ended")
            .next("find what it waits for, and who should end that wait: a visit needs nothing but a lock for a moment")
    })?;
    Ok(answered)
}

/// `visits` isn't async, so it mustn't block.
fn look(counters: &dyn Visits, path: &str) -> Result<u64, Fault> {
    catch_panic_blocking(|| counters.call_visits(path))
        .map_err(|message| blocking_call("Counters::visits", &message))
}

/// Each of so many visits of one path has a number of its own.
fn numbered(
    got: &[Got<Number>],
    of: &str,
    shared: impl FnOnce(String) -> Fault,
) -> Result<(), Fault> {
    let mut numbers: Vec<u64> = got
        .iter()
        .filter_map(|(number, _)| number.clone().ok())
        .collect();
    numbers.sort_unstable();
    let expected: Vec<u64> = (1..=got.len() as u64).collect();
    if numbers == expected {
        return Ok(());
    }
    let happened = format!("{of} got the numbers {numbers:?}");
    numbers.dedup();
    Err(if numbers.len() < got.len() {
        shared(happened)
    } else {
        visit_miscounted(happened)
    })
}

/// A visit that is over sooner than its call didn't await it, or made none.
async fn waited_for_the_call(audit: &Upstream, made: usize, took: Duration) -> Result<(), Fault> {
    if took >= LATENCY {
        return Ok(());
    }
    sleep(LATENCY).await;
    let began = |call: &Call| call.started.is_some();
    Err(match audit.calls().get(made) {
        None => call_skipped("a visit returned at once, and made no call".into()),
        Some(call) if !began(call) => Fault::new("future_never_awaited")
            .happened("a visit made the future of its call, and never awaited it")
            .expected("the call begins, and `bump` waits until it has ended")
            .next("add `.await` to the call"),
        Some(_) => returned_early("a visit returned before its call had ended"),
    })
}

fn visit_miscounted(happened: String) -> Fault {
    Fault::new("visit_miscounted")
        .happened(happened)
        .expected("the first visit of a path has the number 1, and each one after it the next")
        .next("add 1 to the entry of `path`, which begins at 0, and return the sum")
}

fn counted_after_the_call(happened: String) -> Fault {
    Fault::new("counted_after_the_call")
        .happened(happened)
        .expected("a visit counts from the first poll of `bump` on, whatever becomes of its call")
        .next("add 1 before the line that awaits the call, and don't take it back")
}

fn number_read_after_the_call(happened: String) -> Fault {
    Fault::new("number_read_after_the_call")
        .happened(happened)
        .expected("each visit returns the number that it was counted with")
        .next("keep the number in a variable when you add 1: after the call, others have been counted too")
}

fn update_lost(happened: String) -> Fault {
    Fault::new("update_lost")
        .happened(happened)
        .expected("no two visits have the same number, wherever another task gets its turn")
        .next("read and write under one lock: between two, another visit reads the same number")
}
