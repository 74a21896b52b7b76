//! A peer that doesn't read as fast as the others.

use async_workbook::{
    harness::{counted, ms},
    verdict::{Fault, ensure, examine, show},
};
use tokio::time::sleep;

use super::{BACKLOG, Chat};
use crate::{
    Answer,
    faults::{Checked, no_panic},
    log::seconds,
    peer::{Habits, Peer, turns},
    wire::Frame,
};

/// How many messages of a kilobyte there are.
const MESSAGES: usize = 60;

/// A pipe that has room for two of them, and a bit.
const NARROW: usize = 2500;

/// How many a slow peer gets in the end, at most: what the pipe holds, what's on its way, and its backlog. The rest of
/// this is patience with other ways to write it.
const HELD: usize = BACKLOG + 12;

fn message(number: usize) -> String {
    format!("{number:>4} {}", "x".repeat(1000))
}

/// `missed 3`, or the number of a message.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Got {
    Number(usize),
    Missed(usize),
    Odd,
}

fn read(text: &str) -> Got {
    if let Some(missed) = text.strip_prefix("missed ") {
        return missed.parse().map_or(Got::Odd, Got::Missed);
    }
    let number = text.split_whitespace().next();
    number
        .and_then(|number| number.parse().ok())
        .map_or(Got::Odd, Got::Number)
}

pub(super) fn a_slow_peer_holds_up_nobody(answer: &Answer) {
    examine(async |_| {
        let chat = Chat::new(answer, 10);
        let ada = chat.joins("ada", Habits::POLITE);
        let bob = chat.joins("bob", Habits::POLITE);
        let slow = chat.joins_over("slow", Habits::POLITE, NARROW);
        turns().await;
        slow.stops_reading();
        turns().await;
        for number in 1..=MESSAGES {
            sleep(ms(100)).await;
            let text = message(number);
            ada.says(&text).await;
            turns().await;
            no_panic(&chat.log);
            let now = chat.log.now();
            for peer in [&ada, &bob] {
                got_on_time(&chat, peer, &text, now)?;
            }
            ensure(chat.hub.call_members() == 3, || {
                Fault::new("given_up_too_early")
                    .happened(format!("a peer hadn't read anything for {}, and was sent away", seconds(now)))
                    .expected("it stays. It misses messages, and when it reads again, it's told how many")
                    .next("let a `send` to it wait as long as it takes. The peer is sent away if nothing comes from it for `SILENCE`, and not because it doesn't read")
                    .drawn(chat.log.drawn(Some("slow")))
            })?;
        }
        slow.reads();
        turns().await;
        sleep(ms(1000)).await;
        no_panic(&chat.log);
        accounted_for(&chat, MESSAGES)?;
        show(|| chat.log.drawn(Some("slow")));
        // It has caught up.
        let now = chat.log.now();
        chat.publishes("and now?");
        turns().await;
        chat.got(
            &[&ada, &bob, &slow],
            &["and now?"],
            now,
            "the slow peer had caught up, and a message was published",
        )
        .await
    });
}

fn got_on_time(chat: &Chat, peer: &Peer, text: &str, now: u64) -> Checked {
    let texts = chat.log.texts(peer.name);
    let got = texts.iter().any(|(at, got)| *at == now && got == text);
    ensure(got, || {
        let last = texts.last().map_or("nothing yet".to_owned(), |(at, _)| {
            format!("its last one at {}", seconds(*at))
        });
        Fault::new("everybody_waited_for_the_slowest")
            .happened(format!("one peer didn't read, and {} didn't get a message of {}: it had got {last}", peer.name, seconds(now)))
            .expected("a peer that doesn't read misses messages, and all others get each of them at once")
            .next("let each connection await its own `send`: `publish` hands a message over and waits for nobody")
            .drawn(chat.log.drawn(Some("slow")))
    })
}

/// What the slow peer got is either a message or counted as missed, and in order.
fn accounted_for(chat: &Chat, published: usize) -> Checked {
    let texts = chat.log.texts("slow");
    let got: Vec<Got> = texts.iter().map(|(_, text)| read(text)).collect();
    let drawing = || chat.log.drawn(Some("slow"));
    let numbers: Vec<usize> = got
        .iter()
        .filter_map(|got| {
            if let Got::Number(number) = got {
                Some(*number)
            } else {
                None
            }
        })
        .collect();
    let happened = format!(
        "a peer didn't read while {published} messages were published. When it did, it got {}",
        counted(numbers.len(), "message")
    );
    if chat.log.close("slow").is_some() || chat.log.when("slow", &crate::log::What::Ended).is_some()
    {
        return Err(Fault::new("lag_taken_for_the_end")
            .happened("a peer didn't read for a while, and its connection was closed")
            .expected("it gets the messages that are left, and is told how many it has missed")
            .next("send `notice(missed)` when the member gives `News::Missed(missed)`, and go on")
            .drawn(drawing()));
    }
    ensure(numbers.len() <= HELD, || {
        Fault::new("backpressure_lost")
            .happened(&happened)
            .expected(format!("while it doesn't read, {BACKLOG} messages wait for it in the hub, and a few on the way: it doesn't fill the memory"))
            .next("take a message from the member when you can send it: await `send` before the next `member.next()`, without a channel in between")
            .drawn(drawing())
    })?;
    let in_order = numbers.is_sorted() && !got.contains(&Got::Odd);
    ensure(in_order && numbers.last() == Some(&published), || {
        Fault::new(if in_order {
            "message_not_delivered"
        } else {
            "messages_out_of_order"
        })
        .happened(format!(
            "{happened}, the last of them number {}",
            numbers.last().copied().unwrap_or(0)
        ))
        .expected(format!(
            "it gets the latest messages in order, up to number {published}"
        ))
        .next("go on with `member.next()` and `send` after the notice")
        .drawn(drawing())
    })?;
    let mut next = 1;
    for got in &got {
        match *got {
            Got::Missed(missed) => next += missed,
            Got::Number(number) if number == next => next += 1,
            Got::Number(number) => {
                let missed = number - next.min(number);
                let is_told = next > number;
                return Err(Fault::new(if is_told { "missed_messages_miscounted" } else { "lag_not_reported" })
                    .happened(format!("{happened}. Before number {number}, it had missed {missed} more than it was told"))
                    .expected("in place of the messages that it has missed, it gets `notice(missed)` with their number")
                    .next("send `notice(missed)` when the member gives `News::Missed(missed)`, before what it gives next")
                    .drawn(drawing()));
            }
            Got::Odd => {}
        }
    }
    Ok(())
}

