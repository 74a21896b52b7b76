//! The hidden tests of `users`.

use std::{num::NonZeroUsize, sync::Arc, time::Duration};

use async_workbook::{
    harness::{Task, counted, listed, ms, task},
    timeline::Recorder,
    verdict::{Fault, catch_panic, ensure, examine, mark_in},
};

use serde_json::json;
use tokio::task::LocalSet;

use crate::{
    Answer, Client, Fetched,
    faults::{
        ended_with_the_caller, is_user, never_ended, one_client, same_kind, told, wrong_request,
    },
    pictures::with_connections,
    reply::{Reply, Step, name, piece},
    scene::{Call, Checked, Ended, STEP, Scene, new_ids, shown},
    service::{Seen, Service},
};

pub(crate) const TASK: Task<Answer> = task!(
    users: requests_wait_together,
    results_are_in_the_order_of_the_ids,
    the_limit_is_kept_and_used,
    the_next_begins_when_one_ends,
    each_call_has_its_own_limit,
    one_error_leaves_the_others_whole,
    each_request_has_its_own_time,
    each_id_is_asked_for_once,
    no_ids_give_no_results,
    requests_share_connections,
    requests_end_with_their_caller,
    any_limit_will_do,
);

const FUNCTION: &str = "users";
const LIMIT: Duration = ms(5000);
/// For what isn't about time.
const GENEROUS: Duration = ms(60_000);
const PATIENCE: Duration = ms(60_000);
const SECOND: Duration = ms(1000);

fn at_most(limit: usize) -> NonZeroUsize {
    NonZeroUsize::new(limit).expect("no test has a limit of zero")
}

/// Asks for these users.
async fn run(
    answer: &Answer,
    scene: &Scene,
    service: &Service,
    ids: &[u64],
    limit: usize,
) -> Checked<Ended<Vec<Fetched>>> {
    let call = start(answer, service, GENEROUS, ids, limit);
    let ended = scene.end_of(PATIENCE, call).await;
    ended.ok_or_else(|| never_ended(FUNCTION, PATIENCE))
}

fn start(
    answer: &Answer,
    service: &Service,
    timeout: Duration,
    ids: &[u64],
    limit: usize,
) -> Call<Vec<Fetched>> {
    start_on(&(answer.api)(&service.base, timeout), ids, limit)
}

fn start_on(api: &Arc<dyn Client>, ids: &[u64], limit: usize) -> Call<Vec<Fetched>> {
    let (api, ids) = (Arc::clone(api), ids.to_owned());
    Call::start_local(async move { api.call_users(&ids, at_most(limit)).await })
}

/// One result for each id, in their order.
fn are_users(ids: &[u64], results: &[Fetched]) -> Checked {
    as_many(ids, results)?;
    for (&id, result) in ids.iter().zip(results) {
        if let Ok(user) = result {
            in_its_place(ids, id, user.id)?;
        }
        is_user(FUNCTION, id, result)?;
    }
    Ok(())
}

fn as_many(ids: &[u64], results: &[Fetched]) -> Checked {
    ensure(ids.len() == results.len(), || {
        Fault::new("results_missing")
            .happened(format!(
                "for {}, `users` returned {}",
                counted(ids.len(), "id"),
                counted(results.len(), "result")
            ))
            .expected("it returns one result for each id, whether it's a user or an error")
            .next("in `users`, return every result: `filter_map`, `flatten` and a map by id leave some out")
    })
}

fn in_its_place(ids: &[u64], id: u64, came: u64) -> Checked {
    ensure(came == id || !ids.contains(&came), || {
        let place = ids.iter().position(|known| *known == id).unwrap_or(0) + 1;
        Fault::new("results_swapped")
            .happened(format!("result {place} is user {came}, and id {place} is {id}"))
            .expected("result 1 belongs to id 1, and so on, whatever order the ids are in")
            .next("in `users`, keep each result's position in `ids`: `enumerate` before, and sort by that afterwards")
    })
}

/// The answer comes half a second later.
fn later(seen: &Seen) -> Reply {
    Reply::user(seen.id()).after(STEP)
}

