//! The hidden tests of `transfer`.

use async_workbook::{
    harness::{Task, counted, ms, task},
    probes::drops::Life,
    services::bank::Bank,
    timeline::Recorder,
    verdict::{Fault, ensure, examine, mark_in},
};
use axum::http::StatusCode;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::{
    Answer, Answered, ApiError, AppState, Order, Receipt,
    faults::{Checked, goes_on, shown, variant},
    scene::{LONG, Seen, hang_up, millis, nothing_upstream, observe, with_bank},
};

pub(crate) const TASK: Task<Answer> = task!(
    transfer: the_money_arrives,
    amounts_are_checked_first,
    a_refusal_is_a_conflict,
    it_goes_on_without_its_client,
    the_shutdown_waits_for_it,
    a_panic_in_it_is_an_error,
    transfers_do_not_wait_for_each_other,
    money_is_spent_once,
);

/// What the bank takes for a withdrawal and a deposit, in milliseconds.
const BOTH: u64 = 2000;

fn service(recorder: &Recorder) -> AppState {
    service_with(recorder, Bank::new(ms(BOTH / 2)))
}

fn service_with(recorder: &Recorder, bank: Bank) -> AppState {
    let state = with_bank(nothing_upstream(), bank.account("ada", 500));
    recorder.restart();
    state
}

fn transfer(
    answer: &Answer,
    state: &AppState,
    to: &str,
    cents: i64,
) -> Answered<(StatusCode, Receipt)> {
    let to = to.to_owned();
    (answer.transfer)(state.clone(), "ada".into(), Order { to, cents })
}

type Transferred = Seen<(StatusCode, Receipt)>;

fn came(seen: &Transferred) -> String {
    match &seen.result {
        Ok(Ok((status, _))) => format!("answered {status}"),
        Ok(Err(error)) => format!("returned {}", variant(error)),
        Err(message) => format!("panicked: {message}"),
    }
}

/// `ada has 300 cents, and bob 200`
fn balances(state: &AppState) -> String {
    format!(
        "ada has {} cents, and bob {}",
        state.bank.balance("ada"),
        state.bank.balance("bob")
    )
}

fn have(state: &AppState, ada: i64, bob: i64) -> bool {
    (state.bank.balance("ada"), state.bank.balance("bob")) == (ada, bob)
}

fn labels(steps: &[Life]) -> Vec<&str> {
    steps.iter().map(|step| step.label.as_str()).collect()
}

fn one_session(state: &AppState) -> Checked {
    let opened = state.bank.sessions_opened();
    ensure(opened == 1, || {
        Fault::new("extra_session_opened")
            .happened(format!(
                "one transfer opened {}",
                counted(opened, "session")
            ))
            .expected("a transfer has one session, for both steps")
            .next("call `state.bank.open()` once, and use what it returns for both steps")
    })
}

/// The moment after a transfer has ended, whatever came of it.
async fn all_is_closed(state: &AppState) -> Checked {
    sleep(ms(1)).await;
    let open = state.bank.sessions_open();
    ensure(open == 0, || {
        Fault::new("session_left_open")
            .happened(format!("1 ms after the transfer had ended, {} was still open", counted(open, "session")))
            .expected("the session is closed once the bank's work has ended, however it ended")
            .next("let the task own the session as a local variable: it's closed when it's dropped, also after `?` and after a panic")
    })?;
    let tracked = state.tasks.len();
    ensure(tracked == 0, || {
        goes_on(format!(
            "1 ms after the transfer had ended, `state.tasks` still tracked {}",
            counted(tracked, "task")
        ))
    })
}