pub(super) fn a_slow_peer_is_still_listened_to(answer: &Answer) {
    examine(async |_| {
        let chat = Chat::new(answer, 10);
        let ada = chat.joins("ada", Habits::POLITE);
        let slow = chat.joins_over("slow", Habits::POLITE, NARROW);
        turns().await;
        slow.stops_reading();
        turns().await;
        for number in 1..=20 {
            chat.publishes(&message(number));
            turns().await;
        }
        for second in 1..=5 {
            sleep(ms(1000)).await;
            let text = format!("I can still talk {second}");
            slow.says(&text).await;
            turns().await;
            no_panic(&chat.log);
            let heard = chat.log.texts("ada").contains(&(second * 1000, text));
            ensure(heard, || {
                not_listened_to(
                    &chat,
                    &format!(
                        "it said something at {}, and ada didn't get it",
                        seconds(second * 1000)
                    ),
                )
            })?;
        }
        // Its last word.
        slow.sends(Frame::Close(Some(1000))).await;
        turns().await;
        no_panic(&chat.log);
        let what = "it sent a Close, and its place was still taken";
        if chat.hub.call_members() == 1 {
            return Ok(());
        }
        // Is the Close unheard, or the place kept until the connection has ended?
        sleep(ms(60_000)).await;
        turns().await;
        match chat.hub.call_members() {
            1 => Err(chat.kept(&format!("a peer didn't read; {what}"))),
            _ => Err(not_listened_to(&chat, what)),
        }
    });
}

fn not_listened_to(chat: &Chat, what: &str) -> Fault {
    Fault::new("not_read_while_writing")
        .happened(format!("a peer didn't read, so a `send` to it was waiting. Then {what}"))
        .expected("what a peer sends is taken at once, even while a message to it waits for room")
        .next("split the socket, and have two loops side by side, one that reads and one that writes: an `await` of `send` in the arm of a `select!` stops the whole `select!`")
        .drawn(chat.log.drawn(Some("slow")))
}

/// A peer that reads in gulps, and talks all the time: whatever drops a `send` or a `next` halfway loses something here.
pub(super) fn no_message_is_lost_while_both_sides_talk(answer: &Answer) {
    const ROUNDS: usize = 10;
    const IN_A_ROUND: usize = 4;
    const ALL: usize = ROUNDS * IN_A_ROUND;
    examine(async |_| {
        let chat = Chat::new(answer, 10);
        let slow = chat.joins_over("slow", Habits::POLITE, 300);
        turns().await;
        for round in 0..ROUNDS {
            slow.stops_reading();
            turns().await;
            for number in 1..=IN_A_ROUND {
                chat.publishes(&message(round * IN_A_ROUND + number));
                turns().await;
                // Its own words wake the function up while the message is on its way.
                slow.sends(Frame::Pong(Vec::new())).await;
                turns().await;
                sleep(ms(100)).await;
            }
            slow.sends(Frame::Binary(vec![1])).await;
            turns().await;
            slow.reads();
            turns().await;
            sleep(ms(100)).await;
        }
        no_panic(&chat.log);
        let texts = chat.log.texts("slow");
        let numbers: Vec<Got> = texts.iter().map(|(_, text)| read(text)).collect();
        let expected: Vec<Got> = (1..=ALL).map(Got::Number).collect();
        ensure(numbers == expected, || {
            let whole = texts
                .iter()
                .filter(|(_, text)| text.len() == message(1).len())
                .count();
            Fault::new("message_lost_on_drop")
                .happened(format!("{ALL} messages were published, {IN_A_ROUND} at a time. A peer that read them a little later, and sent pongs meanwhile, got {whole}"))
                .expected("it gets all of them: what's being sent is sent to its end")
                .next("take a message with `member.next()`, and await its `send` outside of the `select!`, so that no other arm can drop it halfway")
                .drawn(chat.log.drawn(Some("slow")))
        })
    });
}