/// The headers come at once, and the text half a second later.
fn headers_first(seen: &Seen) -> Reply {
    let user = json!({ "id": seen.id(), "name": name(seen.id()) });
    Reply::new(200, vec![Step::Wait(STEP), piece(user.to_string())])
}

/// All of them answer half a second later.
async fn overlap(answer: &Answer, recorder: &Recorder, ids: &[u64], limit: usize) -> Checked {
    overlap_of(answer, recorder, ids, limit, later).await
}

async fn overlap_of(
    answer: &Answer,
    recorder: &Recorder,
    ids: &[u64],
    limit: usize,
    script: fn(&Seen) -> Reply,
) -> Checked {
    let scene = Scene::new(recorder);
    let service = Service::start(script).await;
    let ended = run(answer, &scene, &service, ids, limit).await?;
    let requests = service.requests();
    if let Some(wrong) = requests.iter().find(|seen| {
        seen.method != "GET" || !seen.path.starts_with("/users/") || !ids.contains(&seen.id())
    }) {
        return Err(wrong_request(
            FUNCTION,
            &wrong.what(),
            "GET {base}/users/{id}",
        ));
    }
    let high_water = service.high_water();
    let due = limit.min(ids.len());
    let happened = format!(
        "with {} and a limit of {limit}, at most {} in flight at once",
        counted(ids.len(), "id"),
        match high_water {
            1 => "1 request was".into(),
            many => format!("{many} requests were"),
        }
    );
    let fault = |misconception, next: &str| {
        Err(Fault::new(misconception)
            .happened(&happened)
            .expected(format!(
                "{} in flight: no more, and no fewer",
                counted(due, "request")
            ))
            .next(next))
    };
    match high_water {
        _ if high_water == due => {}
        1 if limit > 2 => {
            return fault(
                "awaits_in_a_loop",
                "in `users`, make the futures first, and await them together, `limit` at a time: `buffer_unordered(limit.get())`",
            );
        }
        _ if high_water == due + 1 || (high_water + 1 == due && high_water > 1) => {
            return fault(
                "limit_off_by_one",
                "in `users`, count again: the request that's about to begin is one of the `limit`",
            );
        }
        _ if high_water > due => {
            return fault(
                "limit_not_enforced",
                "in `users`, hold the permit until the answer has been read: a semaphore's guard in a variable of the same block, or `buffer_unordered(limit.get())`",
            );
        }
        _ => {
            return fault(
                "limit_too_low",
                "in `users`, use the `limit` that it was given, and nothing smaller",
            );
        }
    }
    are_users(ids, &ended.result)?;
    let waves = ids.len().div_ceil(limit) as u32;
    ensure(ended.took == waves * STEP, || {
        Fault::new("needless_wait")
            .happened(format!(
                "{} of half a second each, {limit} at a time, took {}",
                counted(ids.len(), "request"),
                shown(ended.took)
            ))
            .expected(format!("they take {}", shown(waves * STEP)))
            .next("in `users`, start a request as soon as another one has ended")
    })
}

async fn basics(answer: &Answer, recorder: &Recorder) -> Checked {
    overlap(answer, recorder, &new_ids::<3>(), 3).await
}

/// The function's future needn't be `Send`.
fn examine_locally(test: impl AsyncFnOnce(&Recorder) -> Checked) {
    examine(async |recorder: &Recorder| LocalSet::new().run_until(test(recorder)).await);
}

fn requests_wait_together(answer: &Answer) {
    examine_locally(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        overlap(answer, recorder, &new_ids::<8>(), 20).await
    });
}

