//! The hidden tests of `events`.

use std::time::Duration;

use async_workbook::{
    clock::{Readable, distinct},
    harness::{Task, counted, listed, ms, task},
    timeline::Recorder,
    verdict::{Fault, ensure, examine, mark},
};
use axum::http::{StatusCode, header::CONTENT_TYPE};
use tokio::{
    sync::broadcast,
    task::yield_now,
    time::{Instant, sleep, sleep_until},
};

use crate::{
    Answer,
    body::{Part, Read, Reader},
    faults::backpressure_lost,
};

pub(crate) const TASK: Task<Answer> = task!(
    events: each_message_becomes_an_event,
    a_message_may_have_several_lines,
    the_body_ends_with_the_feed,
    events_come_when_they_are_sent,
    a_quiet_connection_is_kept_alive,
    a_slow_client_is_told_what_it_missed,
    a_slow_client_costs_little_memory,
    a_client_that_reads_again_gets_one_comment,
    the_feed_is_let_go_when_the_client_leaves,
);

const SECOND: Duration = ms(1000);

/// How long a connection may be quiet.
const QUIET: Duration = ms(15_000);

fn open(answer: &Answer, capacity: usize) -> Result<(broadcast::Sender<String>, Reader), Fault> {
    let (sender, feed) = broadcast::channel(capacity);
    let response = (answer.events)(feed);
    let status = response.status();
    ensure(status == StatusCode::OK, || {
        Fault::new("wrong_status_returned")
            .happened(format!("the status of the response was {status}"))
            .expected("it's `200 OK`: the browser's `EventSource` reads no other response")
            .next("return the `Sse` alone, which is a `200 OK`")
    })?;
    let kind = response.headers().get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or("none");
    ensure(kind.starts_with("text/event-stream"), || {
        Fault::new("content_type_missing")
            .happened(format!("the content type of the response was {kind}"))
            .expected("it's `text/event-stream`: without it, the browser's `EventSource` refuses the response")
            .next("return an `Sse`, which sets it, or set the header yourself")
    })?;
    Ok((sender, Reader::new(response)))
}

fn send(sender: &broadcast::Sender<String>, message: &str) -> Result<(), Fault> {
    let sent = sender.send(message.to_owned()).is_ok();
    ensure(sent, || {
        ended_too_soon(
            "nobody was listening to the feed any more, while the client was still there".into(),
        )
    })
}

fn ended_too_soon(happened: String) -> Fault {
    Fault::new("given_up_too_early")
        .happened(happened)
        .expected("the body goes on until the feed ends or the client leaves")
        .next("keep `feed` in the state of the stream, and end the stream only on `RecvError::Closed`")
}

/// Why something other than the message came.
fn instead_of(message: &str, read: Read) -> Fault {
    let sent = format!("the feed sent `{}`", message.escape_debug());
    match read {
        Read::End => ended_too_soon(format!("{sent}, and the body ended instead")),
        Read::Spins => spins(format!("{sent}, and the body was polled over and over at the same moment")),
        Read::Broken(text) if text.contains("lagged") => ended_too_soon(format!("{sent}, and the body ended in an error, `{text}`")),
        Read::Broken(text) => not_whole(format!("{sent}, and the body ended in the middle of an event, or in an error: `{}`", text.escape_debug())),
        Read::Nothing(text) if text.is_empty() => Fault::new("results_missing")
            .happened(format!("{sent}, and the client never got it"))
            .expected("each message becomes an event")
            .next("await `feed.recv()` in the stream of the body, again and again"),
        Read::Nothing(text) => not_whole(format!("{sent}, and the client got `{}`, and no end of the event", text.escape_debug())),
        Read::Part(Part::Comment) => Fault::new("keep_alive_mistimed")
            .happened(format!("{sent}, and the client got a comment instead, although the connection hadn't been quiet"))
            .expected("a comment comes when 15 s have passed without anything sent")
            .next("begin the 15 s anew with each event, and check for a message before the timer: `KeepAlive::new().interval(…)` does both"),
        Read::Part(Part::Event { name, data }) => Fault::new("data_altered")
            .happened(format!("{sent}, and the client got an event{} with the data `{}`", if name.is_empty() { String::new() } else { format!(" `{name}`") }, data.escape_debug()))
            .expected("the event has no name, and the message as its data")
            .next("pass the message to `Event::default().data(…)` as it is"),
    }
}

