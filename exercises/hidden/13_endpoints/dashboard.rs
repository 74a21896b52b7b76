//! The hidden tests of `dashboard`.

use async_workbook::{
    harness::{Task, counted, listed, ms, task},
    services::upstream::{Builder, Outcome, Route, Upstream, UpstreamError},
    verdict::{Fault, ensure, examine},
};
use tokio::time::sleep;

use crate::{
    Answer, ApiError, AppState, Dashboard,
    faults::{Checked, goes_on, no_task_is_left, shown, variant},
    scene::{Seen, hang_up, observe, state},
};

pub(crate) const TASK: Task<Answer> = task!(
    dashboard: the_three_calls_overlap,
    paging_has_bounds,
    the_first_failure_ends_it,
    a_client_that_hangs_up_ends_the_calls,
    users_do_not_wait_for_each_other,
);

/// What a dashboard shows of which orders, and how long each of its calls takes.
#[derive(Clone, Copy)]
struct Trial {
    name: &'static str,
    skip: i64,
    limit: i64,
    latencies: [u64; 3],
}

const ADA: Trial = Trial {
    name: "ada",
    skip: 0,
    limit: 10,
    latencies: [500, 300, 200],
};

impl Trial {
    fn paths(self) -> [String; 3] {
        let Self {
            name, skip, limit, ..
        } = self;
        [
            format!("users/{name}"),
            format!("orders/{name}/{skip}/{limit}"),
            format!("stats/{name}"),
        ]
    }

    /// Bob has no orders: their page is there, and empty.
    fn bodies(self) -> [String; 3] {
        self.paths()
            .map(|path| match path.starts_with("orders/bob") {
                true => String::new(),
                false => format!("the page {path}\n"),
            })
    }

    /// Besides what is asked for, the upstream knows what wrong calls ask for.
    fn upstream(self, change: impl Fn(usize, Route) -> Route) -> Builder {
        let [user, orders, stats] = self.paths();
        let routes = [user, orders, stats].into_iter().enumerate();
        routes.fold(Upstream::builder(), |builder, (part, path)| {
            let route = Route::new(path)
                .latency(ms(self.latencies[part]))
                .body(&self.bodies()[part]);
            builder.route(change(part, route))
        })
    }

    fn call(self, answer: &Answer, state: &AppState) -> crate::Answered<Dashboard> {
        (answer.dashboard)(state.clone(), self.name.into(), self.skip, self.limit)
    }

    async fn run(self, answer: &Answer, state: &AppState) -> Seen<Dashboard> {
        observe(self.call(answer, state)).await
    }

    fn asked(self) -> String {
        format!("`skip` {} and `limit` {}", self.skip, self.limit)
    }
}

/// What the handler asked the upstream for, in the order of the calls.
fn called(state: &AppState) -> Vec<String> {
    let calls = state.upstream.calls().into_iter();
    let begun = calls.filter(|call| call.started.is_some());
    begun.map(|call| call.path).collect()
}

fn came(seen: &Seen<Dashboard>) -> String {
    match &seen.result {
        Ok(Ok(_)) => "a dashboard".into(),
        Ok(Err(error)) => variant(error).into(),
        Err(message) => format!("a panic: {message}"),
    }
}