/// The later an id stands in the list, the sooner its answer comes. The ids aren't in the order of their numbers.
async fn reversed(answer: &Answer, recorder: &Recorder, limit: usize) -> Checked {
    let scene = Scene::new(recorder);
    let [a, b, c, d, e, f] = new_ids();
    let ids = [d, a, f, b, e, c];
    let service = Service::start(move |seen| {
        let later = ids.iter().rev().position(|id| *id == seen.id());
        let steps = u32::try_from(later.unwrap_or(0) + 1).unwrap_or(1);
        Reply::user(seen.id()).after(steps * STEP)
    });
    let service = service.await;
    let ended = run(answer, &scene, &service, &ids, limit).await?;
    as_many(&ids, &ended.result)?;
    let came: Vec<_> = ended.result.iter().flatten().map(|user| user.id).collect();
    ensure(limit < ids.len() || came != [c, e, b, f, a, d], || {
        Fault::new("results_in_completion_order")
            .happened(format!(
                "`users` was asked for the ids {}, and returned users {}: that's the order in which the answers came",
                numbers(&ids),
                numbers(&came)
            ))
            .expected("result 1 belongs to id 1, and so on, whichever answer comes first")
            .next("in `users`, keep each result's position: `enumerate` before, and sort afterwards; `join_all` keeps the order by itself")
    })?;
    are_users(&ids, &ended.result)
}

fn numbers(ids: &[u64]) -> String {
    listed(&ids.iter().map(u64::to_string).collect::<Vec<_>>())
}

fn results_are_in_the_order_of_the_ids(answer: &Answer) {
    examine_locally(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        for limit in [6, 2, 1, 20] {
            reversed(answer, recorder, limit).await?;
        }
        Ok(())
    });
}

fn the_limit_is_kept_and_used(answer: &Answer) {
    examine_locally(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        for limit in [3, 1, 2, 7] {
            overlap(answer, recorder, &new_ids::<9>(), limit).await?;
        }
        overlap(answer, recorder, &new_ids::<60>(), 40).await?;
        // A request is in flight until its whole answer has come.
        overlap_of(answer, recorder, &new_ids::<6>(), 2, headers_first).await
    });
}

/// In turn, and at the same time.
fn each_call_has_its_own_limit(answer: &Answer) {
    examine_locally(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        let service = Service::start(later).await;
        let api = (answer.api)(&service.base, GENEROUS);
        for (turn, limit) in [(1, 2), (2, 4)] {
            let call = start_on(&api, &new_ids::<4>(), limit);
            scene.soon(|| service.in_flight() == limit).await;
            let in_flight = service.in_flight();
            ensure(in_flight == limit, || {
                limit_kept(format!(
                    "call {turn} of `users` had 4 ids and a limit of {limit}, and {in_flight} of its requests were in flight"
                ))
            })?;
            let ended = scene.end_of(PATIENCE, call).await;
            ended.ok_or_else(|| never_ended(FUNCTION, PATIENCE))?;
        }
        let calls = [2, 3].map(|limit| start_on(&api, &new_ids::<4>(), limit));
        scene.soon(|| service.in_flight() == 5).await;
        let in_flight = service.in_flight();
        ensure(in_flight == 5, || {
            limit_kept(format!(
                "two calls of `users` at the same time had limits of 2 and 3, and {in_flight} of their requests were in flight"
            ))
        })?;
        drop(calls);
        Ok(())
    });
}

fn limit_kept(happened: String) -> Fault {
    Fault::new("limit_too_low")
        .happened(happened)
        .expected("each call has as many in flight as its own limit says, whatever the others do")
        .next("in `users`, make whatever counts the requests anew for each call: in `Api`, it would keep the limit of another call")
}

/// A caller that wants no limit takes the largest.
fn any_limit_will_do(answer: &Answer) {
    examine_locally(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let ids = new_ids::<3>();
        let run = overlap(answer, recorder, &ids, usize::MAX);
        catch_panic(run).await.map_err(|panic| {
            Fault::new("large_limit_not_handled")
                .happened(format!(
                    "with 3 ids and a limit of `NonZeroUsize::MAX`, `users` panicked: {panic}"
                ))
                .expected("3 requests are in flight: the limit may be larger than the number of ids")
                .next("in `users`, where you need a size, take the smaller of `limit.get()` and `ids.len()`: no semaphore has so many permits, and no `Vec` so much room")
        })?
    });
}