fn not_whole(happened: String) -> Fault {
    Fault::new("event_not_ended")
        .happened(happened)
        .expected("an event is a line `data: …` for each line of the message, and a blank line, which ends it: until then the browser shows nothing")
        .next("let `Event::default().data(…)` write the event; by hand, write `\\n\\n` after the last `data:` line")
}

fn spins(happened: String) -> Fault {
    Fault::new("busy_wait")
        .happened(happened)
        .expected("the stream ends when the feed does: a closed channel returns its error at once, every time")
        .next("match on what `recv` returns: `Lagged` means go on, `Closed` means the end. A loop that goes on after any `Err` never rests")
}

async fn expect(reader: &mut Reader, message: &str) -> Result<(), Fault> {
    let read = reader.next(ms(10_000)).await;
    if read == Read::Part(Part::message(message)) {
        return Ok(());
    }
    Err(instead_of(message, read))
}

fn each_message_becomes_an_event(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        recorder.restart();
        let (sender, mut reader) = open(answer, 16)?;
        for message in [
            "first",
            "second",
            "second",
            "  spaces in front and behind ",
            "data: x",
            "ü: 20 €",
            ":",
            " ",
        ] {
            send(&sender, message)?;
            expect(&mut reader, message).await?;
        }
        // One that was there before the client.
        let (early, feed) = broadcast::channel(16);
        send(&early, "early")?;
        let mut reader_of_early = Reader::new((answer.events)(feed));
        if send(&early, "late").is_err()
            || reader_of_early.next(ms(10_000)).await != Read::Part(Part::message("early"))
        {
            return Err(Fault::new("results_missing")
                .happened("`feed` had a message when it was handed over, and the client didn't get it first")
                .expected("each message that `feed` has or gets becomes an event")
                .next("read from `feed` itself: a receiver made by `resubscribe` begins with the messages that are yet to come"));
        }
        // Several at once, and several clients.
        let others = [sender.subscribe(), sender.subscribe()];
        let mut readers = others.map(|feed| Reader::new((answer.events)(feed)));
        let messages = ["one", "two", "three", "four"];
        for message in messages {
            send(&sender, message)?;
        }
        for reader in readers.iter_mut().chain([&mut reader]) {
            for message in messages {
                expect(reader, message).await?;
            }
        }
        Ok(())
    });
}

fn a_message_may_have_several_lines(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        recorder.restart();
        let (sender, mut reader) = open(answer, 16)?;
        for message in [
            "two\nlines",
            "a\n\nblank line",
            "event: admin\ndata: forged",
            "ends in a break\n",
            "old\revent: admin\rbreaks",
        ] {
            send(&sender, message)?;
            let read = reader.next(ms(10_000)).await;
            // To a browser, a carriage return ends a line too. What becomes of it is all the same, if it forges nothing.
            let whole = match &read {
                Read::Part(Part::Event { name, data }) => {
                    name.is_empty() && (data == message || message.contains('\r'))
                }
                _ => false,
            };
            ensure(whole, || {
                let got = match read {
                    Read::Part(Part::Event { name, data }) => {
                        format!("an event `{name}` with the data `{}`", data.escape_debug())
                    }
                    Read::Nothing(text) | Read::Broken(text) => {
                        format!("`{}`", text.escape_debug())
                    }
                    Read::End | Read::Spins | Read::Part(Part::Comment) => {
                        "nothing of it".to_owned()
                    }
                };
                Fault::new("line_break_not_escaped")
                    .happened(format!("the feed sent `{}`, and the client got {got}", message.escape_debug()))
                    .expected("each line of a message has a `data:` of its own, and the browser puts them together again. Otherwise, a message can end the event, and forge another")
                    .next("let `Event::default().data(…)` write the lines, instead of `format!`")
            })?;
        }
        Ok(())
    });
}