fn the_money_arrives(answer: &Answer) {
    examine(async |recorder| {
        for cents in [200, 1, 500] {
            let state = service(recorder);
            let seen = observe(transfer(answer, &state, "bob", cents)).await;
            let moved = have(&state, 500 - cents, cents);
            let steps = state.bank.steps();
            let at_return = balances(&state);
            let closed = all_is_closed(&state).await;
            sleep(ms(60_000)).await;
            let Ok(Ok((status, receipt))) = &seen.result else {
                return Err(Fault::new("success_reported_as_failure")
                    .happened(format!("ada has 500 cents, and for a transfer of {cents} to bob the handler {}", came(&seen)))
                    .expected("it answers 201, Created")
                    .next("return `Ok((StatusCode::CREATED, Json(Receipt { … })))` when both steps are done"));
            };
            ensure(moved || !have(&state, 500 - cents, cents), || {
                Fault::new("returned_before_work_finished")
                    .happened(format!("the handler {} at {}, when {at_return}. The money came later", came(&seen), shown(seen.took)))
                    .expected("it answers when both steps are done, so a client that has a receipt has its transfer")
                    .next("await the task's handle before you answer")
            })?;
            ensure(moved, || {
                Fault::new("balance_wrong")
                    .happened(format!("after a transfer of {cents} cents from ada to bob, {}", balances(&state)))
                    .expected(format!("ada has {}, and bob has {cents}", 500 - cents))
                    .next("withdraw `order.cents` from the user's account, and deposit them in that of `order.to`, once each")
            })?;
            let in_turn = steps.iter().map(|step| step.made).min()
                == steps
                    .iter()
                    .find(|step| step.label == "withdraw")
                    .map(|step| step.made)
                && steps
                    .windows(2)
                    .all(|pair| pair[0].ended <= Some(pair[1].made));
            ensure(labels(&steps) == ["withdraw", "deposit"] && in_turn, || {
                Fault::new("deposit_before_withdrawal")
                    .happened("the handler made the deposit before the withdrawal had succeeded")
                    .expected("nobody is given money that isn't there")
                    .next(
                        "await the withdrawal, and pass its error on, before you make the deposit",
                    )
            })?;
            ensure(*status == StatusCode::CREATED, || {
                Fault::new("wrong_status_returned")
                    .happened(format!("the handler answered {status}"))
                    .expected("it answers 201, Created")
                    .next("return `StatusCode::CREATED` beside the receipt")
            })?;
            let due = Receipt {
                from: "ada".into(),
                to: "bob".into(),
                cents,
            };
            ensure(*receipt == due, || {
                Fault::new("data_altered")
                    .happened(format!("the receipt is {receipt:?}"))
                    .expected(format!("it's {due:?}"))
                    .next("take `from` from the user, and `to` and `cents` from the order")
            })?;
            ensure(seen.took == BOTH, || {
                Fault::new("needless_wait")
                    .happened(format!("both steps were done after {}, and the handler answered after {}", shown(BOTH), shown(seen.took)))
                    .expected("it answers as soon as both are done")
                    .next("await the task itself, instead of asking now and then whether it has ended")
            })?;
            one_session(&state)?;
            closed?;
        }
        Ok(())
    });
}

fn amounts_are_checked_first(answer: &Answer) {
    examine(async |recorder| {
        for cents in [0, -200, i64::MIN] {
            let state = service(recorder);
            let seen = observe(transfer(answer, &state, "bob", cents)).await;
            sleep(ms(60_000)).await;
            let happened = format!(
                "for a transfer of {cents} cents, the handler {}",
                came(&seen)
            );
            let expected = "it returns `ApiError::Invalid`, and opens no session";
            match &seen.result {
                Ok(Err(ApiError::Invalid(_))) => {}
                Ok(Err(_)) if state.bank.sessions_opened() == 0 => {
                    return Err(Fault::new("wrong_error_returned")
                        .happened(happened)
                        .expected(expected)
                        .next(
                            "return `ApiError::Invalid`, whose text says which amounts are allowed",
                        ));
                }
                Err(_) if state.bank.sessions_opened() == 0 => {
                    return Err(Fault::new("panic_on_bad_request")
                        .happened(happened)
                        .expected(expected)
                        .next("return `Err(ApiError::Invalid(…))` instead of an `assert!` or an `unwrap`"));
                }
                _ => {
                    return Err(Fault::new("amount_not_checked")
                        .happened(format!("{happened}. Now {}", balances(&state)))
                        .expected(expected)
                        .next("before anything else, return `Err(ApiError::Invalid(…))` if `order.cents < 1`"));
                }
            }
            ensure(state.bank.sessions_opened() == 0, || {
                Fault::new("call_made_before_check")
                    .happened(format!("for a transfer of {cents} cents, the handler opened a session, and then returned `ApiError::Invalid`"))
                    .expected(expected)
                    .next("check the amount before `state.bank.open()`")
            })?;
        }
        Ok(())
    });
}

