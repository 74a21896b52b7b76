//! The hidden tests of `account`.

mod faults;
mod teller;

use std::time::Duration;

use async_workbook::{
    clock::Readable,
    harness::{Task, counted, ms, task},
    probes::yields::with_budget,
    timeline::Recorder,
    verdict::{Fault, ensure, examine, mark},
};
use futures::{future::join_all, poll};
use tokio::time::{sleep, timeout};

use self::{faults::*, teller::*};
use crate::{
    Answer, DepositError, HOUR, Stats,
    callers::{HANGS, answer_of, dropped},
    faults::{needless_wait, returned_early, state_shared_between_calls},
};

pub(crate) const TASK: Task<Answer> = task!(
    account: deposits_add_up,
    accounts_are_separate,
    deposits_are_made_one_at_a_time_in_order,
    a_reply_has_the_balance_after_its_own_deposit,
    it_ends_with_the_last_handle,
    a_refused_deposit_stops_nothing,
    a_caller_who_has_gone_stops_nothing,
    a_full_mailbox_makes_callers_wait,
    the_actor_takes_one_at_a_time,
    room_that_a_caller_leaves_goes_to_the_next,
    what_is_in_the_mailbox_is_made_first,
    a_dropped_actor_leaves_nobody_waiting,
    a_slow_bank_is_waited_for,
    callers_may_yield_anywhere,
);

pub(crate) const LATENCY: Duration = ms(100);

fn deposits_add_up(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let mut teller = Teller::new(answer, 4);
        recorder.restart();
        teller.open();
        let mut balance = 0;
        for (made, amount) in [5, 7, 0, 5, 1, LARGE, 1].into_iter().enumerate() {
            let (got, took) = teller.deposit(amount).await?;
            balance += amount;
            teller.made_calls(made + 1)?;
            teller.asked_for(amount)?;
            ensure(took >= LATENCY, || {
                returned_early("a deposit got its reply before the bank had accepted it")
            })?;
            ensure(got == Ok(balance), || {
                balance_wrong(format!(
                    "after {}, a deposit of {amount} got {} instead of the balance {balance}",
                    counted(made, "deposit"),
                    shown(&got)
                ))
            })?;
            ensure(took == LATENCY, || {
                needless_wait(took, LATENCY, "a deposit with no other before it")
            })?;
        }
        teller.closes_with(7, 0, balance).await
    });
}

/// A caller that isn't polled when its reply is sent gets the balance after its own deposit all the same.
fn a_reply_has_the_balance_after_its_own_deposit(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let mut teller = Teller::new(answer, 4);
        recorder.restart();
        let mut waiting = [5, 7].map(|amount| teller.polled_by_hand(amount));
        for caller in &mut waiting {
            let _pending = poll!(caller);
        }
        teller.open();
        sleep(3 * LATENCY).await;
        mark("both callers look for their replies");
        for (caller, expected) in waiting.into_iter().zip([5, 12]) {
            let got = timeout(HANGS, caller).await.map_err(|_| {
                never_answered("a caller that was not polled for a while never got a reply".into())
            })?;
            ensure(got == Ok(expected), || {
                balance_wrong(format!(
                    "deposits of 5 and 7 were made before their callers were polled again, and one of these got {} instead of the balance {expected}",
                    shown(&got)
                ))
            })?;
        }
        teller.closes_with(2, 0, 12).await
    });
}