fn the_body_ends_with_the_feed(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for messages in [&["last"][..], &[], &["one", "two", "three"]] {
            recorder.restart();
            let (sender, mut reader) = open(answer, 16)?;
            for message in messages {
                send(&sender, message)?;
            }
            // What the feed has sent is still delivered.
            let start = Instant::now();
            let sending = async move {
                sleep(SECOND).await;
                drop(sender);
            };
            let reading = async {
                sleep(2 * SECOND).await;
                for message in messages {
                    expect(&mut reader, message).await?;
                }
                match reader.next(100 * SECOND).await {
                    Read::End => Ok(()),
                    Read::Spins => Err(spins("the feed had ended, and the body was polled over and over at the same moment".into())),
                    Read::Broken(error) => Err(end_lost(format!("the feed had ended, and the body ended in an error, `{}`", error.escape_debug()))),
                    Read::Nothing(_) => Err(end_lost("the feed had ended, and the body was still open 100 s later".into())),
                    Read::Part(Part::Comment) => Err(end_lost("the feed had ended, and the client got a comment instead of the end".into())),
                    Read::Part(Part::Event { data, .. }) => Err(Fault::new("result_invented")
                        .happened(format!("the feed had ended, and the client got another event, with the data `{data}`"))
                        .expected("each message becomes one event, and the body ends with the feed")
                        .next("send nothing of your own")),
                }
            };
            let ((), read) = tokio::join!(sending, reading);
            read?;
            let ended = start.elapsed();
            ensure(ended == 2 * SECOND, || {
                Fault::new("needless_wait")
                    .happened(format!("the feed had ended, the client had read everything at 2.0 s, and the body ended at {}", Readable(ended)))
                    .expected("the body ends as soon as its last message has been read")
                    .next("end the stream on `RecvError::Closed`, without waiting for a timer")
            })?;
        }
        Ok(())
    });
}

fn end_lost(happened: String) -> Fault {
    Fault::new("end_of_stream_lost")
        .happened(happened)
        .expected("when the feed ends, the body ends: a client that waits for more would wait for ever")
        .next("end the stream on `RecvError::Closed`. `select` and `merge` of two streams end when both have ended, and a stream of ticks never does")
}

/// Everything that comes until the end of `until`, with its time.
async fn read_until(reader: &mut Reader, start: Instant, until: Duration) -> Vec<(Duration, Read)> {
    let mut all = Vec::new();
    while let Some(left) = until
        .checked_sub(start.elapsed())
        .filter(|left| !left.is_zero())
    {
        let read = reader.next(left).await;
        let over = !matches!(read, Read::Part(_));
        if !matches!(read, Read::Nothing(_)) {
            all.push((start.elapsed(), read));
        }
        if over || all.len() > 1000 {
            break;
        }
    }
    all
}

async fn sent_at(
    sender: &broadcast::Sender<String>,
    start: Instant,
    seconds: &[u64],
    late: Duration,
) {
    for &second in seconds {
        sleep_until(start + second as u32 * SECOND + late).await;
        // Whether anybody listens shows in what the client gets.
        let _nobody_listens = sender.send(format!("{second} s"));
        mark(&format!("message at {second} s"));
    }
}

/// When the body is polled: when it's woken, or now and then besides, as a server does when its connection has something
/// to do.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Polls {
    WhenWoken,
    EveryFourSeconds,
}

/// Messages so long after these seconds, and all that came until the last: comments, and messages.
async fn run(
    answer: &Answer,
    seconds: &[u64],
    late: Duration,
    until: Duration,
    polls: Polls,
) -> Result<(Vec<Duration>, Vec<(Duration, String)>), Fault> {
    let (sender, mut reader) = open(answer, 16)?;
    let start = Instant::now();
    let sending = sent_at(&sender, start, seconds, late);
    // All three are polled whenever one of them is woken.
    let nudging = async {
        while let Polls::EveryFourSeconds = polls
            && start.elapsed() < until
        {
            sleep(4 * SECOND).await;
        }
    };
    let ((), all, ()) = tokio::join!(sending, read_until(&mut reader, start, until), nudging);
    let (mut comments, mut messages) = (Vec::new(), Vec::new());
    for (at, read) in all {
        match read {
            Read::Part(Part::Comment) => comments.push(at),
            Read::Part(Part::Event { data, .. }) => messages.push((at, data)),
            Read::Spins => {
                return Err(spins(format!(
                    "at {}, the body was polled over and over",
                    Readable(at)
                )));
            }
            other => {
                return Err(ended_too_soon(format!(
                    "at {}, the feed was still open, and the body ended: {other:?}",
                    Readable(at)
                )));
            }
        }
    }
    Ok((comments, messages))
}