fn a_refusal_is_a_conflict(answer: &Answer) {
    examine(async |recorder| {
        let state = service(recorder);
        let seen = observe(transfer(answer, &state, "bob", 501)).await;
        let closed = all_is_closed(&state).await;
        sleep(ms(60_000)).await;
        let happened = format!(
            "ada has 500 cents. For a transfer of 501, the handler {}. Now {}",
            came(&seen),
            balances(&state)
        );
        let expected = "it returns `ApiError::Conflict`, and no money moves";
        ensure(have(&state, 500, 0), || {
            Fault::new("error_swallowed")
                .happened(&happened)
                .expected(expected)
                .next("pass the error of `withdraw` on with `?` before you make the deposit")
        })?;
        match &seen.result {
            Ok(Err(ApiError::Conflict)) => {}
            Ok(Ok(_)) => {
                return Err(Fault::new("inner_error_ignored")
                    .happened(happened)
                    .expected(expected)
                    .next("a task's handle gives a `Result` in a `Result`: look at the inner one too, `work.await.map_err(…)??`"));
            }
            Ok(Err(_)) => {
                return Err(Fault::new("wrong_error_returned")
                    .happened(happened)
                    .expected(expected)
                    .next("turn `Refused` into `ApiError::Conflict` with `map_err`"));
            }
            Err(_) => {
                return Err(Fault::new("error_turned_into_panic")
                    .happened(happened)
                    .expected(expected)
                    .next("replace the `unwrap` or `expect` after `withdraw` by `map_err(…)?`"));
            }
        }
        let steps = state.bank.steps();
        ensure(steps.len() <= 1, || {
            Fault::new("unrequested_retry")
                .happened(format!(
                    "ada has 500 cents, and the handler made {} for a transfer of 501",
                    counted(steps.len(), "step")
                ))
                .expected("it makes one, the withdrawal that the bank refuses")
                .next("return `ApiError::Conflict` when the bank has refused, and don't try again")
        })?;
        closed
    });
}

/// The moments at which a client hangs up: before and after the bank has carried out each step. The first is where it does
/// most harm, between the two.
const MOMENTS: [u64; 4] = [1250, 750, 250, 1750];

/// What slow banks take for a withdrawal and a deposit: longer than a request may take.
const SLOW: [u64; 2] = [11_000, 240_000];

fn it_goes_on_without_its_client(answer: &Answer) {
    examine(async |recorder| {
        let moments = MOMENTS.map(|after| (after, BOTH));
        let slow = SLOW.map(|both| (1000, both));
        for (after, both) in moments.into_iter().chain(slow) {
            let state = service_with(recorder, Bank::new(ms(both / 2)));
            let start = Instant::now();
            hang_up(after, transfer(answer, &state, "bob", 200)).await;
            sleep_until(start + ms(both)).await;
            let closed = all_is_closed(&state).await;
            sleep(ms(60_000)).await;
            ensure(have(&state, 300, 200), || {
                let is_repeated =
                    state.bank.balance("ada") < 300 || state.bank.balance("bob") > 200;
                let name = match is_repeated {
                    true => "balance_wrong",
                    false => "request_dropped_with_caller",
                };
                Fault::new(name)
                    .happened(format!(
                        "ada had 500 cents, and the bank takes {} for each step. The client of a transfer of 200 hung up at {}. More than a minute later, {}",
                        shown(both / 2),
                        shown(after),
                        balances(&state)
                    ))
                    .expected("a transfer that has begun goes on to its end: ada has 300 cents, and bob 200")
                    .next(match both > BOTH {
                        true => "let the task make each step once, and wait for it however long the bank takes: give it no time limit of its own",
                        false => "move both steps into a task (`state.tasks.spawn(async move { … })`), and await its handle: dropping the handle doesn't end the task",
                    })
            })?;
            one_session(&state)?;
            closed?;
        }
        Ok(())
    });
}

fn the_shutdown_waits_for_it(answer: &Answer) {
    examine(async |recorder| {
        for after in MOMENTS {
            let state = service(recorder);
            let start = Instant::now();
            hang_up(after, transfer(answer, &state, "bob", 200)).await;
            mark_in(ms(0), "shutdown begins");
            state.tasks.close();
            let waited = timeout(LONG, state.tasks.wait()).await;
            let at = millis(start);
            ensure(have(&state, 300, 200), || {
                Fault::new("fire_and_forget")
                    .happened(format!(
                        "the client hung up at {}, and the service stopped. `state.tasks` had nothing to wait for, so it exited at {}, when {}",
                        shown(after),
                        shown(at),
                        balances(&state)
                    ))
                    .expected("the service waits for the transfer before it exits")
                    .next("spawn the task with `state.tasks.spawn`, which tracks it, instead of `tokio::spawn`")
            })?;
            ensure(waited.is_ok(), || {
                goes_on(format!(
                    "the transfer had ended, and an hour after {} `state.tasks` still tracked a task",
                    shown(after)
                ))
            })?;
            ensure(at <= BOTH, || {
                goes_on(format!(
                    "the transfer had ended at {}, and `state.tasks` still tracked a task until {}",
                    shown(BOTH),
                    shown(at)
                ))
            })?;
            all_is_closed(&state).await?;
        }
        Ok(())
    });
}