fn the_next_begins_when_one_ends(answer: &Answer) {
    examine_locally(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        // The second first: chunks wait for it as well, and a buffer in order doesn't.
        for slow in [1, 0] {
            let ids = new_ids::<5>();
            let order = order_of(answer, recorder, &ids).await?;
            let scene = Scene::new(recorder);
            let slowest = ids[order[slow]];
            let service = Service::start(move |seen| {
                let time = if seen.id() == slowest { 4 } else { 1 };
                Reply::user(seen.id()).after(time * SECOND)
            });
            let service = service.await;
            let ended = run(answer, &scene, &service, &ids, 2).await?;
            ensure(ended.took == 4 * SECOND, || {
                let times = service.times();
                // When each began, in the order of the ids.
                let requests = service.requests();
                let of = |place: &usize| requests.iter().find(|seen| seen.id() == ids[*place]);
                let began: Vec<_> = order.iter().filter_map(of).map(|seen| seen.at).collect();
                let misconception = match slow == 1 && times.get(2) == Some(&(4 * SECOND)) {
                    _ if !began.is_sorted() => "work_divided_in_advance",
                    true => "whole_chunk_awaited",
                    // A buffer in order does begin the third once the first is out of it.
                    false => "results_awaited_in_order",
                };
                Fault::new(misconception)
                    .happened(format!(
                        "with a limit of 2, request {} took 4.0 s and the others 1.0 s each. The third began at {}, and all of it took {}",
                        slow + 1,
                        times.get(2).map_or("no time".into(), |time| shown(*time).to_string()),
                        shown(ended.took)
                    ))
                    .expected("the third begins at 1.0 s, when one of the first two has ended, and all of it takes 4.0 s")
                    .next("in `users`, use `buffer_unordered` and put the results in order afterwards: `buffered` and `chunks` wait for a slow request before they begin another")
            })?;
            are_users(&ids, &ended.result)?;
        }
        Ok(())
    });
}

/// The places of the ids in the order in which their requests begin, two at a time, if all take the same time. The task
/// leaves the order open.
async fn order_of(answer: &Answer, recorder: &Recorder, ids: &[u64]) -> Checked<Vec<usize>> {
    let scene = Scene::new(recorder);
    let service = Service::start(later).await;
    run(answer, &scene, &service, ids, 2).await?;
    let requests = service.requests();
    let began = |place: &usize| {
        let of_id = requests.iter().find(|seen| seen.id() == ids[*place]);
        of_id.map(|seen| seen.at)
    };
    let mut order: Vec<_> = (0..ids.len()).collect();
    // A stable sort: those that begin together stay in their order.
    order.sort_by_key(began);
    Ok(order)
}

fn one_error_leaves_the_others_whole(answer: &Answer) {
    examine_locally(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let ids = new_ids::<6>();
        let script = move |seen: &Seen| {
            let id = seen.id();
            match ids.iter().position(|known| *known == id) {
                Some(1) => Reply::text(404, "no such user"),
                Some(2) => Reply::text(200, "<h1>Welcome</h1>"),
                Some(3) => Reply::new(200, vec![piece("{\"id\""), Step::Wait(ms(0)), Step::Break]),
                _ => Reply::user(id).after(SECOND),
            }
        };
        // What `user` makes of an error is its own task.
        let due = each_by_itself(answer, recorder, &ids, script).await?;
        let scene = Scene::new(recorder);
        let service = Service::start(script).await;
        let ended = run(answer, &scene, &service, &ids, 3).await?;
        ensure(ended.result.iter().any(Result::is_ok), || {
            dropped(format!(
                "three of six requests failed, and `users` returned {}, none of them a user",
                counted(ended.result.len(), "result")
            ))
        })?;
        as_many(&ids, &ended.result)?;
        for (place, (result, due)) in ended.result.iter().zip(&due).enumerate() {
            let Err(error) = due else {
                ensure(result.is_ok(), || {
                    dropped(format!(
                        "three of six requests failed, and result {}, of one that didn't, is {}",
                        place + 1,
                        told(result)
                    ))
                })?;
                is_user(FUNCTION, ids[place], result)?;
                continue;
            };
            let is_due = matches!(result, Err(came) if same_kind(came, error));
            ensure(is_due, || {
                Fault::new("wrong_error_returned")
                    .happened(format!("result {} is {}", place + 1, told(result)))
                    .expected(format!("it's {}, as `user` returns it", told(due)))
                    .next("in `users`, call `self.user(id)`, and return its result as it is")
            })?;
        }
        asks_once(&service, &ids)?;
        // With a permit fewer it takes two seconds.
        ensure(ended.took < 2 * SECOND, || {
            Fault::new("permit_leaked")
                .happened(format!(
                    "of six requests, three at a time, three failed at once and the others took 1.0 s each. All of it took {}",
                    shown(ended.took)
                ))
                .expected("all of it takes 1.0 s: a request that has failed makes room for the next one")
                .next("in `users`, let each request give its permit back, however it ends: hold it in a variable, and never `forget` it")
        })
    });
}

