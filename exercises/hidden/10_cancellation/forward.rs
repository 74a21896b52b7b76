//! The hidden tests of `forward`.

mod channels;
mod judgement;

use async_workbook::{
    harness::{Task, counted, ms, task},
    timeline::Recorder,
    verdict::{Fault, ensure, examine, mark, mark_in},
};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use self::{
    channels::Channels,
    judgement::{
        all_arrived, drawing, lost, place_is_back, returned_at, stop_missed_while_full, wrong_count,
    },
};
use crate::{
    Answer,
    dropping::{
        ALMOST_ALL_STEPS, HANGS, Polled, a_moment, millis, polled, polled_in_haste,
        tasks_take_turns,
    },
    faults::{Checked, no_task_is_left, no_task_is_left_beside},
};

pub(crate) const TASK: Task<Answer> = task!(
    forward: messages_arrive_in_order,
    stop_ends_a_wait_for_a_message,
    stop_ends_a_wait_for_room,
    stop_ends_it_while_messages_keep_coming,
    a_closed_channel_ends_it,
    nothing_is_lost_when_every_poll_is_dropped,
    nothing_is_lost_at_any_poll,
    nothing_is_lost_in_haste,
);

fn messages_arrive_in_order(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // One message, and then many with little room.
        for (messages, room) in [(1, 1), (20, 3), (20, 1)] {
            recorder.restart();
            let mut channels = Channels::new(messages, room);
            channels.end_input();
            let consumer = channels.consume_every(10);
            let moving = (answer.forward)(&mut channels.from, &channels.to, &channels.stop);
            let Ok(moved) = timeout(HANGS, moving).await else {
                return Err(end_missed());
            };
            let left = channels.from.len();
            token_is_left_alone(&channels.stop)?;
            nothing_is_left_behind(left)?;
            no_task_is_left_beside(1, "the function returned, and").await?;
            sleep(ms(100)).await;
            place_is_back(room, channels.to.capacity(), "it returned")?;
            channels.close();
            let arrived = consumer.await.expect("it doesn't panic");
            undisturbed(messages, &arrived, left)?;
            ensure(moved == messages, || wrong_count(moved, messages))?;
        }
        recorder.restart();
        it_returns_at_the_end(answer).await?;
        recorder.restart();
        an_empty_message_is_moved(answer).await?;
        recorder.restart();
        another_sender_waits(answer).await
    });
}

/// Nothing was stopped, dropped or closed.
fn undisturbed(messages: usize, arrived: &[String], left: usize) -> Checked {
    let checked = all_arrived(
        messages,
        arrived,
        left,
        "`to` was slow, and nothing was stopped or dropped",
    );
    checked.map_err(|fault| {
        if fault.misconception != "message_lost_on_drop" {
            return fault;
        }
        dropped_when_full(fault.happened)
    })
}

fn dropped_when_full(happened: String) -> Fault {
    Fault::new("message_dropped_when_full")
        .happened(happened)
        .expected("a message waits until there's room for it in `to`")
        .next("wait for room with `reserve` or `send`: `try_send` gives the message back when `to` is full, and then it's yours to keep")
}

/// `from` has ended, and the function has returned.
fn nothing_is_left_behind(left: usize) -> Checked {
    ensure(left == 0, || {
        Fault::new("returned_before_work_finished")
            .happened(format!("the function returned, and {} still in `from`. Nothing was stopped, and `to` was open", were(left)))
            .expected("the function goes on until `from` has ended: it's closed, and empty")
            .next("return when `from.recv()` gives `None`, and not when there's no room or no message just now")
    })
}

fn were(messages: usize) -> String {
    let counted = counted(messages, "message");
    format!("{counted} {}", if messages == 1 { "was" } else { "were" })
}

fn token_is_left_alone(stop: &CancellationToken) -> Checked {
    ensure(!stop.is_cancelled(), || {
        Fault::new("borrowed_token_cancelled")
            .happened("the function cancelled `stop`, which its caller had not done")
            .expected("`stop` is the caller's: the function waits for it, and others may wait for it too")
            .next("make a `stop.child_token()` if you want to cancel something yourself: a clone, and a `drop_guard()` of it, cancel the token itself")
    })
}

fn end_missed() -> Fault {
    Fault::new("end_of_input_missed")
        .happened("`from` was closed and empty, and the function waited for ever")
        .expected("the function returns when `from` has ended")
        .next("return when `from.recv()` gives `None`")
}