/// The dashboard is whole, and took as long as the slowest call.
fn whole(trial: Trial, state: &AppState, seen: &Seen<Dashboard>) -> Checked {
    let (paths, mut called) = (trial.paths(), called(state));
    let asked_for = listed(&called);
    let is_refused = match &seen.result {
        Ok(Err(ApiError::Invalid(_))) => true,
        Err(_) => called.is_empty(),
        Ok(_) => false,
    };
    ensure(!is_refused, || {
        Fault::new("valid_paging_refused")
            .happened(format!("with {}, there was {}", trial.asked(), came(seen)))
            .expected("there is a dashboard: `skip` is 0 or more, and `limit` is from 1 to 100, both included")
            .next("let `skip` be any number from 0, and write `(1..=100).contains(&limit)`")
    })?;
    ensure(
        !called.is_empty() || !matches!(seen.result, Ok(Ok(_))),
        || {
            Fault::new("unrequested_cache")
                .happened("the handler returned a dashboard, and called nothing")
                .expected("each request makes its three calls")
                .next("remove the cache: a page that's kept goes out of date")
        },
    )?;
    ensure(called.iter().all(|path| paths.contains(path)), || {
        Fault::new("wrong_path_fetched")
                .happened(format!(
                    "for {} with {}, the handler called {asked_for}",
                    trial.name,
                    trial.asked()
                ))
                .expected(format!("it calls {}", listed(&paths)))
                .next("format each path as the task says, with the user's name and the numbers of the paging")
    })?;
    ensure(paths.iter().all(|path| called.contains(path)), || {
        Fault::new("call_skipped")
            .happened(format!("the handler called {asked_for}"))
            .expected(format!("it calls {}", listed(&paths)))
            .next("make all three calls: a dashboard has the bodies of all three pages")
    })?;
    called.sort();
    called.dedup();
    ensure(called.len() == state.upstream.hits(), || {
        Fault::new("extra_call_made")
            .happened(format!("the handler called {asked_for}"))
            .expected("it makes three calls, each of them once")
            .next("remove the call that's made again")
    })?;
    let Ok(Ok(dashboard)) = &seen.result else {
        return Err(Fault::new("success_reported_as_failure")
            .happened(format!(
                "all three calls succeeded, and there was {}",
                came(seen)
            ))
            .expected("there is a dashboard")
            .next("return `Ok(Json(Dashboard { … }))` with the bodies of the three pages"));
    };
    let bodies = trial.bodies();
    let shown_bodies = [&dashboard.user, &dashboard.orders, &dashboard.stats];
    ensure(
        shown_bodies
            .iter()
            .zip(&bodies)
            .all(|(shown, body)| *shown == body),
        || {
            let is_swapped = shown_bodies.iter().all(|shown| bodies.contains(shown));
            Fault::new(if is_swapped { "results_swapped" } else { "data_altered" })
            .happened(format!("the dashboard is {dashboard:?}"))
            .expected(format!("its `user` is {:?}, its `orders` {:?}, and its `stats` {:?}", bodies[0], bodies[1], bodies[2]))
            .next("`try_join!` returns its results in the order of its futures: put each page's `body` into its own field, as it is")
        },
    )?;
    let slowest = trial.latencies.into_iter().max().unwrap_or_default();
    ensure(seen.took <= slowest, || {
        Fault::new("independent_calls_in_sequence")
            .happened(format!(
                "the calls take {}, {} and {}, and the dashboard took {}",
                shown(trial.latencies[0]),
                shown(trial.latencies[1]),
                shown(trial.latencies[2]),
                shown(seen.took)
            ))
            .expected(format!(
                "it takes as long as the slowest call, {}",
                shown(slowest)
            ))
            .next("make all three futures first, and await them together with `try_join!`")
    })?;
    ensure(seen.took == slowest, || {
        Fault::new("returned_before_work_finished")
            .happened(format!(
                "the slowest call takes {}, and the dashboard took {}",
                shown(slowest),
                shown(seen.took)
            ))
            .expected("the dashboard has what the calls returned")
            .next("await each call on the runtime that runs the handler")
    })
}

fn the_three_calls_overlap(answer: &Answer) {
    examine(async |recorder| {
        let fast_orders = Trial {
            name: "bob",
            skip: 40,
            limit: 20,
            latencies: [300, 100, 900],
        };
        let slow_orders = Trial {
            latencies: [100, 4700, 200],
            ..ADA
        };
        for trial in [ADA, fast_orders, slow_orders] {
            let state = state(trial.upstream(|_, route| route));
            recorder.restart();
            let seen = trial.run(answer, &state).await;
            whole(trial, &state, &seen)?;
        }
        no_task_is_left("the handler").await
    });
}