fn a_panic_in_it_is_an_error(answer: &Answer) {
    examine(async |recorder| {
        let state = service_with(recorder, Bank::new(ms(BOTH / 2)).breaks_for("bob"));
        let seen = timeout(LONG, observe(transfer(answer, &state, "bob", 200))).await;
        let expected = "the handler returns `ApiError::Internal`";
        let Ok(seen) = seen else {
            return Err(Fault::new("panic_swallowed")
                .happened("the bank's code panicked at 1.5 s, and an hour later the handler was still waiting")
                .expected(expected)
                .next("await the task's handle, which gives an error when the task panics"));
        };
        let closed = all_is_closed(&state).await;
        sleep(ms(60_000)).await;
        let happened = format!("the bank's code panicked, and the handler {}", came(&seen));
        match &seen.result {
            Ok(Err(ApiError::Internal(_))) => {}
            Ok(Ok(_)) => {
                return Err(Fault::new("panic_swallowed")
                    .happened(happened)
                    .expected(expected)
                    .next(
                        "look at the error of the task's handle: it says that the task panicked",
                    ));
            }
            Ok(Err(_)) => {
                return Err(Fault::new("wrong_error_returned")
                    .happened(happened)
                    .expected(expected)
                    .next("turn the error of the task's handle into `ApiError::Internal`: a panic is a fault of the service"));
            }
            Err(_) => {
                return Err(Fault::new("join_error_unwrapped")
                    .happened(happened)
                    .expected(format!("{expected}: a panic in a handler closes the client's connection without a response"))
                    .next("replace the `unwrap` or `expect` on the task's result by `map_err(|error| ApiError::Internal(error.to_string()))?`"));
            }
        }
        closed
    });
}

fn transfers_do_not_wait_for_each_other(answer: &Answer) {
    examine(async |recorder| {
        let state = service(recorder);
        let names = ["bob", "eve", "joe"];
        let (state, at) = (&state, [0, 300, 600]);
        let transfers = std::iter::zip(at, names).map(|(at, to)| async move {
            sleep(ms(at)).await;
            observe(transfer(answer, state, to, 100)).await
        });
        let seen = futures::future::join_all(transfers).await;
        let closed = all_is_closed(state).await;
        ensure(seen[0].took <= BOTH, || {
            Fault::new("needless_wait")
                .happened(format!("three transfers came, 0.3 s after each other. One alone takes {}, and the first of them took {}", shown(BOTH), shown(seen[0].took)))
                .expected("each of them is answered when its own two steps are done")
                .next("await the handle of this transfer's task, and not the tracker, which waits for all tasks of the service")
        })?;
        let slowest = seen.iter().map(|seen| seen.took).max().unwrap_or_default();
        ensure(slowest <= BOTH, || {
            Fault::new("unrequested_concurrency_limit")
                .happened(format!("three transfers came, 0.3 s after each other. One alone takes {}, and one of them took {}", shown(BOTH), shown(slowest)))
                .expected("they're handled at the same time")
                .next("remove the lock, the semaphore or the queue that all transfers share")
        })?;
        let paid = names.iter().all(|name| state.bank.balance(name) == 100);
        ensure(paid && state.bank.sessions_opened() == names.len(), || {
            Fault::new("balance_wrong")
                .happened(format!(
                    "three transfers of 100 cents came, 0.3 s after each other. They opened {}, and ada has {} of 500 cents left",
                    counted(state.bank.sessions_opened(), "session"),
                    state.bank.balance("ada")
                ))
                .expected("each of them has a session of its own, and ada has 200 cents left")
                .next("keep what a transfer needs in its own variables")
        })?;
        closed
    });
}

/// Ada has enough for either of two transfers, and not for both.
fn money_is_spent_once(answer: &Answer) {
    examine(async |recorder| {
        let state = service(recorder);
        let state = &state;
        let transfers = [(0, "bob"), (100, "eve")].map(|(at, to)| async move {
            sleep(ms(at)).await;
            observe(transfer(answer, state, to, 300)).await
        });
        let seen = futures::future::join_all(transfers).await;
        let happened = format!(
            "ada had 500 cents. For a transfer of 300 to bob the handler {}, and for one to eve, 0.1 s later, it {}. Now {}, and eve {}",
            came(&seen[0]),
            came(&seen[1]),
            balances(state),
            state.bank.balance("eve")
        );
        let expected = "one of them succeeds, the other is `ApiError::Conflict`, and there are still 500 cents";
        let paid = seen.iter().filter(|seen| matches!(seen.result, Ok(Ok(_))));
        let refused = seen
            .iter()
            .filter(|seen| matches!(seen.result, Ok(Err(ApiError::Conflict))));
        let is_right = paid.count() == 1 && refused.count() == 1;
        let there = ["ada", "bob", "eve"].map(|name| state.bank.balance(name));
        ensure(is_right && there.iter().sum::<i64>() == 500, || {
            Fault::new("error_swallowed")
                .happened(happened)
                .expected(expected)
                .next("look at what `withdraw` returns: a balance that you read before may have changed since")
        })
    });
}