/// A message comes at 20 ms, and there's a single place in `to`. From 10 ms on, another sender wants it too.
/// The handles are of the two who send. The second says whether its message was taken.
fn contended() -> (Channels, JoinHandle<()>, JoinHandle<bool>) {
    let mut channels = Channels::new(0, 1);
    let later = channels.send_in(20, "moved");
    channels.end_input();
    let other = channels.to.clone();
    let sending = tokio::spawn(async move {
        sleep(ms(10)).await;
        other.send("other".to_owned()).await.is_ok()
    });
    (channels, later, sending)
}

/// Whether the function is dropped or not, the other sender may get the place first.
async fn nothing_is_lost_beside_another_sender(answer: &Answer, recorder: &Recorder) -> Checked {
    for polls in 0..1000 {
        recorder.restart();
        let (mut channels, later, sending) = contended();
        let consumer = channels.consume_every(60);
        let moving = (answer.forward)(&mut channels.from, &channels.to, &channels.stop);
        let is_over = matches!(polled(moving, polls).await, Polled::Ended(_));
        let moving = (answer.forward)(&mut channels.from, &channels.to, &channels.stop);
        timeout(HANGS, moving).await.map_err(|_| end_missed())?;
        later.await.expect("it doesn't panic");
        let _sent = sending.await.expect("it doesn't panic");
        let left = channels.from.len();
        channels.close();
        let arrived = consumer.await.expect("it doesn't panic");
        let moved = arrived.iter().filter(|message| *message == "moved").count();
        ensure(moved + left == 1, || {
            lost(
                1,
                moved,
                left,
                &format!(
                    "another sender had taken the only place in `to`, and the call was dropped at poll {polls}"
                ),
            )
        })?;
        if is_over {
            break;
        }
    }
    Ok(())
}

/// There is room for all messages, and the last one is followed by the end.
async fn it_returns_at_the_end(answer: &Answer) -> Checked {
    let mut channels = Channels::producing_every(7, 5, 8);
    let moving = (answer.forward)(&mut channels.from, &channels.to, &channels.stop);
    let (_moved, took) = ended(moving).await;
    returned_early(35, took)?;
    ensure(took == Some(35), || {
        Fault::new("needless_wait")
            .happened(match took {
                Some(took) => format!("`from` ended at 35 ms, there was room in `to`, and the function returned at {took} ms"),
                None => "`from` ended at 35 ms, there was room in `to`, and the function waited for ever".to_owned(),
            })
            .expected("the function moves a message as soon as there's room for it, and returns as soon as `from` has ended")
            .next("wait for one place and for one message at a time, with `reserve` and `recv`: no `sleep` between two looks")
    })
}

/// Another sender is next in line for the only place, and a message comes while the function may hold it.
async fn another_sender_waits(answer: &Answer) -> Checked {
    let (mut channels, later, sending) = contended();
    let consumer = channels.consume_every(30);
    let moving = (answer.forward)(&mut channels.from, &channels.to, &channels.stop);
    let Ok(_moved) = timeout(HANGS, moving).await else {
        return Err(end_missed());
    };
    later.await.expect("it doesn't panic");
    nothing_is_left_behind(channels.from.len())?;
    let sent = sending.await.expect("it doesn't panic");
    channels.close();
    let arrived = consumer.await.expect("it doesn't panic");
    ensure(
        sent && arrived.iter().any(|message| message == "moved"),
        || {
            dropped_when_full("another sender was waiting for the only place in `to` when a message came, and the message was never handed over".into())
        },
    )
}

/// What isn't in a message is no reason to leave it out.
async fn an_empty_message_is_moved(answer: &Answer) -> Checked {
    let mut channels = Channels::new(0, 3);
    for message in ["", "last"] {
        let sending = channels.send_in(0, message);
        sending.await.expect("there is room for both");
    }
    channels.end_input();
    let moving = (answer.forward)(&mut channels.from, &channels.to, &channels.stop);
    let Ok(_moved) = timeout(HANGS, moving).await else {
        return Err(Fault::new("needless_wait")
            .happened("two messages were in `from`, there was room for three in `to`, and the function waited for ever")
            .expected("a message is moved as soon as there's room for it")
            .next("wait for one place at a time: nobody makes room for the message that isn't there yet"));
    };
    let arrived = channels.arrived();
    ensure(arrived == ["", "last"], || {
        Fault::new("data_altered")
            .happened(format!(
                "the messages \"\" and \"last\" were in `from`, and {arrived:?} arrived"
            ))
            .expected("every message is moved as it is, an empty one too")
            .next("don't look into the messages: hand each of them over")
    })
}