fn deposits_are_made_one_at_a_time_in_order(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for capacity in [8, 2, 1] {
            let mut teller =
                Teller::with_latencies(answer, capacity, |amount| LATENCY * (10 - amount as u32));
            recorder.restart();
            teller.open();
            let callers = (1..=6).map(|amount| teller.caller(amount)).collect();
            let got = answers(callers).await;
            let most = teller.bank.high_water();
            ensure(most <= 1, || {
                Fault::new("unrequested_concurrency")
                    .happened(format!(
                        "{} for one account were in flight at the same time",
                        counted(most, "call")
                    ))
                    .expected("the actor makes one deposit after another")
                    .next("await the call in the actor's loop, before you take the next request")
            })?;
            let order = teller.order();
            ensure(order.len() < 6 || order == [1, 2, 3, 4, 5, 6], || {
                Fault::new("requests_out_of_order")
                    .happened(format!("deposits came in the order 1, 2, 3, 4, 5, 6, and were made in the order {order:?}"))
                    .expected("the actor makes them in the order in which they came: first those in the mailbox, then those that waited for room")
                    .next("take them from the front of one queue that you fill at the back: a channel does both")
            })?;
            refused_when_full(&got, capacity)?;
            let (mut balance, mut due) = (0, Duration::ZERO);
            for (amount, got) in (1..=6).zip(&got) {
                let (got, took) = got.as_ref().ok_or_else(|| {
                    never_answered(format!("the deposit of {amount} never got a reply"))
                })?;
                balance += amount;
                due += LATENCY * (10 - amount as u32);
                ensure(*got == Ok(balance), || {
                    balance_wrong(format!(
                        "the deposit of {amount} got {} instead of the balance {balance}",
                        shown(got)
                    ))
                })?;
                ensure(*took == due, || {
                    needless_wait(
                        *took,
                        due,
                        &format!("deposit {amount} of six at the same time"),
                    )
                })?;
            }
            teller.closes_with(6, 0, balance).await?;
        }
        Ok(())
    });
}

fn it_ends_with_the_last_handle(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // No deposit at all.
        let mut teller = Teller::new(answer, 1);
        recorder.restart();
        teller.open();
        sleep(LATENCY).await;
        teller.closes_with(0, 0, 0).await?;
        // The handle that was made first goes, and a clone of a clone goes on.
        let mut teller = Teller::new(answer, 2);
        recorder.restart();
        teller.open();
        teller.replace_handle();
        sleep(ms(HOUR)).await;
        teller
            .still_open("with a clone of the handle left, and no deposit for an hour")
            .await?;
        teller.replace_handle();
        let (got, _) = teller.deposit(3).await?;
        ensure(got == Ok(3), || {
            balance_wrong(format!(
                "through a clone of the handle, a deposit of 3 got {}",
                shown(&got)
            ))
        })?;
        teller.closes_with(1, 0, 3).await
    });
}

fn a_refused_deposit_stops_nothing(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let mut teller = Teller::new(answer, 2);
        recorder.restart();
        teller.open();
        let (mut made, mut balance) = (0, 0);
        for amount in [4, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, 6] {
            let (got, _) = teller.deposit(amount).await?;
            made += 1;
            if amount == REFUSED {
                ensure(got == Err(DepositError::Refused(refusal())), || {
                    refusal_lost(format!(
                        "the bank refused a deposit, and its caller got {}",
                        shown(&got)
                    ))
                })?;
                teller.made_calls(made)?;
                teller
                    .still_open("after the bank had refused a deposit")
                    .await?;
            } else {
                balance += amount;
                ensure(got == Ok(balance), || {
                    balance_wrong(format!(
                        "a deposit of {amount} got {} instead of the balance {balance}",
                        shown(&got)
                    ))
                })?;
            }
        }
        teller.closes_with(2, 5, balance).await
    });
}

fn a_caller_who_has_gone_stops_nothing(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for amount in [4, REFUSED] {
            let mut teller = Teller::new(answer, 2);
            recorder.restart();
            teller.open();
            let gone = teller.caller(amount);
            sleep(LATENCY / 2).await;
            dropped(gone).await;
            mark("the caller is dropped");
            sleep(LATENCY).await;
            teller
                .still_open("after a caller had been dropped while its deposit was made")
                .await?;
            let (got, _) = teller.deposit(6).await?;
            let first = if amount == REFUSED { 0 } else { amount };
            ensure(got != Ok(6) || first == 0, || {
                request_dropped(
                    "a caller was dropped while the bank was asked, and its deposit was not made"
                        .into(),
                )
            })?;
            ensure(got == Ok(first + 6), || {
                balance_wrong(format!(
                    "after a deposit of {amount} whose caller was dropped, one of 6 got {}",
                    shown(&got)
                ))
            })?;
            let stats = teller.close().await?;
            let refused = usize::from(amount == REFUSED);
            right_stats(
                stats,
                Stats {
                    accepted: 2 - refused,
                    refused,
                    balance: first + 6,
                },
            )?;
        }
        Ok(())
    });
}

