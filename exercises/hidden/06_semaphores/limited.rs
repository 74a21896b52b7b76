//! The hidden tests of `limited`.

mod caller;
mod clones;
mod places;
mod waiting;

use std::rc::Rc;

use async_workbook::{
    clock::Readable,
    harness::{Task, counted, ms, task},
    services::upstream::{Page, UpstreamError},
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};
use futures::future::try_join_all;
use tokio::{task::LocalSet, time::timeout};

use self::{
    caller::*,
    clones::{all_clones_share_one_limit, limit_per_clone},
    places::*,
    waiting::a_freed_place_wakes_who_waits_for_it,
};
use crate::{
    Answer,
    faults::{extra_call_made, permit_leaked},
    hang::ends,
    scenario::{AN_HOUR, FAILS, Scenario, first_takes, status_of, text_of},
};

pub(crate) const TASK: Task<Answer> = task!(
    limited: one_caller_keeps_the_limit,
    whichever_call_ends_makes_room,
    two_callers_share_one_limit,
    all_clones_share_one_limit,
    tasks_share_one_limit,
    each_client_has_its_own_limit,
    failures_give_their_permit_back,
    dropped_calls_give_their_permit_back,
    a_freed_place_wakes_who_waits_for_it,
    answers_and_errors_come_as_they_are,
);

/// The limit in all tests until one has several limits. The tests share a process, so an answer with one limit for the
/// whole program keeps the first.
const LIMIT: usize = 4;

fn one_caller_keeps_the_limit(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let scenario = Scenario::new(1, LIMIT, vec![100; 20]);
        let limited = client(answer, &scenario);
        let getting = get_all(&*limited, &scenario.paths);
        get(answer, &scenario, recorder, getting).await?;
        whatever_the_path(answer, recorder).await
    });
}

/// Paths that begin differently, for an answer that gives each part of the service its own limit.
async fn whatever_the_path(answer: &Answer, recorder: &Recorder) -> Result<(), Fault> {
    let parts = ["users", "orders", "stats"];
    let paths: Vec<_> = (0..24)
        .map(|call| format!("{}/{call}", parts[call % parts.len()]))
        .collect();
    let scenario = Scenario::of_paths(2, LIMIT, vec![ms(100); paths.len()], paths, &[]);
    let limited = client(answer, &scenario);
    let getting = get_all(&*limited, &scenario.paths);
    let kept = get(answer, &scenario, recorder, getting).await;
    let most = scenario.upstream.high_water();
    ensure(most != LIMIT * parts.len(), || {
        Fault::new("limit_per_call")
            .happened(format!(
                "{most} calls were in flight at once, and the limit is {LIMIT}: calls for {}/…, {}/… and {}/… had a limit each",
                parts[0], parts[1], parts[2]
            ))
            .expected("a client has one limit for all its calls")
            .next("keep one semaphore in the client, instead of a map with one for each path")
    })?;
    kept
}

fn whichever_call_ends_makes_room(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // In the last run, calls have to wait for hours.
        let runs = [
            first_takes(1000, 12),
            first_takes(AN_HOUR, 30),
            vec![AN_HOUR; 18],
        ];
        for (number, latencies) in runs.into_iter().enumerate() {
            let scenario = Scenario::new(number, LIMIT, latencies);
            let limited = client(answer, &scenario);
            get(
                answer,
                &scenario,
                recorder,
                get_all(&*limited, &scenario.paths),
            )
            .await?;
        }
        Ok(())
    });
}

/// Two that share a client by reference, and two that have a clone each.
fn two_callers_share_one_limit(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (number, cloned) in [false, true].into_iter().enumerate() {
            let scenario = Scenario::new(number, LIMIT, vec![100; 40]);
            let limited = client(answer, &scenario);
            let other = if cloned {
                &limited.call_clone()
            } else {
                &limited
            };
            let (mine, yours) = scenario.paths.split_at(20);
            let getting = async {
                let (mut got, others) =
                    tokio::join!(get_all(&*limited, mine), get_all(&**other, yours));
                got.extend(others);
                got
            };
            let kept = get(answer, &scenario, recorder, getting).await;
            let most = scenario.upstream.high_water();
            ensure(!(cloned && most == 2 * scenario.limit), || {
                limit_per_clone("two callers with a clone each", most, scenario.limit)
            })?;
            kept?;
        }
        Ok(())
    });
}

/// Each call on its own task: no two of them share a task or a local variable.
fn tasks_share_one_limit(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let scenario = Scenario::new(1, LIMIT, vec![100; 40]);
        let limited = Rc::new(client(answer, &scenario));
        let tasks = LocalSet::new();
        let calls: Vec<_> = scenario
            .paths
            .iter()
            .map(|path| {
                let (limited, path) = (Rc::clone(&limited), path.clone());
                tasks.spawn_local(async move { limited.call_get(&path).await })
            })
            .collect();
        let getting = tasks.run_until(try_join_all(calls));
        let getting = async { getting.await.expect("`get` doesn't panic") };
        get_in_any_order(answer, &scenario, recorder, getting).await
    });
}