/// `from` is empty, and stays so.
fn stop_ends_a_wait_for_a_message(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for messages in [0, 2] {
            recorder.restart();
            let mut channels = Channels::new(messages, 4);
            let before = channels.to.capacity();
            mark_in(ms(50), "stop");
            let stopping = channels.stop_in(50);
            let moving = (answer.forward)(&mut channels.from, &channels.to, &channels.stop);
            let (moved, took) = ended(moving).await;
            stopping.await.expect("it doesn't panic");
            returned_early(50, took)?;
            returned_at(
                50,
                took,
                "it waited for a message, and `stop` was cancelled at 50 ms",
            )?;
            no_task_is_left("the function returned, and").await?;
            let arrived = channels.arrived();
            let left = channels.from.len();
            all_arrived(
                messages,
                &arrived,
                left,
                "`stop` was cancelled while it waited for a message",
            )?;
            ensure(left == 0, || {
                Fault::new("needless_wait")
                    .happened(format!("for 50 ms, {} in `from`, there was room in `to`, and the function didn't move anything", were(left)))
                    .expected("a message is moved as soon as there's room for it")
                    .next("wait for one message and for one place: don't wait for more of them, or for a time")
            })?;
            source_is_open(answer, &mut channels).await?;
            ensure(moved == Some(messages), || {
                wrong_count(moved.unwrap_or(0), messages)
            })?;
            place_is_back(before, channels.to.capacity(), "it returned")?;
        }
        Ok(())
    });
}

fn returned_early(due: u64, took: Option<u64>) -> Checked {
    ensure(took.is_none_or(|took| took >= due), || {
        Fault::new("returned_before_work_finished")
            .happened(format!(
                "the function returned at {} ms, while `from` was empty. It could still get messages, and nothing was stopped",
                took.unwrap_or(0)
            ))
            .expected("the function waits for the next message until `from` has ended")
            .next("await `from.recv()`, and return when it gives `None`: `try_recv` doesn't wait")
    })
}

/// It was stopped. A message comes afterwards, and another call moves it.
async fn source_is_open(answer: &Answer, channels: &mut Channels) -> Checked {
    let later = channels.send_in(0, "later");
    later.await.expect("it doesn't panic");
    channels.end_input();
    let stop = CancellationToken::new();
    let moving = (answer.forward)(&mut channels.from, &channels.to, &stop);
    let Ok(_moved) = timeout(HANGS, moving).await else {
        return Err(end_missed());
    };
    let arrived = channels.arrived();
    ensure(arrived == ["later"], || {
        Fault::new("message_lost_on_drop")
            .happened("`stop` was cancelled, a message came for `from` afterwards, and the next call moved nothing: `from` had been closed, and the message was refused")
            .expected("when it's stopped, the next call goes on where this one stopped")
            .next("leave `from` open: whether it ends is up to those who send to it")
    })
}

/// Nobody takes anything out of `to`.
fn stop_ends_a_wait_for_room(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (messages, room) in [(5, 1), (20, 7)] {
            recorder.restart();
            let mut channels = Channels::new(messages, room);
            mark_in(ms(50), "stop");
            let stopping = channels.stop_in(50);
            let moving = (answer.forward)(&mut channels.from, &channels.to, &channels.stop);
            let (moved, took) = ended(moving).await;
            stopping.await.expect("it doesn't panic");
            if took != Some(50) {
                return Err(stop_missed_while_full(answer, took).await);
            }
            let arrived = channels.arrived();
            let left = channels.from.len();
            ensure(arrived.len() + left == messages, || {
                lost(
                    messages,
                    arrived.len(),
                    left,
                    "`to` was full, and `stop` was cancelled at 50 ms",
                )
                .drawn(drawing(messages, &arrived, left))
            })?;
            ensure(moved == Some(arrived.len()), || {
                wrong_count(moved.unwrap_or(0), arrived.len())
            })?;
            place_is_back(room, channels.to.capacity(), "it returned")?;
            no_task_is_left("the function returned, and").await?;
        }
        stopped_before_it_began(answer, recorder).await
    });
}