fn paging_has_bounds(answer: &Answer) {
    examine(async |recorder| {
        // One page too many comes first: it's the bound that is most often off by one.
        for (skip, limit) in [
            (0, 101),
            (0, 0),
            (-1, 10),
            (0, -5),
            // As numbers of 8 or 32 bits, these two would be 10.
            (0, 0x10a),
            (0, 0x1_0000_000a),
            (5, i64::MAX),
            (i64::MIN, 10),
        ] {
            let trial = Trial { skip, limit, ..ADA };
            let state = state(trial.upstream(|_, route| route));
            recorder.restart();
            let seen = trial.run(answer, &state).await;
            let expected = "it returns `ApiError::Invalid`, and calls nothing";
            let calls = called(&state);
            match &seen.result {
                Ok(Err(ApiError::Invalid(_))) => {}
                Ok(Ok(_)) | Ok(Err(ApiError::NotFound))
                    if calls.iter().any(|path| trial.paths()[1] == *path) =>
                {
                    return Err(Fault::new("paging_not_checked")
                        .happened(format!("with {}, the handler called {}", trial.asked(), listed(&calls)))
                        .expected(expected)
                        .next("before the calls, return `Err(ApiError::Invalid(…))` unless `skip >= 0` and `(1..=100).contains(&limit)`"));
                }
                Ok(Err(error)) if calls.is_empty() || *error != ApiError::NotFound => {
                    return Err(Fault::new("wrong_error_returned")
                        .happened(format!(
                            "with {}, the handler returned {}",
                            trial.asked(),
                            variant(error)
                        ))
                        .expected(expected)
                        .next(
                            "return `ApiError::Invalid`, whose text says which numbers are allowed",
                        ));
                }
                Ok(Ok(_) | Err(_)) => {
                    return Err(Fault::new("paging_clamped")
                        .happened(format!("with {}, the handler called {}", trial.asked(), listed(&calls)))
                        .expected(format!("{expected}: a client that asks for too much learns of it"))
                        .next("return an error instead of another number: leave out `clamp`, `min` and `max`"));
                }
                Err(_) => {
                    return Err(Fault::new("panic_on_bad_request")
                        .happened(format!("with {}, there was {}", trial.asked(), came(&seen)))
                        .expected(expected)
                        .next("check the numbers before you compute with them, and return an error instead of an `unwrap` or an `assert!`"));
                }
            }
            ensure(calls.is_empty(), || {
                Fault::new("call_made_before_check")
                    .happened(format!(
                        "with {}, the handler called {}, and then returned `ApiError::Invalid`",
                        trial.asked(),
                        listed(&calls)
                    ))
                    .expected(expected)
                    .next("check the paging before the first call")
            })?;
        }
        for (skip, limit) in [(0, 1), (0, 100), (7, 10), (1_000_000, 100), (i64::MAX, 1)] {
            let trial = Trial { skip, limit, ..ADA };
            let state = state(trial.upstream(|_, route| route));
            recorder.restart();
            let seen = trial.run(answer, &state).await;
            whole(trial, &state, &seen)?;
        }
        Ok(())
    });
}

fn the_first_failure_ends_it(answer: &Answer) {
    examine(async |recorder| {
        for failing in 0..3 {
            for status in [503, 404] {
                let mut trial = Trial {
                    latencies: [900, 800, 700],
                    ..ADA
                };
                trial.latencies[failing] = 200;
                let upstream = trial.upstream(|part, route| match part == failing {
                    true => route.fails(status),
                    false => route,
                });
                let state = state(upstream);
                recorder.restart();
                let seen = trial.run(answer, &state).await;
                let hits = state.upstream.hits();
                ensure(hits <= 3, || {
                    Fault::new("unrequested_retry")
                        .happened(format!(
                            "one of the three calls failed, and the handler made {}",
                            counted(hits, "call")
                        ))
                        .expected("it makes three calls, and passes the error on")
                        .next("remove the retry: this task asks for none")
                })?;
                let path = &trial.paths()[failing];
                let broken = UpstreamError::Status {
                    path: path.clone(),
                    status,
                };
                let due = match status {
                    404 => ApiError::NotFound,
                    _ => ApiError::Upstream(broken),
                };
                ends_with(path, status, &due, &seen)?;
                // The runtime drops an aborted task when it next gets round to it.
                sleep(ms(1)).await;
                nothing_goes_on(&state, "the handler returned")?;
            }
        }
        no_task_is_left("the handler").await
    });
}

