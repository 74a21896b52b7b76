//! The one limit of all routes.

use async_workbook::{
    harness::{counted, ms},
    verdict::{Fault, ensure, examine},
};
use axum::{Router, http::StatusCode};
use tokio::time::sleep;

use super::{AT_ONCE, PATIENCE, service};
use crate::{
    Answer, AppState,
    faults::{goes_on, shown},
    scene::{Asked, ask, get, pages, state, turns},
};

fn not_enforced(happened: String) -> Fault {
    Fault::new("limit_not_enforced")
        .happened(happened)
        .expected(format!("at most {AT_ONCE} requests are handled at once. The others wait"))
        .next("hold a permit of one semaphore while the handler runs: `let _slot = slots.acquire().await`, then `next.run(request).await`")
}

fn too_few(most: usize) -> Fault {
    Fault::new("limit_too_low")
        .happened(format!(
            "25 requests came at the same time, and only {} at once",
            if most == 1 {
                "1 was handled".to_owned()
            } else {
                format!("{most} were handled")
            }
        ))
        .expected(format!(
            "{AT_ONCE} are handled at once while there are so many"
        ))
        .next("make the semaphore with `AT_ONCE` permits, and let each request take one")
}

/// How many of these requests are being handled, when no handler can end.
async fn at_once(apps: &[&Router], paths: &[&str], state: &AppState) -> (usize, Vec<Asked>) {
    let asked = (0..25).map(|number| {
        let app = apps[number % apps.len()];
        ask(
            app,
            get(&format!("/{}/{number}", paths[number % paths.len()])),
        )
    });
    let asked: Vec<_> = asked.collect();
    turns(500).await;
    // So that the timeline shows who waits beside whom.
    sleep(ms(500)).await;
    (state.upstream.in_flight(), asked)
}

pub(super) fn the_limit_holds_and_is_used(answer: &Answer) {
    examine(async |recorder| {
        let state = state(pages(0..25, 1000));
        let app = service(answer, &state);
        recorder.restart();
        let (most, asked) = at_once(&[&app], &["users"], &state).await;
        ensure(most <= AT_ONCE, || {
            not_enforced(format!(
                "25 requests came at the same time, and {most} were handled at once"
            ))
        })?;
        ensure(most == AT_ONCE, || too_few(most))?;
        for (number, asked) in asked.into_iter().enumerate() {
            let reply = asked.answer().await;
            let due = (1 + number as u64 / AT_ONCE as u64) * 1000;
            ensure(reply.status == StatusCode::OK, || {
                Fault::new("call_rejected_when_full")
                    .happened(format!(
                        "25 requests came at the same time. One of them was answered {} at {}",
                        reply.status,
                        shown(reply.after)
                    ))
                    .expected("requests over the limit wait for their turn, and are answered 200")
                    .next("await a permit with `acquire`, instead of `try_acquire` or `load_shed`")
            })?;
            ensure(reply.after <= due, || {
                Fault::new("limit_too_low")
                    .happened(format!("request {} of 25 was answered at {}", number + 1, shown(reply.after)))
                    .expected(format!("each takes 1 s, and {AT_ONCE} run at once, so it's answered at {} at the latest", shown(due)))
                    .next("let each request take a permit when it comes, and give it back when it ends")
            })?;
        }
        let most = state.upstream.high_water();
        ensure(most <= AT_ONCE, || {
            not_enforced(format!(
                "of 25 requests, {most} were handled at once when the first had ended"
            ))
        })
    });
}

pub(super) fn all_routes_share_one_limit(answer: &Answer) {
    examine(async |recorder| {
        let state = state(pages(0..25, 1000));
        let app = service(answer, &state);
        recorder.restart();
        let (most, _asked) = at_once(&[&app], &["users", "orders"], &state).await;
        ensure(most <= AT_ONCE, || {
            Fault::new("limit_per_route")
                .happened(format!("25 requests came at the same time, for two routes, and {most} were handled at once"))
                .expected(format!("at most {AT_ONCE} are handled at once, on all routes together"))
                .next("make the semaphore once, outside the layer. `ConcurrencyLimitLayer` makes one for each route: `GlobalConcurrencyLimitLayer` doesn't")
        })?;
        ensure(most == AT_ONCE, || too_few(most))
    });
}