/// What `user` returns for these, one after another.
async fn each_by_itself(
    answer: &Answer,
    recorder: &Recorder,
    ids: &[u64],
    script: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
) -> Checked<Vec<Fetched>> {
    let scene = Scene::new(recorder);
    let service = Service::start(script).await;
    let api = (answer.api)(&service.base, GENEROUS);
    let mut results = Vec::new();
    for &id in ids {
        let api = api.clone();
        let call = Call::start(async move { api.call_user(id).await });
        let ended = scene.end_of(PATIENCE, call).await;
        results.push(ended.ok_or_else(|| never_ended("user", PATIENCE))?.result);
    }
    Ok(results)
}

fn dropped(happened: String) -> Fault {
    Fault::new("results_dropped_at_first_error")
        .happened(happened)
        .expected("the others are users: one error says nothing about them")
        .next("in `users`, remove `try_join_all`, `try_collect` or the `?`, which give up at the first error")
}

fn asks_once(service: &Service, ids: &[u64]) -> Checked {
    let asked: Vec<_> = service.requests().iter().map(Seen::id).collect();
    let expected = format!(
        "it sends {}, one for each id",
        counted(ids.len(), "request")
    );
    let happened = format!(
        "for the ids {}, `users` asked for {}",
        numbers(ids),
        numbers(&asked)
    );
    ensure(asked.len() <= ids.len(), || {
        Fault::new("unrequested_retry")
            .happened(&happened)
            .expected(&expected)
            .next("in `users`, remove the retry: its caller decides which to ask for again")
    })?;
    ensure(asked.len() == ids.len(), || {
        Fault::new("duplicates_lost")
            .happened(&happened)
            .expected(&expected)
            .next("in `users`, go through `ids` as they are: a set or a map by id treats two equal ones as one")
    })
}

/// How long a request waits until it's its turn doesn't count.
fn each_request_has_its_own_time(answer: &Answer) {
    examine_locally(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        let ids = new_ids::<6>();
        let silent = ids[4];
        let service = Service::start(move |seen| match seen.id() {
            id if id == silent => Reply::never(),
            id => Reply::user(id).after(ms(3000)),
        });
        let service = service.await;
        mark_in(LIMIT, "time limit of the first");
        let call = start(answer, &service, LIMIT, &ids, 2);
        let Some(ended) = scene.end_of(PATIENCE, call).await else {
            return Err(Fault::new("timeout_missing")
                .happened(format!(
                    "the service never answered one of six requests, and `users` was still waiting after {}",
                    shown(PATIENCE)
                ))
                .expected("each request has a limit of its own, and `users` returns when all have ended")
                .next("in `users`, call `self.user(id)`, which has a limit"));
        };
        as_many(&ids, &ended.result)?;
        for (&id, result) in ids.iter().zip(&ended.result) {
            if id == silent {
                ensure(result.is_err(), || {
                    Fault::new("data_altered")
                        .happened(format!(
                            "the service never answered one request, and its result is {}",
                            told(result)
                        ))
                        .expected("it's `Timeout`")
                        .next("in `users`, call `self.user(id)`, and return its result as it is")
                })?;
            } else {
                ensure(result.is_ok(), || {
                    Fault::new("queue_time_counted")
                        .happened(format!(
                            "each request took 3.0 s, with a limit of {}, and two at a time. The result for id {id} is {}",
                            shown(LIMIT),
                            told(result)
                        ))
                        .expected("it's a user: its time counts from when its own request begins, and not from the call of `users`")
                        .next("in `users`, start the time limit after the request has got its turn: inside the permit, and not around it")
                })?;
            }
        }
        ensure(ended.took == ms(11_000), || {
            Fault::new("wrong_time_limit")
                .happened(format!(
                    "the third pair began at 6.0 s, and one of them was never answered. With a limit of {}, `users` returned at {}",
                    shown(LIMIT),
                    shown(ended.took)
                ))
                .expected("it returns at 11.0 s, when that request's time is up")
                .next("in `users`, use the time limit that `new` was given, as it is, for each request")
        })
    });
}

