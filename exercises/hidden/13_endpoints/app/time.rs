//! The time that a request may take.

use async_workbook::{
    harness::ms,
    services::bank::Bank,
    verdict::{Fault, catch_panic, ensure, examine, mark_in},
};
use axum::http::StatusCode;
use tokio::time::sleep;

use super::{AT_ONCE, PATIENCE, routes::users_can_sign_in, service};
use crate::{
    Answer, AppState, Order,
    faults::{Checked, goes_on, shown},
    scene::{
        ADA, Asked, LONG, Reply, ask, get, hang_up, nothing_upstream, pages, post, state, turns,
        with_bank,
    },
};

/// The answer, or where it's still missing after an hour.
pub(super) async fn patiently(asked: Asked) -> Option<Reply> {
    tokio::time::timeout(LONG, asked.answer()).await.ok()
}

/// A request that would take longer than it may was answered 504 when its time was up.
pub(super) fn in_time(what: &str, reply: Option<Reply>) -> Checked {
    let expected = format!("it's answered 504 at {}", shown(PATIENCE));
    let Some(reply) = reply else {
        return Err(Fault::new("timeout_missing")
            .happened(format!("{what} had no answer an hour later"))
            .expected(expected)
            .next("put a `timeout(PATIENCE, …)` around the handler, in a layer of the router"));
    };
    let happened = format!(
        "{what} was answered {} at {}",
        reply.status,
        shown(reply.after)
    );
    ensure(reply.after == PATIENCE, || {
        let name = match reply.status {
            StatusCode::OK | StatusCode::CREATED => "timeout_missing",
            _ => "wrong_time_limit",
        };
        Fault::new(name)
            .happened(&happened)
            .expected(&expected)
            .next("in `app`, put `timeout(PATIENCE, …)` around the handlers of all routes, in a layer")
    })?;
    ensure(reply.status == StatusCode::GATEWAY_TIMEOUT, || {
        Fault::new("wrong_status_returned")
            .happened(happened)
            .expected(expected)
            .next("when time runs out, answer `ApiError::Timeout.into_response()`, or give the layer `StatusCode::GATEWAY_TIMEOUT`")
    })
}

pub(super) fn a_slow_request_is_answered_504(answer: &Answer) {
    examine(async |recorder| {
        for (kind, latency) in [("users", 60_000), ("orders", 60_000), ("users", 5100)] {
            let state = state(pages(0..1, latency));
            let app = service(answer, &state);
            // The service has been running for a while.
            sleep(ms(7000)).await;
            recorder.restart();
            mark_in(ms(PATIENCE), "504 is due");
            let what = format!(
                "`GET /{kind}/0`, which takes {} and came 7.0 s after `app` had returned,",
                shown(latency)
            );
            in_time(
                &what,
                patiently(ask(&app, get(&format!("/{kind}/0")))).await,
            )?;
            // The runtime drops an aborted task when it next gets round to it.
            turns(10).await;
            ensure(state.upstream.in_flight() == 0, || {
                goes_on(format!(
                    "{what} was answered 504, and its call to the upstream went on"
                ))
            })?;
        }
        let state = state(pages(0..1, 4900));
        let app = service(answer, &state);
        recorder.restart();
        let reply = patiently(ask(&app, get("/users/0"))).await;
        let is_ok = reply
            .as_ref()
            .is_some_and(|reply| reply.status == StatusCode::OK);
        ensure(is_ok, || {
            Fault::new("wrong_time_limit")
                .happened("a request that takes 4.9 s wasn't answered 200")
                .expected(format!("a request may take {}", shown(PATIENCE)))
                .next("use `PATIENCE` as it is, once, around everything else")
        })
    });
}

/// Two waves of ten take 4 s each. So the second has 1 s left when its turn comes, and the third never has its turn.
pub(super) fn waiting_for_a_turn_counts(answer: &Answer) {
    examine(async |recorder| {
        let state = state(pages(0..30, 4000));
        let app = service(answer, &state);
        recorder.restart();
        mark_in(ms(PATIENCE), "504 is due");
        let asked: Vec<_> = (0..25)
            .map(|number| ask(&app, get(&format!("/users/{number}"))))
            .collect();
        for (number, asked) in asked.into_iter().enumerate() {
            let Some(reply) = patiently(asked).await else {
                return in_time("a request that waited for its turn", None);
            };
            if number < AT_ONCE {
                continue;
            }
            ensure(reply.after <= PATIENCE, || {
                Fault::new("time_in_queue_not_counted")
                    .happened(format!(
                        "25 requests of 4 s each came at the same time, and 10 were handled at once. One that waited for its turn was answered {} at {}",
                        reply.status,
                        shown(reply.after)
                    ))
                    .expected(format!("it's answered 504 at {}: a client counts from the moment it asks", shown(PATIENCE)))
                    .next("put the time limit around the concurrency limit: the layer that's added last is the outermost, and each of the two needs a `.layer(…)` of its own")
            })?;
            in_time("a request that waited for its turn", Some(reply))?;
        }
        Ok(())
    });
}

pub(super) fn a_transfer_outlives_its_504(answer: &Answer) {
    examine(async |recorder| {
        let service_with_bank = || {
            let bank = Bank::new(ms(4000)).account("ada", 500);
            with_bank(nothing_upstream(), bank)
        };
        let state = service_with_bank();
        if !users_can_sign_in(answer, &state).await
            || !outlives_its_client(answer, service_with_bank()).await
        {
            // That's for the other tasks to tell.
            return Ok(());
        }
        let app = service(answer, &state);
        recorder.restart();
        mark_in(ms(PATIENCE), "504 is due");
        let order = post(Some(ADA), "/transfers", r#"{"to": "bob", "cents": 200}"#);
        let reply = patiently(ask(&app, order)).await;
        in_time("`POST /transfers`, which takes 8.0 s,", reply)?;
        sleep(ms(60_000)).await;
        let moved = (state.bank.balance("ada"), state.bank.balance("bob"));
        ensure(moved == (300, 200), || {
            Fault::new("request_dropped_with_caller")
                .happened(format!("a transfer was answered 504 at {}, and a minute later ada has {} cents, and bob {}", shown(PATIENCE), moved.0, moved.1))
                .expected("the transfer goes on to its end: ada has 300 cents, and bob 200")
                .next("in `transfer`, let a task of `state.tasks` do both steps")
        })
    });
}

/// Whether a transfer does its part, by itself.
async fn outlives_its_client(answer: &Answer, state: AppState) -> bool {
    let order = Order {
        to: "bob".into(),
        cents: 200,
    };
    let transfer = catch_panic((answer.transfer)(state.clone(), "ada".into(), order));
    let is_running = hang_up(PATIENCE, transfer).await;
    sleep(ms(60_000)).await;
    is_running && (state.bank.balance("ada"), state.bank.balance("bob")) == (300, 200)
}
