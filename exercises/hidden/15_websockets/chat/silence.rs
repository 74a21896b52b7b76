//! Peers from which nothing comes.

use async_workbook::{
    harness::{counted, ms},
    verdict::{Fault, ensure, examine, show},
};
use tokio::time::sleep;

use super::{Chat, GOODBYE, PING_EVERY, SILENCE};
use crate::{
    Answer,
    faults::{closed_by_now, ended_at, no_panic},
    log::{What, seconds},
    peer::{Habits, turns},
    wire::Frame,
};

/// Five minutes.
const LONG: u64 = 300_000;

/// When ada got a Ping. One at the very start does no harm.
fn pings(chat: &Chat) -> Vec<u64> {
    let got = chat.log.got("ada").into_iter();
    let pings = got.filter(|(at, frame)| *at > 0 && matches!(frame, Frame::Ping(_)));
    pings.map(|(at, _)| at).collect()
}

pub(super) fn a_peer_that_only_listens_is_pinged(answer: &Answer) {
    examine(async |_| {
        let chat = Chat::new(answer, 10);
        let ada = chat.joins("ada", Habits::POLITE);
        turns().await;
        // Between two ticks of anything.
        sleep(ms(LONG + 1)).await;
        turns().await;
        no_panic(&chat.log);
        let times = pings(&chat);
        let drawing = || chat.log.drawn(None);
        ensure(!times.is_empty(), || {
            Fault::new("keep_alive_missing")
                .happened(format!("ada said nothing for {}, and never got a Ping", seconds(LONG)))
                .expected("it gets a Ping every 10 s, and answers: so a peer that only listens can be told from one that's gone")
                .next("send `Message::Ping(Bytes::new())` at each tick of an `interval_at(Instant::now() + PING_EVERY, PING_EVERY)`")
                .drawn(drawing())
        })?;
        let ended = chat
            .log
            .close("ada")
            .map(|(at, _)| at)
            .or(chat.log.when("ada", &What::Ended));
        if let Some(ended) = ended {
            return Err(Fault::new("given_up_too_early")
                .happened(format!("ada answered each Ping, and was sent away at {}", seconds(ended)))
                .expected("a pong is a sign of life: ada stays")
                .next("begin the time of `SILENCE` anew with whatever `reader.next()` gives, a Pong too")
                .drawn(drawing()));
        }
        let mut gaps = times
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .chain([times[0]]);
        let fits = gaps.all(|gap| gap == PING_EVERY) && times.len() as u64 == LONG / PING_EVERY;
        ensure(fits, || {
            Fault::new("keep_alive_mistimed")
                .happened(format!("in five minutes, ada got {}, the first of them at {}", counted(times.len(), "Ping"), seconds(times[0])))
                .expected("it gets the first Ping 10 s after it has connected, and then one every 10 s")
                .next("use an `interval_at` that's made once, before the loop: its first tick is then due in 10 s, and the others after it")
                .drawn(drawing())
        })?;
        show(|| chat.log.drawn(None));
        // And in the midst of a conversation.
        let chat = Chat::new(answer, 10);
        let ada = chat.joins("ada", Habits::POLITE);
        turns().await;
        for _ in 0..20 {
            sleep(ms(3001)).await;
            ada.says("hello").await;
            turns().await;
        }
        no_panic(&chat.log);
        let count = pings(&chat).len();
        ensure(count == 6, || {
            Fault::new("keep_alive_mistimed")
                .happened(format!("ada said something every 3 s, and in a minute got {}", counted(count, "Ping")))
                .expected("a peer is pinged every 10 s, whatever else goes on")
                .next("make the `interval_at` before the loop: a `sleep` or an `interval` that's made in each turn starts anew with each message")
                .drawn(chat.log.drawn(None))
        })?;
        drop(ada);
        Ok(())
    });
}

pub(super) fn a_silent_peer_is_closed(answer: &Answer) {
    examine(async |_| {
        let chat = Chat::new(answer, 10);
        let ada = chat.joins("ada", Habits::POLITE);
        let habits = Habits {
            pongs: false,
            closes: Some(2000),
        };
        let bob = chat.joins("bob", habits);
        let cy = chat.joins("cy", Habits::MUTE);
        turns().await;
        sleep(ms(7000)).await;
        // Nobody else gets anything of it.
        bob.sends(Frame::Pong(Vec::new())).await;
        turns().await;
        let (of_cy, of_bob) = (SILENCE, 7000 + SILENCE);
        sleep(ms(of_cy - 7000 - 1)).await;
        turns().await;
        chat.has_members(3, "nothing had come from cy for 29.999 s")?;
        sleep(ms(2)).await;
        turns().await;
        let why = "nothing came from cy for 30 s, not even a Pong";
        if chat.log.close("cy").is_none() {
            sleep(ms(60_000)).await;
            turns().await;
        }
        ensure(chat.log.close("cy").is_some(), || {
            Fault::new("timeout_missing")
                .happened("nothing had come from cy for a minute and a half, not even a Pong, and it got no Close")
                .expected("a peer that's silent for that long may be gone without anybody knowing: it's sent a Close, and its place is free")
                .next("put a `timeout(SILENCE, …)` around each `reader.next()`. What you send yourself is no sign of life")
                .drawn(chat.log.drawn(Some("cy")))
        })?;
        closed_by_now(&chat.log, "cy", of_cy, 1001, why).await?;
        chat.has_members(2, why)?;
        sleep(ms(of_bob - of_cy)).await;
        turns().await;
        let why = "bob sent a Pong at 7 s, and nothing after that";
        closed_by_now(&chat.log, "bob", of_bob, 1001, why).await?;
        chat.has_members(1, why)?;
        sleep(ms(60_000)).await;
        ended_at(
            &chat.log,
            "bob",
            of_bob + 2000,
            "bob answered its Close after two seconds",
        )?;
        ended_in_time(&chat, "cy", of_cy + GOODBYE, "cy didn't answer its Close")?;
        chat.has_members(1, "ada answered each Ping")?;
        drop((ada, cy));
        Ok(())
    });
}

