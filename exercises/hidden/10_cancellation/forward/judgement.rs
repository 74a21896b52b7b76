//! What has become of the messages.

use std::collections::HashSet;

use async_workbook::{
    harness::counted,
    verdict::{Fault, ensure},
};
use tokio::time::timeout;

use super::channels::{Channels, name};
use crate::{Answer, dropping::HANGS, faults::Checked};

/// All messages have arrived once, in order, or are still where they were.
pub(super) fn all_arrived(messages: usize, arrived: &[String], left: usize, when: &str) -> Checked {
    let different: HashSet<_> = arrived.iter().collect();
    ensure(different.len() == arrived.len(), || {
        Fault::new("data_altered")
            .happened(format!(
                "{when}. {} arrived, and only {} of them are different",
                counted(arrived.len(), "message"),
                different.len()
            ))
            .expected("each message arrives once")
            .next("take a message out of `from` in the same step in which you hand it over")
    })?;
    ensure(arrived.len() + left == messages, || {
        lost(messages, arrived.len(), left, when).drawn(drawing(messages, arrived, left))
    })?;
    let in_order = arrived
        .iter()
        .zip(1..)
        .all(|(message, number)| *message == name(number));
    ensure(in_order, || {
        let known = arrived
            .iter()
            .all(|message| (1..=messages).any(|number| *message == name(number)));
        let (name, next) = if known {
            (
                "input_order_ignored",
                "move the messages one after another: tasks of their own overtake each other",
            )
        } else {
            ("data_altered", "hand the message over as it came")
        };
        Fault::new(name)
            .happened(format!(
                "{when}. They arrived as {}",
                async_workbook::harness::listed(arrived)
            ))
            .expected("messages arrive as they are, in the order in which they were sent")
            .next(next)
    })
}

pub(super) fn lost(messages: usize, arrived: usize, left: usize, when: &str) -> Fault {
    let gone = messages.saturating_sub(arrived + left);
    Fault::new("message_lost_on_drop")
        .happened(format!(
            "{when}. Of {}, {arrived} had been handed over and {left} were still in `from`: {gone} {} gone",
            counted(messages, "message"),
            if gone == 1 { "was" } else { "were" },
        ))
        .expected("at every moment, each message is in `from` or has been sent to `to`")
        .next("wait for room first, with `to.reserve()`, and take a message out of `from` only when you have it. Then `send` it through the permit, which needs no `.await`")
}

/// A column for each message, with a sign in the row of what has become of it.
pub(super) fn drawing(messages: usize, arrived: &[String], left: usize) -> String {
    let is_sent = |number: usize| arrived.contains(&name(number));
    // What is still there is what came last.
    let mut others: Vec<_> = (1..=messages).filter(|&number| !is_sent(number)).collect();
    let waiting = others.split_off(others.len().saturating_sub(left));
    let row = |title: &str, sign: &dyn Fn(usize) -> String| {
        let signs: String = (1..=messages)
            .map(|number| format!("{:>3}", sign(number)))
            .collect();
        format!("{}\n", format!("{title:<9}{signs}").trim_end())
    };
    let mark = |is_there: bool, sign: &str| {
        if is_there {
            sign.to_owned()
        } else {
            String::new()
        }
    };
    row("message", &|number| number.to_string())
        + &row("sent", &|number| mark(is_sent(number), "━"))
        + &row("gone", &|number| mark(others.contains(&number), "╳"))
        + &row("waiting", &|number| mark(waiting.contains(&number), "┄"))
}

pub(super) fn wrong_count(returned: usize, moved: usize) -> Fault {
    Fault::new("wrong_count_returned")
        .happened(format!(
            "the function moved {}, and returned {returned}",
            counted(moved, "message")
        ))
        .expected("it returns how many messages this call has handed over")
        .next("count a message when it has been sent, and not when it's taken")
}

pub(super) fn returned_at(due: u64, took: Option<u64>, when: &str) -> Checked {
    ensure(took == Some(due), || {
        let fault = Fault::new("cancellation_checked_between_messages");
        fault
            .happened(match took {
                Some(took) => format!("{when}, and the function returned at {took} ms"),
                None => format!("{when}, and the function waited for ever"),
            })
            .expected("the function returns at the instant at which `stop` is cancelled, wherever it waits")
            .next("wait for `stop.cancelled()` together with each of your waits, with `select!`, or put the whole loop into `stop.run_until_cancelled(…)`: `is_cancelled` wakes nobody")
    })
}

/// Why it didn't return when it was stopped while `to` was full.
pub(super) async fn stop_missed_while_full(answer: &Answer, took: Option<u64>) -> Fault {
    let full = "`to` was full, and `stop` was cancelled at 50 ms";
    // The same again, and then somebody makes room: whoever waits for room goes on.
    let mut channels = Channels::new(5, 1);
    let stopping = channels.stop_in(50);
    let consumer = channels.consume_every(100);
    let moving = (answer.forward)(&mut channels.from, &channels.to, &channels.stop);
    let ended = timeout(HANGS, moving).await;
    stopping.await.expect("it doesn't panic");
    consumer.abort();
    if took.is_none() && ended.is_err() {
        return Fault::new("queued_future_not_polled")
            .happened(format!("{full}. Room was made at 100 ms, and the function still waited for ever: a future of its own was next in line for the room, and nothing polled it"))
            .expected("a future that waits in a queue is polled, or dropped, before you wait for anything behind it")
            .next("drop the `send` or `reserve` that you pinned before you await another one: make it inside the `select!`, and not before the loop");
    }
    match returned_at(50, took, full) {
        Err(fault) => fault,
        Ok(()) => unreachable!("it was late"),
    }
}

pub(super) fn place_is_back(room: usize, capacity: usize, when: &str) -> Checked {
    ensure(capacity == room, || {
        Fault::new("permit_leaked")
            .happened(format!(
                "{when}, and `to` was empty. It has room for {}, and said that it had room for {capacity}",
                counted(room, "message")
            ))
            .expected("a place that was reserved and not used goes back to the channel")
            .next("keep the permit of `reserve` in a variable, which gives its place back when it's dropped: no `forget`, and no `Box::leak`")
    })
}