fn ends_with(path: &str, status: u16, due: &ApiError, seen: &Seen<Dashboard>) -> Checked {
    let happened = format!(
        "at {}, {path} answered {status}, and the handler returned {} at {}",
        shown(200),
        came(seen),
        shown(seen.took)
    );
    let expected = format!("it returns {} at {}", variant(due), shown(200));
    match &seen.result {
        Ok(Err(error)) if error == due => ensure(seen.took == 200, || {
            let name = match seen.took {
                ..200 => "wrong_error_returned",
                _ => "needless_wait_for_all",
            };
            Fault::new(name)
                .happened(happened)
                .expected(expected)
                .next("replace `join!` or the awaits in turn by `try_join!`, which returns when the first of its futures fails")
        }),
        Ok(Err(ApiError::Upstream(_))) if matches!(due, ApiError::Upstream(_)) => {
            Err(Fault::new("error_detail_lost")
                .happened(format!("{happened}, with another error inside than the call's"))
                .expected("`ApiError::Upstream` has the error of the call that failed, for the log")
                .next("let `?` turn the call's error into an `ApiError`, instead of making one"))
        }
        Ok(Err(_)) => Err(Fault::new("wrong_error_returned")
            .happened(happened)
            .expected(expected)
            .next("use `?`, which turns an `UpstreamError` into an `ApiError` with the given `From`")),
        Ok(Ok(_)) => Err(Fault::new("error_swallowed")
            .happened(happened)
            .expected(expected)
            .next("pass each call's error on with `?`, or let `try_join!` do it: leave out `unwrap_or_default` and the like")),
        Err(_) => Err(Fault::new("error_turned_into_panic")
            .happened(happened)
            .expected(expected)
            .next("replace `fetch`, which panics, and each `unwrap` by `get` and `?`")),
    }
}

fn nothing_goes_on(state: &AppState, when: &str) -> Checked {
    let running = state.upstream.in_flight();
    ensure(running == 0, || {
        goes_on(format!("when {when}, {} went on", counted(running, "call")))
    })
}

fn a_client_that_hangs_up_ends_the_calls(answer: &Answer) {
    examine(async |recorder| {
        for after in [100, 250, 400] {
            let state = state(ADA.upstream(|_, route| route));
            recorder.restart();
            hang_up(after, ADA.call(answer, &state)).await;
            nothing_goes_on(&state, "the client hung up")?;
            sleep(ms(10_000)).await;
            let late =
                state.upstream.calls().into_iter().any(|call| {
                    call.outcome == Some(Outcome::Answered) && call.path == "users/ada"
                });
            ensure(!late, || {
                goes_on(format!(
                    "the client hung up at {}, and the calls ran to their end",
                    shown(after)
                ))
            })?;
        }
        no_task_is_left("the handler").await
    });
}

fn users_do_not_wait_for_each_other(answer: &Answer) {
    examine(async |recorder| {
        let state = state(ADA.upstream(|_, route| route));
        recorder.restart();
        let requests = (0..4).map(|_| ADA.run(answer, &state));
        let seen = futures::future::join_all(requests).await;
        let slowest = seen.iter().map(|seen| seen.took).max().unwrap_or_default();
        ensure(slowest <= 500, || {
            Fault::new("unrequested_concurrency_limit")
                .happened(format!("four requests came at the same time. One alone takes {}, and the last of them took {}", shown(500), shown(slowest)))
                .expected("they're handled at the same time: the limit is for `app` to keep")
                .next("remove the lock or the semaphore that the handler holds while it waits")
        })?;
        let hits = state.upstream.hits();
        ensure(hits >= 12, || {
            Fault::new("unrequested_cache")
                .happened(format!(
                    "for four requests, the handler made {}",
                    counted(hits, "call")
                ))
                .expected("each request makes its three calls")
                .next("remove the cache, or whatever else hands one request's pages to another")
        })
    });
}