pub(super) fn whatever_comes_breaks_the_silence(answer: &Answer) {
    examine(async |_| {
        let chat = Chat::new(answer, 10);
        let ada = chat.joins("ada", Habits::MUTE);
        turns().await;
        let frames = [
            Frame::text("a text"),
            Frame::Binary(vec![1]),
            Frame::Ping(Vec::new()),
            Frame::Pong(Vec::new()),
            Frame::text("another text"),
        ];
        for frame in frames {
            sleep(ms(SILENCE - 3)).await;
            turns().await;
            no_panic(&chat.log);
            let what = format!("{frame}");
            ada.sends(frame).await;
            turns().await;
            sleep(ms(2)).await;
            turns().await;
            ensure(chat.log.close("ada").is_none(), || {
                Fault::new("given_up_too_early")
                    .happened(format!("ada sent something a moment before every 30 s were over, {what} the last time, and got a Close"))
                    .expected("whatever comes is a sign of life, and starts the 30 s anew")
                    .next("put the `timeout(SILENCE, …)` around `reader.next()`, and make a new one for each message")
                    .drawn(chat.log.drawn(None))
            })?;
        }
        // From then on, it says nothing; what others say doesn't count.
        let last = chat.log.now() - 2;
        for _ in 0..5 {
            sleep(ms(5000)).await;
            chat.publishes("anybody here?");
            turns().await;
        }
        sleep(ms(10_000)).await;
        turns().await;
        let due = last + SILENCE;
        let why = "ada was silent for 30 s, while others talked";
        ensure(chat.log.close("ada").is_some(), || {
            Fault::new("timer_restarted")
                .happened(format!("{why}, and it got no Close"))
                .expected(format!("it gets a Close at {}", seconds(due)))
                .next("start the time of `SILENCE` anew only with what comes from the peer. In a `select!` over everything, a `sleep(SILENCE)` that's made in each turn starts anew with every message that goes out")
                .drawn(chat.log.drawn(None))
        })?;
        closed_by_now(&chat.log, "ada", due, 1001, why).await
    });
}

/// A half-open connection whose pipe is full: nothing can be sent, not even the Close.
pub(super) fn a_silent_peer_that_does_not_read_ends(answer: &Answer) {
    examine(async |_| {
        let chat = Chat::new(answer, 10);
        let ada = chat.joins("ada", Habits::POLITE);
        let stuck = chat.joins_over("stuck", Habits::POLITE, 64);
        turns().await;
        stuck.stops_reading();
        turns().await;
        chat.publishes(&"x".repeat(500));
        turns().await;
        sleep(ms(SILENCE + 1)).await;
        turns().await;
        let why = "a peer read nothing and sent nothing for 30 s";
        chat.has_members(1, why)?;
        sleep(ms(60_000)).await;
        ended_in_time(&chat, "stuck", SILENCE + GOODBYE, why)?;
        drop((ada, stuck));
        Ok(())
    });
}

/// The function that serves it returned in time, whatever the peer did.
pub(super) fn ended_in_time(
    chat: &Chat,
    peer: &'static str,
    due: u64,
    why: &str,
) -> Result<(), Fault> {
    no_panic(&chat.log);
    let returned = chat.log.when(peer, &What::Returned);
    ensure(returned.is_some_and(|returned| returned <= due), || {
        let when = returned.map_or("never returned".to_owned(), |at| {
            format!("returned at {}", seconds(at))
        });
        Fault::new("goodbye_without_limit")
            .happened(format!("{why}, and `chat` {when}"))
            .expected(format!("it returns at {} at the latest: sending the Close counts, which may wait for room as long as the peer likes", seconds(due)))
            .next("put one `timeout(GOODBYE, …)` around both: sending the Close, and waiting for the end")
            .drawn(chat.log.drawn(Some(peer)))
    })
}