/// When a comment is due: the seconds are those of the messages.
fn comments_due(seconds: &[u64], until: Duration) -> Vec<Duration> {
    let (mut due, mut last) = (Vec::new(), Duration::ZERO);
    let sent = seconds.iter().map(|&second| second as u32 * SECOND);
    for at in sent.chain([until]) {
        while last + QUIET < at {
            last += QUIET;
            due.push(last);
        }
        last = at;
    }
    due
}

const TIMES: [(&[u64], u64); 4] = [
    (&[5], 6),
    (&[5, 45, 50], 70),
    (&[], 50),
    (&[1, 2, 3, 14, 28, 29, 62], 100),
];

fn events_come_when_they_are_sent(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let after_an_hour: (&[u64], u64) = (&[3700], 3701);
        for (seconds, until) in TIMES.into_iter().chain([after_an_hour]) {
            recorder.restart();
            // Code that looks for a message ten times a second would find those of whole seconds in time.
            let late = if seconds.len() == 1 {
                ms(37)
            } else {
                Duration::ZERO
            };
            let (_, messages) = run(
                answer,
                seconds,
                late,
                until as u32 * SECOND,
                Polls::WhenWoken,
            )
            .await?;
            for &second in seconds {
                let (due, text) = (second as u32 * SECOND + late, format!("{second} s"));
                let came = messages.iter().find(|(_, data)| *data == text);
                let Some(&(came, _)) = came else {
                    return Err(instead_of(&text, Read::Nothing(String::new())));
                };
                ensure(came == due, || {
                    let [due, came] = distinct([due, came]);
                    Fault::new("needless_wait")
                        .happened(format!("the feed sent a message at {due}, and the client got it at {came}"))
                        .expected("an event is sent at the moment of its message")
                        .next("wait for the message and for the timer at the same time, with `select!` or `timeout`, and send whatever comes first")
                })?;
            }
            let more = messages.iter().find(|(at, data)| {
                !seconds.iter().any(|&second| {
                    *at == second as u32 * SECOND + late && *data == format!("{second} s")
                })
            });
            if let Some((at, data)) = more {
                return Err(Fault::new("result_invented")
                    .happened(format!("at {}, the client got an event with the data `{data}`, which the feed never sent", Readable(*at)))
                    .expected("what keeps the connection alive is a comment, a line that begins with a colon: browsers pass over it")
                    .next("use `KeepAlive`, or send `Event::default().comment(…)`"));
            }
        }
        Ok(())
    });
}

fn a_quiet_connection_is_kept_alive(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let nudged = TIMES.map(|(seconds, until)| (seconds, until, Polls::EveryFourSeconds));
        let times = TIMES.map(|(seconds, until)| (seconds, until, Polls::WhenWoken));
        for (seconds, until, polls) in times.into_iter().chain(nudged) {
            recorder.restart();
            let until = until as u32 * SECOND;
            let (comments, _) = run(answer, seconds, Duration::ZERO, until, polls).await?;
            let due = comments_due(seconds, until);
            let times = |times: &[Duration]| {
                let times: Vec<_> = times.iter().map(|&at| Readable(at).to_string()).collect();
                listed(&times)
            };
            let sent: Vec<_> = seconds
                .iter()
                .map(|&second| second as u32 * SECOND)
                .collect();
            let of = format!(
                "with messages at {}, until {}",
                times(&sent),
                Readable(until)
            );
            let none = comments.is_empty() && polls == Polls::WhenWoken;
            ensure(!none || due.is_empty(), || {
                Fault::new("keep_alive_missing")
                    .happened(format!("{of}, the client got no comment"))
                    .expected(format!("it gets a comment at {}: a proxy closes a connection on which nothing happens, often after 30 or 60 s", times(&due)))
                    .next("call `keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))` on the `Sse`")
            })?;
            ensure(comments == due || polls == Polls::WhenWoken, || {
                Fault::new("keep_alive_mistimed")
                    .happened(format!("{of}, and the body polled every 4 s besides, the client got {}", if comments.is_empty() { "no comment".to_owned() } else { format!("comments at {}", times(&comments)) }))
                    .expected(format!("it gets them at {}: a server polls a body for many reasons, and that alone sends nothing", times(&due)))
                    .next("let `poll_next` begin the 15 s anew only when it gives an event or a comment, and not when it's pending")
            })?;
            ensure(comments == due, || {
                Fault::new("keep_alive_mistimed")
                    .happened(format!("{of}, the client got comments at {}", times(&comments)))
                    .expected(format!("it gets them at {}: when 15 s have passed since the last event or comment", times(&due)))
                    .next("begin the 15 s anew whenever something is sent: an `interval` that runs on beside the messages doesn't, and a `sleep` that is made anew in each turn does")
            })?;
        }
        Ok(())
    });
}