/// The actor isn't polled yet, so what its callers left behind when they were dropped is what was in the mailbox.
fn a_full_mailbox_makes_callers_wait(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for capacity in [100, 3, 8, 1] {
            let mut teller = Teller::new(answer, capacity);
            recorder.restart();
            let callers: Vec<_> = (0..capacity + 5).map(|_| teller.caller(2)).collect();
            sleep(LATENCY).await;
            let calls = teller.bank.hits();
            ensure(calls == 0, || {
                unrequested_task(format!("{} made before the actor was polled", were(calls)))
            })?;
            let ended = callers.iter().filter(|caller| caller.is_finished()).count();
            ensure(ended == 0, || {
                call_rejected(format!(
                    "with room for {capacity}, {} ended before the actor was polled",
                    counted(ended, "deposit")
                ))
            })?;
            for caller in callers {
                dropped(caller).await;
            }
            mark("all callers are dropped");
            teller.open();
            let stats = teller.close().await?;
            in_the_mailbox(stats.accepted, capacity, 5, "before the actor was polled")?;
            right_stats(
                stats,
                Stats {
                    accepted: capacity,
                    refused: 0,
                    balance: 2 * capacity as u64,
                },
            )?;
        }
        Ok(())
    });
}

/// While it makes one deposit, there's room for `capacity` more.
fn the_actor_takes_one_at_a_time(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for capacity in [4, 1] {
            let mut teller = Teller::new(answer, capacity);
            recorder.restart();
            teller.open();
            let more = capacity + 5;
            let callers: Vec<_> = (0..1 + capacity + more).map(|_| teller.caller(2)).collect();
            sleep(LATENCY / 2).await;
            for caller in callers {
                dropped(caller).await;
            }
            mark("all callers are dropped");
            let stats = teller.close().await?;
            in_the_mailbox(
                stats.accepted.saturating_sub(1),
                capacity,
                more,
                "while the actor made the first one",
            )?;
        }
        Ok(())
    });
}

/// The mailbox is full. The first who waits for room is dropped when there is some, before it's polled again.
fn room_that_a_caller_leaves_goes_to_the_next(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let mut teller = Teller::new(answer, 1);
        recorder.restart();
        teller.open();
        let served = teller.caller(1);
        sleep(ms(1)).await;
        let mut waiting = [2, 3, 4].map(|amount| teller.polled_by_hand(amount));
        for caller in &mut waiting {
            let _pending = poll!(caller);
        }
        let [in_the_mailbox, first, next] = waiting;
        sleep(LATENCY * 3 / 2).await;
        drop(first);
        mark("the first who waits for room is dropped");
        let next = timeout(HANGS, next).await;
        let Ok(got) = next else {
            return Err(Fault::new("waiter_not_woken")
                .happened("two callers waited for room. When there was some, the first of them was dropped, and the second waited for ever")
                .expected("room in the mailbox goes to the next who waits, if the first has gone")
                .next("leave the waiting to `send` of a bounded channel, or to a `Semaphore`: a permit that nobody takes goes back"));
        };
        ensure(got == Ok(7), || {
            balance_wrong(format!(
                "after deposits of 1 and 2, and one of 3 that was dropped while it waited for room, one of 4 got {}",
                shown(&got)
            ))
        })?;
        for caller in [
            answer_of(served).await.map(|(got, _)| got),
            timeout(HANGS, in_the_mailbox).await.ok(),
        ] {
            ensure(caller.is_some_and(|got| got.is_ok()), || {
                never_answered("a deposit that was made got no reply".into())
            })?;
        }
        teller.closes_with(3, 0, 7).await
    });
}

fn what_is_in_the_mailbox_is_made_first(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let mut teller = Teller::new(answer, 4);
        recorder.restart();
        teller.open();
        let callers: Vec<_> = [2, 3, REFUSED, 4]
            .into_iter()
            .map(|amount| teller.caller(amount))
            .collect();
        sleep(LATENCY / 2).await;
        for caller in callers {
            dropped(caller).await;
        }
        let stats = teller.close().await?;
        let made = stats.accepted + stats.refused;
        ensure(made == 4, || {
            request_dropped(format!(
                "four deposits were in the mailbox or being made when the last handle was dropped, and {made} of them were made"
            ))
        })?;
        right_stats(
            stats,
            Stats {
                accepted: 3,
                refused: 1,
                balance: 9,
            },
        )
    });
}