pub(super) fn clones_share_the_limit(answer: &Answer) {
    examine(async |recorder| {
        let state = state(pages(0..25, 1000));
        let app = service(answer, &state);
        let clones = [app.clone(), app.clone(), app];
        recorder.restart();
        let (most, _asked) =
            at_once(&[&clones[0], &clones[1], &clones[2]], &["users"], &state).await;
        ensure(most <= AT_ONCE, || {
            Fault::new("limit_not_enforced")
                .happened(format!("25 requests came at the same time, to three clones of the router, and {most} were handled at once"))
                .expected(format!("clones share the limit, so at most {AT_ONCE} are handled at once"))
                .next("keep the semaphore in an `Arc` that's made in `app`, so that a clone of the router has the same one")
        })?;
        ensure(most == AT_ONCE, || too_few(most))
    });
}

/// Whatever becomes of a request, its slot is free afterwards.
pub(super) fn slots_come_back(answer: &Answer) {
    examine(async |recorder| {
        // Four ways to end: answered, with a failure, too late, without a client.
        for (way, latency) in [
            ("had been answered 200", 100),
            ("had been answered 404", 100),
            ("had been answered 504", 60_000),
            ("had no client any more", 60_000),
        ] {
            let state = state(pages(0..25, latency));
            let app = service(answer, &state);
            recorder.restart();
            for _ in 0..3 {
                let numbers = match way {
                    "had been answered 404" => 100..100 + AT_ONCE,
                    _ => 0..AT_ONCE,
                };
                let asked = numbers.map(|number| ask(&app, get(&format!("/users/{number}"))));
                let asked: Vec<_> = asked.collect();
                if way == "had no client any more" {
                    turns(100).await;
                    drop(asked);
                    turns(100).await;
                } else {
                    sleep(ms(PATIENCE + 100)).await;
                    turns(100).await;
                }
            }
            ensure(state.upstream.in_flight() == 0, || {
                goes_on(format!(
                    "30 requests {way}, and {} to the upstream went on",
                    counted(state.upstream.in_flight(), "call")
                ))
            })?;
            // A wrong number needs a slot, and nothing else.
            let last = ask(&app, get("/users/100"));
            turns(200).await;
            sleep(ms(200)).await;
            ensure(last.answered(), || {
                Fault::new("permit_leaked")
                    .happened(format!("30 requests {way}. The next one was still waiting for its turn 0.2 s later"))
                    .expected("a request gives its place back when it ends, however it ends")
                    .next("keep the permit as a guard, in a variable: it gives itself back when it's dropped. Leave out `forget`, `add_permits` and counters")
            })?;
        }
        Ok(())
    });
}

pub(super) fn services_share_nothing(answer: &Answer) {
    examine(async |recorder| {
        let states = [state(pages(0..25, 4000)), state(pages(0..25, 4000))];
        let apps = [service(answer, &states[0]), service(answer, &states[1])];
        recorder.restart();
        let (first, _first) = at_once(&[&apps[0]], &["users"], &states[0]).await;
        let (second, _second) = at_once(&[&apps[1]], &["users"], &states[1]).await;
        ensure((first, second) == (AT_ONCE, AT_ONCE), || {
            Fault::new("limit_shared_too_widely")
                .happened(format!(
                    "two services in one process handled {first} and {second} requests at once"
                ))
                .expected(format!(
                    "each of them handles {AT_ONCE}: two services share nothing"
                ))
                .next("make the semaphore in `app`, and not in a `static`")
        })
    });
}
