//! The hidden tests of `forward`.

mod channels;
mod judgement;

use async_workbook::{
    harness::{Task, ms, task},
    timeline::Recorder,
    verdict::{Fault, ensure, examine, mark, mark_in},
};
use tokio::time::{Instant, sleep, timeout};

use self::{
    channels::Channels,
    judgement::{
        all_arrived, drawing, lost, place_is_back, returned_at, stop_missed_while_full, wrong_count,
    },
};
use crate::{
    Answer,
    dropping::{HANGS, Polled, a_moment, millis, polled},
    faults::{Checked, no_task_is_left},
};

pub(crate) const TASK: Task<Answer> = task!(
    forward: messages_arrive_in_order,
    stop_ends_a_wait_for_a_message,
    stop_ends_a_wait_for_room,
    a_closed_channel_ends_it,
    nothing_is_lost_when_every_poll_is_dropped,
    nothing_is_lost_at_any_poll,
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
            no_task_is_left_beside(1, "the function returned, and").await?;
            sleep(ms(100)).await;
            place_is_back(room, channels.to.capacity(), "it returned")?;
            channels.close();
            let arrived = consumer.await.expect("it doesn't panic");
            undisturbed(messages, &arrived, left)?;
            ensure(moved == messages, || wrong_count(moved, messages))?;
        }
        Ok(())
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
        Fault::new("message_dropped_when_full")
            .happened(fault.happened)
            .expected("a message waits until there's room for it in `to`")
            .next("wait for room with `reserve` or `send`: `try_send` gives the message back when `to` is full, and then it's yours to keep")
    })
}

fn end_missed() -> Fault {
    Fault::new("end_of_input_missed")
        .happened("`from` was closed and empty, and the function waited for ever")
        .expected("the function returns when `from` has ended")
        .next("return when `from.recv()` gives `None`")
}

/// The consumer of the scenario is a task, too.
async fn no_task_is_left_beside(consumers: usize, when: &str) -> Checked {
    let left = crate::dropping::tasks_left().await;
    if left <= consumers {
        return Ok(());
    }
    no_task_is_left(when).await
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
            returned_at(
                50,
                took,
                "it waited for a message, and `stop` was cancelled at 50 ms",
            )?;
            no_task_is_left("the function returned, and").await?;
            let arrived = channels.arrived();
            all_arrived(
                messages,
                &arrived,
                channels.from.len(),
                "`stop` was cancelled while it waited for a message",
            )?;
            ensure(moved == Some(messages), || {
                wrong_count(moved.unwrap_or(0), messages)
            })?;
            place_is_back(before, channels.to.capacity(), "it returned")?;
        }
        Ok(())
    });
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
        const MESSAGES: usize = 20;
        // A slow consumer, so it waits for room; a slow producer, so it waits for messages; and both.
        for (produce, consume, room) in [(0, 10, 1), (10, 0, 3), (7, 25, 2), (25, 7, 2)] {
            recorder.restart();
            let mut channels = Channels::producing_every(produce, MESSAGES, room);
            let consumer = channels.consume_every(consume);
            for drops in 0.. {
                let moving = (answer.forward)(&mut channels.from, &channels.to, &channels.stop);
                // An answer that waits for something else first never gets to its messages. In the end it's left alone.
                let polls = if drops < 2000 { 1 } else { usize::MAX };
                match polled(moving, polls).await {
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
            )?;
        }
        Ok(())
    });
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
        Ok(())
    });
}