async fn stopped_before_it_began(answer: &Answer, recorder: &Recorder) -> Checked {
    recorder.restart();
    let mut channels = Channels::new(2, 1);
    channels.fill();
    channels.stop.cancel();
    mark("stop");
    let moving = (answer.forward)(&mut channels.from, &channels.to, &channels.stop);
    let (moved, took) = ended(moving).await;
    returned_at(
        0,
        took,
        "`stop` had been cancelled before it was called, and `to` was full",
    )?;
    let left = channels.from.len();
    ensure(left == 2, || {
        lost(
            2,
            0,
            left,
            "`stop` had been cancelled before it was called, and `to` was full",
        )
    })?;
    ensure(moved == Some(0), || wrong_count(moved.unwrap_or(1), 0))
}

/// There is always a message, and always room.
fn stop_ends_it_while_messages_keep_coming(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        const MESSAGES: usize = 20_000;
        // Far more than a right answer moves until tokio makes it wait, or until it has looked at `stop`.
        const MOST: usize = 10_000;
        recorder.restart();
        let (mut channels, producer) = Channels::busy(MESSAGES, 300);
        let consumer = channels.consume_all();
        tasks_take_turns().await;
        mark("stop");
        channels.stop.cancel();
        let moving = (answer.forward)(&mut channels.from, &channels.to, &channels.stop);
        let (moved, _took) = ended(moving).await;
        channels.from.close();
        let sent = producer.await.expect("it doesn't panic");
        let left = std::iter::from_fn(|| channels.from.try_recv().ok()).count();
        channels.close();
        let arrived = consumer.await.expect("it doesn't panic");
        let when = "`stop` had been cancelled, and `from` never ran empty";
        ensure(arrived <= MOST, || {
            Fault::new("cancellation_checked_between_messages")
                .happened(format!("{when}: the function moved {arrived} messages more"))
                .expected("the function returns when `stop` is cancelled, even if messages keep coming")
                .next("with `biased`, put `stop.cancelled()` first: a branch that's always ready starves those below it")
        })?;
        ensure(arrived + left == sent, || lost(sent, arrived, left, when))?;
        ensure(moved == Some(arrived), || {
            wrong_count(moved.unwrap_or(0), arrived)
        })
    });
}

fn a_closed_channel_ends_it(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // Before it's called; while it waits for room; while it waits for a message.
        recorder.restart();
        let mut channels = Channels::new(3, 4);
        channels.drop_receiver();
        mark("`to` closed");
        let moving = (answer.forward)(&mut channels.from, &channels.to, &channels.stop);
        let (_, took) = ended(moving).await;
        closed_missed(0, took, "`to` was closed when it was called")?;
        let left = channels.from.len();
        ensure(left == 3, || {
            lost(3, 0, left, "`to` was closed when it was called")
        })?;

        recorder.restart();
        let mut channels = Channels::new(5, 2);
        let closing = channels.close_in(50);
        let moving = (answer.forward)(&mut channels.from, &channels.to, &channels.stop);
        let (_, took) = ended(moving).await;
        closing.await.expect("it doesn't panic");
        closed_missed(50, took, "it waited for room, and `to` was closed at 50 ms")?;
        let left = channels.from.len();
        ensure(left == 3, || {
            lost(
                5,
                2,
                left,
                "it waited for room for a third message, and `to` was closed at 50 ms",
            )
        })?;

        recorder.restart();
        let mut channels = Channels::new(1, 4);
        let closing = channels.close_in(50);
        let later = channels.send_in(70, "later");
        let moving = (answer.forward)(&mut channels.from, &channels.to, &channels.stop);
        let (_, took) = ended(moving).await;
        closing.await.expect("it doesn't panic");
        closed_missed(
            50,
            took,
            "it waited for a message, and `to` was closed at 50 ms",
        )?;
        later.await.expect("it doesn't panic");
        let left = channels.from.len();
        ensure(left == 1, || {
            lost(
                2,
                1,
                left,
                "`to` was closed, and a message came 20 ms later",
            )
        })
    });
}