fn each_client_has_its_own_limit(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let global = |happened: String| {
            Fault::new("limit_shared_too_widely")
                .happened(happened)
                .expected("each client made by `new` keeps its own limit")
                .next("make the semaphore in `new`, and keep it in a field: the whole program shares a `static`")
        };
        // All clients exist before the first of them is used.
        let limits = [(4, 24), (1100, 1300), (1, 5), (7, 28)];
        let clients: Vec<_> = (0..)
            .zip(limits)
            .map(|(number, (limit, calls))| Scenario::new(number, limit, vec![100; calls]))
            .map(|scenario| (client(answer, &scenario), scenario))
            .collect();
        for (limited, scenario) in &clients {
            let getting = get_all(&**limited, &scenario.paths);
            let kept = get_in_any_order(answer, scenario, recorder, getting).await;
            let (limit, most) = (scenario.limit, scenario.upstream.high_water());
            let of_another = most > 1 && limits.iter().any(|&(other, _)| other == most);
            ensure(most == limit || !of_another, || {
                global(format!(
                    "a client with a limit of {limit} had {most} calls in flight, which is the limit of another client"
                ))
            })?;
            kept?;
        }
        // Two clients of the same upstream, with the same limit, at the same time.
        let both = Scenario::new(4, 3, vec![100; 40]);
        let (one, other) = (client(answer, &both), client(answer, &both));
        let (mine, yours) = both.paths.split_at(20);
        recorder.restart();
        let _answers = tokio::join!(get_all(&*one, mine), get_all(&*other, yours));
        let most = both.upstream.high_water();
        ensure(most == 2 * both.limit, || {
            global(format!(
                "two clients with a limit of {} each had {most} calls in flight together",
                both.limit
            ))
        })
    });
}

fn failures_give_their_permit_back(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // Enough failures in a row to open any ordinary circuit breaker.
        for (number, failures) in [1, 2, 3, 7, 60].into_iter().enumerate() {
            let badly = Badly {
                how: format!("{} failed", counted(failures, "call")),
                gets: failures,
                all_begin: true,
            };
            places_are_free_again(answer, recorder, number, badly, async |limited| {
                for _ in 0..failures {
                    let _answer_is_an_error = limited.call_get(FAILS).await;
                }
            })
            .await?;
        }
        Ok(())
    });
}

fn dropped_calls_give_their_permit_back(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // The first three are in flight when they're dropped, and all others are still waiting.
        for (number, dropped) in [1, 2, 3, 4, 7].into_iter().enumerate() {
            let badly = Badly {
                how: format!("{} dropped half way", were(dropped)),
                gets: dropped,
                all_begin: false,
            };
            places_are_free_again(answer, recorder, number, badly, async |limited| {
                let paths = vec!["calls/0".to_owned(); dropped];
                let _elapsed = timeout(ms(50), get_all(limited, &paths)).await;
            })
            .await?;
        }
        // Four calls are dropped while they wait for their turn, and those in flight go on.
        let badly = Badly {
            how: "4 calls were dropped while they waited".to_owned(),
            gets: 7,
            all_begin: false,
        };
        places_are_free_again(answer, recorder, 5, badly, async |limited| {
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

fn answers_and_errors_come_as_they_are(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let scenario = Scenario::failing(1, 3, vec![100; 12], &[1, 2, 5, 6, 7, 11]);
        let limited = client(answer, &scenario);
        recorder.restart();
        for (index, path) in scenario.paths.iter().enumerate() {
            let (got, took) = ends(&scenario.upstream, 1, limited.call_get(path), |_| {
                permit_leaked(format!(
                    "after {}, some of them failed ones, no more ever began",
                    counted(index, "call")
                ))
            })
            .await?;
            let made = scenario.calls().len();
            ensure(made == index + 1, || extra_call_made(made, index + 1))?;
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
            ensure(got == expected, || data_altered(path, &got))?;
            let call = scenario.latencies[index];
            ensure(took == call, || {
                Fault::new("needless_wait")
                    .happened(format!(
                        "with no other call in flight, `get` for {path} took {}, and the call takes {}",
                        Readable(took),
                        Readable(call)
                    ))
                    .expected("`get` returns when the call has ended, with a page or an error")
                    .next("remove the sleep, or the `.await` that the call doesn't need")
            })?;
        }
        // Several callers ask for the same path at the same time.
        let before = scenario.calls().len();
        let same = vec!["calls/0".to_owned(); 7];
        let (got, _) = ends(
            &scenario.upstream,
            same.len(),
            get_all(&*limited, &same),
            |_| permit_leaked("some of seven calls for the same path never began".into()),
        )
        .await?;
        let made = scenario.calls().len() - before;
        let refused = got.iter().filter(|got| got.is_err()).count();
        ensure(refused == 0, || refused_when_full(&scenario, made, refused))?;
        ensure(made <= same.len(), || extra_call_made(made, same.len()))?;
        ensure(made == same.len(), || call_skipped(made, same.len()))
    });
}