fn a_dropped_actor_leaves_nobody_waiting(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // Before it was ever polled, and while it makes a deposit.
        for opened in [false, true] {
            let mut teller = Teller::new(answer, 2);
            recorder.restart();
            if opened {
                teller.open();
            }
            let waiting: Vec<_> = (1..=6)
                .map(|amount| teller.careful_caller(amount))
                .collect();
            sleep(LATENCY / 2).await;
            teller.abort().await;
            mark("the actor is dropped");
            let in_flight = teller.bank.in_flight();
            ensure(in_flight == 0, || {
                unrequested_task(format!(
                    "the actor was dropped, and {} was still in flight",
                    counted(in_flight, "call")
                ))
            })?;
            let got = answers(waiting).await;
            let hung = got.iter().filter(|got| got.is_none()).count();
            ensure(hung == 0, || {
                never_answered(format!(
                    "when the actor was dropped, {} waited, and {hung} of them for ever",
                    counted(6, "caller")
                ))
            })?;
            for (got, took) in got.iter().flatten() {
                let got = got.as_ref().map_err(|message| panicked(message.as_str()))?;
                ensure(*got == Err(DepositError::Closed), || wrong_error(got))?;
                ensure(*took == LATENCY / 2, || {
                    needless_wait(*took, LATENCY / 2, "a caller whose actor was dropped")
                })?;
            }
            let after = answer_of(teller.careful_caller(1)).await;
            let Some((got, _)) = after else {
                return Err(never_answered(
                    "a deposit after the actor was dropped waited for ever".into(),
                ));
            };
            let got = got.map_err(|message| panicked(&message))?;
            ensure(got == Err(DepositError::Closed), || wrong_error(&got))?;
        }
        Ok(())
    });
}

fn a_slow_bank_is_waited_for(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let mut teller = Teller::with_latencies(answer, 1, |_| ms(2 * HOUR));
        recorder.restart();
        teller.open();
        let callers = (1..=4).map(|amount| teller.caller(amount)).collect();
        let mut balance = 0;
        for (amount, got) in (1..=4).zip(answers(callers).await) {
            balance += amount;
            let right = matches!(&got, Some((Ok(got), _)) if *got == balance);
            ensure(right, || {
                Fault::new("call_dropped_early")
                    .happened(format!(
                        "four deposits take two hours each, and deposit {amount} got {}",
                        got.map_or("no reply".into(), |(got, took)| format!(
                            "{} after {}",
                            shown(&got),
                            Readable(took)
                        ))
                    ))
                    .expected("callers and the actor wait, however long the bank takes")
                    .next("remove the timeout")
            })?;
        }
        teller.closes_with(4, 0, balance).await
    });
}

/// Both the actor and its callers yield at their awaits.
fn callers_may_yield_anywhere(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for operations in 1..=4 {
            for of_the_actor in [1, 2, 128] {
                let mut teller = Teller::new(answer, 2);
                recorder.restart();
                let actor = teller.take_actor();
                teller.open_with(with_budget(of_the_actor, actor));
                let callers = join_all((1..=5).map(|amount| {
                    let calling = teller.caller_with(amount, operations);
                    async move { answers(vec![calling]).await.remove(0) }
                }));
                let got = callers.await;
                let hung = got.iter().filter(|got| got.is_none()).count();
                ensure(hung == 0, || {
                    never_answered(format!(
                        "of five callers that yielded at their awaits, {hung} waited for ever"
                    ))
                })?;
                teller.closes_with(5, 0, 15).await?;
            }
        }
        Ok(())
    });
}

fn accounts_are_separate(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let mut tellers = [Teller::new(answer, 2), Teller::new(answer, 2)];
        recorder.restart();
        for (number, teller) in tellers.iter_mut().enumerate() {
            teller.open();
            let (got, _) = teller.deposit(5).await?;
            ensure(got == Ok(5), || {
                state_shared_between_calls(
                    "account",
                    format!(
                        "the first deposit of 5 into account {} got {}",
                        number + 1,
                        shown(&got)
                    ),
                )
            })?;
            teller.made_calls(1)?;
        }
        for teller in tellers {
            teller.closes_with(1, 0, 5).await?;
        }
        Ok(())
    });
}