fn each_id_is_asked_for_once(answer: &Answer) {
    examine_locally(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        let service = Service::start(|seen| match seen.number % 2 {
            0 => Reply::text(503, "busy").header("retry-after", "1"),
            _ => Reply::user(seen.id()),
        });
        let service = service.await;
        let [one, two, three] = new_ids();
        let ids = [one, two, one, three, three];
        let ended = run(answer, &scene, &service, &ids, 2).await?;
        as_many(&ids, &ended.result)?;
        asks_once(&service, &ids)
    });
}

fn no_ids_give_no_results(answer: &Answer) {
    examine_locally(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        let service = Service::start(|seen| Reply::user(seen.id())).await;
        for limit in [1, 5] {
            let call = start(answer, &service, GENEROUS, &[], limit);
            let ended = catch_panic(scene.end_of(PATIENCE, call)).await;
            let is_empty = matches!(&ended, Ok(Some(ended)) if ended.result.is_empty());
            ensure(is_empty, || {
                let what = match &ended {
                    Err(panic) => format!("it panicked: {panic}"),
                    Ok(None) => "it didn't return".into(),
                    Ok(Some(ended)) => {
                        format!("it returned {}", counted(ended.result.len(), "result"))
                    }
                };
                Fault::new("empty_input_not_handled")
                    .happened(format!("`users` was given no ids, and {what}"))
                    .expected("no ids give no results, at once")
                    .next("in `users`, look at what the code does before the first id, and after the last")
            })?;
        }
        Ok(())
    });
}

fn requests_share_connections(answer: &Answer) {
    examine_locally(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        let service = Service::start(|seen| Reply::user(seen.id()).after(STEP)).await;
        let ids = new_ids::<40>();
        let ended = run(answer, &scene, &service, &ids, 2).await?;
        are_users(&ids, &ended.result)?;
        let connections = service.accepts.total();
        ensure(connections <= MOST_CONNECTIONS, || {
            let fault = Fault::new("client_per_request")
                .happened(format!(
                    "40 requests, two at a time, came over {}",
                    counted(connections, "connection")
                ))
                .expected("they come over two connections, or a few more: a client keeps them for the next request")
                .next("in `users`, use the client that `new` made and keeps in `Api`");
            with_connections(fault, &service.requests())
        })?;
        with_the_other_functions(answer, recorder).await
    });
}

/// A user is asked for by each function in turn.
async fn with_the_other_functions(answer: &Answer, recorder: &Recorder) -> Checked {
    let scene = Scene::new(recorder);
    let service = Service::start(|seen| Reply::user(seen.id())).await;
    let api = (answer.api)(&service.base, GENEROUS);
    for _ in 0..10 {
        let call = start_on(&api, &new_ids::<1>(), 1);
        scene.end_of(PATIENCE, call).await;
        scene.settle().await;
        let ([id], called) = (new_ids(), Arc::clone(&api));
        let call = Call::start(async move { called.call_user(id).await.is_ok() });
        scene.end_of(PATIENCE, call).await;
        scene.settle().await;
    }
    one_client(FUNCTION, "user", &service)
}

/// A connection that comes back a moment too late for the next request isn't the answer's fault.
const MOST_CONNECTIONS: usize = 20;

fn requests_end_with_their_caller(answer: &Answer) {
    examine_locally(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        let service = Service::start(|seen| Reply::user(seen.id()).after(SECOND)).await;
        let call = start(answer, &service, GENEROUS, &new_ids::<9>(), 3);
        scene.soon(|| service.in_flight() == 3).await;
        drop(call);
        scene.settle().await;
        ended_with_the_caller(FUNCTION, &service, 3)?;
        scene.pass(ms(5000)).await;
        ended_with_the_caller(FUNCTION, &service, 3)
    });
}