fn closed_missed(due: u64, took: Option<u64>, when: &str) -> Checked {
    ensure(took == Some(due), || {
        Fault::new("closed_channel_missed")
            .happened(match took {
                Some(took) => format!("{when}, and the function returned at {took} ms"),
                None => format!("{when}, and the function waited for ever"),
            })
            .expected("the function returns as soon as `to` is closed, and takes no message that it can't hand over")
            .next("wait for `to.closed()` as well while you wait for a message, and return when `reserve` gives an error")
    })
}

/// Its output, and when it came. `None` if it waits for ever.
async fn ended(moving: crate::Boxed<'_, usize>) -> (Option<usize>, Option<u64>) {
    let start = Instant::now();
    match timeout(HANGS, moving).await {
        Ok(moved) => (Some(moved), Some(millis(start, Instant::now()))),
        Err(_elapsed) => (None, None),
    }
}

fn nothing_is_lost_when_every_poll_is_dropped(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // A slow consumer, so it waits for room; a slow producer, so it waits for messages; and both.
        for (produce, consume, room) in [(0, 10, 1), (10, 0, 3), (7, 25, 2), (25, 7, 2)] {
            recorder.restart();
            every_poll_is_dropped(answer, (produce, consume, room), 0).await?;
        }
        Ok(())
    });
}

fn nothing_is_lost_in_haste(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for steps in ALMOST_ALL_STEPS {
            recorder.restart();
            every_poll_is_dropped(answer, (7, 5, 2), steps).await?;
        }
        Ok(())
    });
}

/// Each call is dropped at its first poll, and before every other one, so many steps were taken.
async fn every_poll_is_dropped(
    answer: &Answer,
    (produce, consume, room): (u64, u64, usize),
    steps: u32,
) -> Checked {
    const MESSAGES: usize = 20;
    let mut channels = Channels::producing_every(produce, MESSAGES, room);
    let consumer = channels.consume_every(consume);
    for drops in 0_u32.. {
        let moving = (answer.forward)(&mut channels.from, &channels.to, &channels.stop);
        // An answer that waits for something else first never gets to its messages. In the end it's left alone.
        let polls = if drops < 2000 { 1 } else { usize::MAX };
        match polled_in_haste(moving, polls, steps * (drops % 2)).await {
            Polled::Ended(_) => break,
            Polled::Waits(moving) => drop(moving),
        }
        if polls > 1 {
            return Err(end_missed());
        }
        a_moment().await;
    }
    let left = channels.from.len();
    sleep(ms(100)).await;
    place_is_back(
        room,
        channels.to.capacity(),
        "all calls were dropped at their first poll",
    )?;
    channels.close();
    let arrived = consumer.await.expect("it doesn't panic");
    all_arrived(
        MESSAGES,
        &arrived,
        left,
        "each call was dropped at its first poll, and the next one made",
    )
}

fn nothing_is_lost_at_any_poll(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        const MESSAGES: usize = 6;
        for woken in [false, true] {
            for polls in 0..1000 {
                recorder.restart();
                let mut channels = Channels::producing_every(10, MESSAGES, 1);
                let consumer = channels.consume_every(15);
                let moving = (answer.forward)(&mut channels.from, &channels.to, &channels.stop);
                let is_over = match polled(moving, polls).await {
                    Polled::Ended(_) => true,
                    Polled::Waits(moving) => {
                        if woken {
                            // By then it may have been given a place, and nothing has polled it since.
                            sleep(ms(40)).await;
                        }
                        mark("dropped");
                        drop(moving);
                        // The producer and the consumer are tasks, too.
                        no_task_is_left_beside(2, "a call was dropped, and").await?;
                        false
                    }
                };
                let moving = (answer.forward)(&mut channels.from, &channels.to, &channels.stop);
                let rest = timeout(HANGS, moving).await;
                let left = channels.from.len();
                sleep(ms(100)).await;
                place_is_back(
                    1,
                    channels.to.capacity(),
                    &format!("a call was dropped at poll {polls}"),
                )?;
                channels.close();
                let arrived = consumer.await.expect("it doesn't panic");
                all_arrived(
                    MESSAGES,
                    &arrived,
                    left,
                    &format!("a call was dropped at poll {polls}, and another one made"),
                )?;
                ensure(rest.is_ok(), end_missed)?;
                no_task_is_left("a call was dropped, and").await?;
                if is_over {
                    break;
                }
            }
        }
        nothing_is_lost_beside_another_sender(answer, recorder).await
    });
}