fn a_slow_client_is_told_what_it_missed(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (capacity, first, missed) in [(4, 1, 10), (4, 0, 5), (16, 3, 100), (8, 0, 500)] {
            recorder.restart();
            let (sender, mut reader) = open(answer, capacity)?;
            let mut next = 0;
            for number in 0..first {
                send(&sender, &number.to_string())?;
                expect(&mut reader, &number.to_string()).await?;
                next = number + 1;
            }
            // Twice, since each event counts from the one before.
            for _ in 0..2 {
                for number in next..next + missed {
                    // Whether anybody listens shows in what the client gets.
                    let _nobody_listens = sender.send(number.to_string());
                    // An answer that forwards messages in a task has the time to do so.
                    yield_now().await;
                }
                let all = next + missed;
                mark("the client reads again");
                let mut told = 0;
                while next < all {
                    match reader.next(SECOND).await {
                        Read::Part(Part::Event { name, data }) if name == "lagged" => {
                            let Ok(count) = data.trim().parse::<usize>() else {
                                return Err(not_told(format!(
                                    "the event `lagged` had the data `{}`",
                                    data.escape_debug()
                                )));
                            };
                            told += count;
                            next += count;
                        }
                        Read::Part(Part::Event { data, .. }) => {
                            let Ok(number) = data.parse::<usize>() else {
                                return Err(not_told(format!(
                                    "a client that had missed messages got an event with the data `{}`, and no name",
                                    data.escape_debug()
                                )));
                            };
                            ensure(number == next, || {
                                let after = if told == 0 {
                                    String::new()
                                } else {
                                    format!(", and an event `lagged` for {told} messages")
                                };
                                not_told(format!(
                                    "the client got message {number} where {next} was next{after}"
                                ))
                            })?;
                            next += 1;
                        }
                        Read::Part(Part::Comment) => {}
                        Read::Spins => {
                            return Err(spins(
                                "after a slow client had read again, the body was polled over and over"
                                    .into(),
                            ));
                        }
                        Read::Nothing(_) => {
                            return Err(not_told(format!(
                                "a client didn't read while {missed} messages came. It got {next} of {all}, and then nothing more, not even the number of those that were missing"
                            )));
                        }
                        end => {
                            let how = match end {
                                Read::Broken(error) => {
                                    format!("ended in an error, `{}`", error.escape_debug())
                                }
                                _ => "ended".to_owned(),
                            };
                            return Err(lag_taken_for_the_end(format!(
                                "a client didn't read while {missed} messages came. It had got {next} of {all} when the body {how}"
                            )));
                        }
                    }
                }
                ensure(next == all, || {
                    not_told(format!(
                        "the client had missed {missed} messages at most, and was told of {told}"
                    ))
                })?;
            }
            send(&sender, "afterwards")?;
            expect(&mut reader, "afterwards").await?;
        }
        // It reads again only when the feed has ended.
        recorder.restart();
        let (sender, mut reader) = open(answer, 4)?;
        for number in 0..100 {
            let _nobody_listens = sender.send(number.to_string());
        }
        drop(sender);
        let mut last = None;
        while let Read::Part(part) = reader.next(SECOND).await {
            last = Some(part);
        }
        ensure(last == Some(Part::message("99")), || {
            lag_taken_for_the_end("the feed sent 100 messages and ended before a slow client read again, and the client didn't get the last one".into())
        })
    });
}

