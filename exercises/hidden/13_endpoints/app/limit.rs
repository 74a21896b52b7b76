//! The one limit of all routes.

use std::{panic, sync::Arc};

use async_workbook::{
    harness::{counted, ms},
    services::upstream::{Page, Remote, Route, UpstreamError},
    verdict::{Fault, ensure, examine},
};
use axum::{Router, http::StatusCode};
use futures::future::BoxFuture;
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

/// Nine places are taken for long. The others come in one after another.
pub(super) fn each_place_is_used_at_once(answer: &Answer) {
    // No round number, so that whoever asks now and then whether there is a place is too late.
    const SHORT: u64 = 503;
    examine(async |recorder| {
        let slow = AT_ONCE - 1;
        let upstream = pages(0..slow, 4000);
        let upstream = (slow..slow + 6).fold(upstream, |upstream, number| {
            upstream.route(Route::new(format!("users/{number}")).latency(ms(SHORT)))
        });
        let state = state(upstream);
        let app = service(answer, &state);
        recorder.restart();
        let mut asked: Vec<_> = (0..slow + 6)
            .map(|number| ask(&app, get(&format!("/users/{number}"))))
            .collect();
        let mut times = Vec::new();
        for short in asked.split_off(slow) {
            times.push(short.answer().await.after);
        }
        times.sort_unstable();
        let most = state.upstream.high_water();
        ensure(most <= AT_ONCE, || {
            not_enforced(format!(
                "9 requests of 4 s and 6 of {SHORT} ms came at the same time, and {most} were handled at once"
            ))
        })?;
        for (number, after) in (1..).zip(times) {
            ensure(after <= number * SHORT, || {
                Fault::new("limit_too_low")
                    .happened(format!("9 requests of 4 s and 6 of {SHORT} ms came at the same time. {number} of the short ones had been answered only at {after} ms"))
                    .expected(format!("the short ones take turns at the tenth place, so {number} of them have been answered at {} ms", number * SHORT))
                    .next("let the next request in as soon as one has ended: await a permit with `acquire`")
            })?;
        }
        Ok(())
    });
}

/// However many wait, each gets its turn.
pub(super) fn a_crowd_waits(answer: &Answer) {
    const CROWD: usize = 400;
    examine(async |recorder| {
        let state = state(pages(0..CROWD, 50));
        let app = service(answer, &state);
        let asked: Vec<_> = (0..CROWD)
            .map(|number| ask(&app, get(&format!("/users/{number}"))))
            .collect();
        let mut refused = Vec::new();
        for asked in asked {
            let reply = asked.answer().await;
            if reply.status != StatusCode::OK {
                refused.push(reply);
            }
        }
        // Nobody can read a timeline of so many.
        recorder.restart();
        ensure(refused.is_empty(), || {
            Fault::new("call_rejected_when_full")
                .happened(format!(
                    "{CROWD} requests of 50 ms came at the same time, and {} of them weren't answered 200. One was answered {} at {}",
                    refused.len(),
                    refused[0].status,
                    shown(refused[0].after)
                ))
                .expected("all of them get their turn within 2.0 s: however many are waiting, none is refused")
                .next("let requests wait for `acquire` without a bound on their number")
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

/// How a request ends.
#[derive(Clone, Copy)]
enum Ending {
    Answered,
    NotFound,
    BadGateway,
    TooLate,
    Panicked,
    HungUp,
    HungUpWhileWaiting,
}

impl Ending {
    fn words(self) -> &'static str {
        match self {
            Self::Answered => "had been answered 200",
            Self::NotFound => "had been answered 404",
            Self::BadGateway => "had been answered 502",
            Self::TooLate => "had been answered 504",
            Self::Panicked => "had ended with a panic in their handlers",
            Self::HungUp => {
                "had no client any more, and neither had those that were waiting for their turn"
            }
            Self::HungUpWhileWaiting => {
                "had no client any more, half of them while they were waiting for their turn"
            }
        }
    }

    fn state(self) -> AppState {
        let latency = match self {
            Self::TooLate | Self::HungUp | Self::HungUpWhileWaiting => 60_000,
            _ => 100,
        };
        let broken = Route::new("users/50").fails(503);
        let mut state = state(pages(0..25, latency).route(broken));
        if let Self::Panicked = self {
            state.upstream = state.upstream.reached_by(Arc::new(Broken));
        }
        state
    }

    /// The requests of one round, and what becomes of them.
    async fn round(self, app: &Router) {
        let path = |number| match self {
            Self::NotFound => "/users/100".to_owned(),
            Self::BadGateway => "/users/50".to_owned(),
            _ => format!("/users/{number}"),
        };
        let count = match self {
            Self::HungUp | Self::HungUpWhileWaiting => 2 * AT_ONCE,
            _ => AT_ONCE,
        };
        let mut asked: Vec<_> = (0..count)
            .map(|number| ask(app, get(&path(number))))
            .collect();
        match self {
            Self::HungUp => turns(200).await,
            Self::HungUpWhileWaiting => {
                turns(200).await;
                asked.truncate(AT_ONCE);
                turns(200).await;
            }
            _ => sleep(ms(PATIENCE + 100)).await,
        }
        drop(asked);
        turns(200).await;
    }
}

/// Panics when it's asked for one of the first pages, and knows no other.
#[derive(Debug)]
struct Broken;

impl Remote for Broken {
    fn get<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<Page, UpstreamError>> {
        if path != "users/100" {
            // Unlike `panic!`, this prints nothing.
            panic::resume_unwind(Box::new("the table of pages is torn"));
        }
        let (path, status) = (path.to_owned(), 404);
        Box::pin(async move { Err(UpstreamError::Status { path, status }) })
    }

    fn url(&self) -> &'static str {
        "nowhere"
    }

    fn connections(&self) -> usize {
        0
    }
}

/// Whatever becomes of a request, its slot is free afterwards.
pub(super) fn slots_come_back(answer: &Answer) {
    examine(async |recorder| {
        for ending in [
            Ending::Answered,
            Ending::NotFound,
            Ending::BadGateway,
            Ending::TooLate,
            Ending::HungUp,
            Ending::HungUpWhileWaiting,
            Ending::Panicked,
        ] {
            let (state, way) = (ending.state(), ending.words());
            let app = service(answer, &state);
            recorder.restart();
            for _ in 0..3 {
                ending.round(&app).await;
            }
            ensure(state.upstream.in_flight() == 0, || {
                goes_on(format!(
                    "requests {way}, and {} to the upstream went on",
                    counted(state.upstream.in_flight(), "call")
                ))
            })?;
            // A wrong number needs a slot, and nothing else.
            let last = ask(&app, get("/users/100"));
            turns(200).await;
            sleep(ms(200)).await;
            ensure(last.answered(), || {
                Fault::new("permit_leaked")
                    .happened(format!("some requests {way}. The next one was still waiting for its turn 0.2 s later"))
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
