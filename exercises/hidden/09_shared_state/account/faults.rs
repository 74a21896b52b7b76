//! What can be wrong with an account.

use async_workbook::{
    harness::counted,
    verdict::{Fault, ensure},
};

use super::teller::Reply;
use crate::{DepositError, Stats, callers::Got};

pub(super) fn balance_wrong(happened: String) -> Fault {
    Fault::new("balance_wrong")
        .happened(happened)
        .expected("the balance is the sum of all deposits that the bank accepted, and each of these gets the balance after it")
        .next("add the amount when the call has succeeded, and reply with the sum")
}

pub(super) fn right_stats(stats: Stats, expected: Stats) -> Result<(), Fault> {
    ensure(stats == expected, || {
        balance_wrong(format!(
            "the actor returned {stats:?} instead of {expected:?}"
        ))
    })
}

pub(super) fn actor_ended_early(happened: String) -> Fault {
    Fault::new("actor_ended_early")
        .happened(happened)
        .expected("the actor runs until the last handle is dropped and the mailbox is empty")
        .next("in the actor's loop, use no `?`, `unwrap` or `expect` on what a call or a `send` returns: a failed call is a reply, and a reply that nobody takes doesn't matter")
}

pub(super) fn spare_sender_kept() -> Fault {
    Fault::new("spare_sender_kept")
        .happened("the last handle was dropped, and the actor waited for ever")
        .expected("when no handle is left and the mailbox is empty, the actor ends")
        .next("give the actor no handle and no clone of the sender: the channel closes only when every sender is dropped")
}

pub(super) fn never_answered(happened: String) -> Fault {
    Fault::new("reply_never_sent")
        .happened(happened)
        .expected("every caller gets a reply, or `Closed` when the actor is gone")
        .next("send a reply in every branch of the actor's loop, and let the actor own what a caller waits for: then it's dropped with the actor")
}

pub(super) fn unrequested_task(happened: String) -> Fault {
    Fault::new("unrequested_task")
        .happened(happened)
        .expected("the actor is the future that `account` returns: it works while it's polled, and stops when it's dropped")
        .next("move the loop into the future that you return, and spawn nothing")
}

pub(super) fn call_rejected(happened: String) -> Fault {
    Fault::new("call_rejected_when_full")
        .happened(happened)
        .expected("a deposit that finds the mailbox full waits for room")
        .next("await `send`: `try_send` gives up when there's no room")
}

pub(super) fn request_dropped(happened: String) -> Fault {
    Fault::new("request_dropped_with_caller")
        .happened(happened)
        .expected("a deposit in the mailbox is made, even if its caller or the last handle has gone")
        .next("make it whether or not somebody waits for the reply, and end only when `recv` gives `None`")
}

/// Of `capacity` and `more` deposits, there's room for `capacity`.
pub(super) fn in_the_mailbox(
    kept: usize,
    capacity: usize,
    more: usize,
    when: &str,
) -> Result<(), Fault> {
    if kept == 0 {
        return Err(request_dropped(format!(
            "{when}, the callers of {} in the mailbox were dropped, and none of these was made",
            counted(capacity, "deposit")
        )));
    }
    let fault = match kept {
        _ if kept == capacity => return Ok(()),
        _ if kept == capacity + more => "mailbox_unbounded",
        _ if kept.abs_diff(capacity) == 1 => "limit_off_by_one",
        _ if kept < capacity => "limit_hard_coded",
        _ => "mailbox_unbounded",
    };
    Err(Fault::new(fault)
        .happened(format!(
            "with room for {capacity}, the mailbox took {} {when}",
            counted(kept, "deposit")
        ))
        .expected("the mailbox holds as many deposits as it has room for, and the callers of all others wait")
        .next("use `mpsc::channel(capacity.get())`, and take one request at a time out of it: another queue beside it has room of its own"))
}

/// With more callers than there's room for, some were refused.
pub(super) fn refused_when_full(got: &[Option<Got<Reply>>], capacity: usize) -> Result<(), Fault> {
    let refused = got.iter().flatten().filter(|(got, _)| got.is_err()).count();
    ensure(refused == 0, || {
        call_rejected(format!(
            "with room for {}, {} of six callers got an error, although the bank accepts every deposit",
            counted(capacity, "deposit"),
            refused
        ))
    })
}

pub(super) fn refusal_lost(happened: String) -> Fault {
    Fault::new("wrong_error_returned")
        .happened(happened)
        .expected("`Refused`, with the bank's error, if the bank refuses, and `Closed` if the actor is gone")
        .next("send the result of the call as the reply, and map its error to `Refused`")
}

pub(super) fn wrong_error(got: &Reply) -> Fault {
    refusal_lost(format!(
        "the actor was dropped or had ended, and a caller got {}",
        shown(got)
    ))
}

pub(super) fn panicked(message: &str) -> Fault {
    Fault::new("error_turned_into_panic")
        .happened(format!(
            "the actor was dropped, and a caller panicked: {}",
            message.lines().next().unwrap_or_default()
        ))
        .expected("the caller gets `Closed`")
        .next("map the errors of `send` and of the reply to `DepositError::Closed`, instead of unwrapping them")
}

pub(super) fn shown(got: &Reply) -> String {
    match got {
        Ok(balance) => format!("the balance {balance}"),
        Err(DepositError::Refused(error)) => format!("`Refused` with `{error}`"),
        Err(DepositError::Closed) => "`Closed`".into(),
    }
}

pub(super) fn were(calls: usize) -> String {
    let verb = if calls == 1 { "was" } else { "were" };
    format!("{} {verb}", counted(calls, "call"))
}