fn lag_taken_for_the_end(happened: String) -> Fault {
    Fault::new("lag_taken_for_the_end")
        .happened(happened)
        .expected("it gets an event `lagged`, and then what the feed still has")
        .next("match on the error of `recv`: `RecvError::Lagged(missed)` says that messages were dropped, and the next `recv` goes on with the oldest that is left. Only `Closed` is the end")
}

fn not_told(happened: String) -> Fault {
    Fault::new("lag_not_reported")
        .happened(happened)
        .expected("an event `lagged`, with the number of missed messages as its data, stands where they're missing: only then can the page load what it lacks")
        .next("turn `RecvError::Lagged(missed)` into `Event::default().event(\"lagged\").data(missed.to_string())`")
}

fn a_slow_client_costs_little_memory(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        const SENT: usize = 3000;
        for first in [true, false] {
            recorder.restart();
            // The feed itself has room for all of them: what is no longer in it has been taken out.
            let (sender, mut reader) = open(answer, 4096)?;
            if first {
                send(&sender, "first")?;
                expect(&mut reader, "first").await?;
            }
            for number in 0..SENT {
                send(&sender, &number.to_string())?;
                yield_now().await;
            }
            sleep(SECOND).await;
            let taken = SENT - sender.len();
            // One more may wait for room in a channel.
            ensure(taken <= 33, || {
                backpressure_lost(
                    format!(
                        "a client didn't read while {SENT} messages came, and {taken} of them were waiting for it in memory"
                    ),
                    "at most 32 messages wait for one client: the feed keeps the rest, and drops what is too old",
                    "let the stream itself call `recv` when it's polled, or use a channel with a bound of 32 or less: an unbounded channel has room for everything that a slow client never reads",
                )
            })?;
        }
        Ok(())
    });
}

fn a_client_that_reads_again_gets_one_comment(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (messages, seconds) in [(1, 100), (0, 1000)] {
            recorder.restart();
            let (sender, mut reader) = open(answer, 16)?;
            for _ in 0..messages {
                send(&sender, "first")?;
                expect(&mut reader, "first").await?;
            }
            // The first poll starts whatever clock the body has.
            let _nothing = reader.next(ms(1)).await;
            sleep(seconds * SECOND).await;
            mark("the client reads again");
            let start = Instant::now();
            let all = read_until(&mut reader, start, 14 * SECOND).await;
            let comments = all
                .iter()
                .filter(|(_, read)| *read == Read::Part(Part::Comment));
            let comments = comments.count();
            ensure(comments <= 1, || {
                Fault::new("missed_ticks_caught_up")
                    .happened(format!("a client didn't read for {seconds} s, and then got {comments} comments in 14 s"))
                    .expected("it gets one, and the next 15 s later: a comment says that the connection is alive, and once is enough")
                    .next("call `set_missed_tick_behavior(MissedTickBehavior::Delay)` on your `interval`: by default it makes up for every missed tick, one after another. Or use `KeepAlive`, and let no task fill a channel with comments")
            })?;
        }
        Ok(())
    });
}

fn the_feed_is_let_go_when_the_client_leaves(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // It leaves after some messages, some seconds, and having read all of them or not.
        for (messages, seconds, reads) in
            [(1, 0, true), (0, 0, false), (3, 40, true), (2, 20, false)]
        {
            recorder.restart();
            let (sender, mut reader) = open(answer, 16)?;
            for number in 0..messages {
                let message = number.to_string();
                send(&sender, &message)?;
                if reads {
                    expect(&mut reader, &message).await?;
                }
            }
            sleep(seconds * SECOND).await;
            mark("the client leaves");
            drop(reader);
            for _ in 0..10 {
                yield_now().await;
            }
            let receivers = sender.receiver_count();
            ensure(receivers == 0, || {
                Fault::new("task_left_running")
                    .happened(format!("the client had left, and {} of the feed went on receiving messages for it", counted(receivers, "receiver")))
                    .expected("when the client leaves, the server drops the body, and the receiver with it, at once")
                    .next("let the body own `feed`, without a task in between. If you need a task, let it wait for `sender.closed()` beside the feed, in a `select!`: `send` only notices when the next message comes")
            })?;
        }
        Ok(())
    });
}
