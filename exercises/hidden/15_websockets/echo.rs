//! The hidden tests of `echo`.

use async_workbook::{
    harness::{Task, counted, ms, task},
    verdict::{Fault, ensure, examine, show},
};
use futures::StreamExt as _;
use tokio::{io::duplex, time::sleep};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::protocol::{Role, WebSocketConfig},
};
use tokio_util::task::AbortOnDropHandle;

use crate::{
    Answer,
    faults::{Checked, closed_by_now, ended_at, no_panic, no_panic_at, no_task_is_left, serve},
    log::{Log, What},
    peer::{Habits, Peer, turns},
    wire::{FIN, Frame, header, in_pieces, masked},
};

pub(crate) const TASK: Task<Answer> = task!(
    echo: texts_come_back,
    binary_messages_come_back,
    pings_get_their_pong,
    a_close_is_answered,
    a_peer_may_vanish,
    a_peer_that_breaks_the_rules_is_told,
    a_peer_that_does_not_read_is_not_read_from,
    the_last_words_wait_for_room,
    nothing_is_left_behind,
);

/// The peer's name in the log.
const PEER: &str = "peer";

const MAX_MESSAGE: usize = 16 * 1024;

struct Echo {
    peer: Peer,
    log: Log,
    serving: AbortOnDropHandle<()>,
}

/// Serves a peer over a pipe with room for so many bytes each way.
async fn connect(answer: &Answer, room: usize, habits: Habits) -> Echo {
    let log = Log::new();
    let (server, client) = duplex(room);
    let config = WebSocketConfig::default()
        .read_buffer_size(4096)
        .max_message_size(Some(MAX_MESSAGE))
        .max_frame_size(Some(MAX_MESSAGE));
    let socket = WebSocketStream::from_raw_socket(server, Role::Server, Some(config)).await;
    let (writer, reader) = socket.split();
    Echo {
        peer: Peer::new(PEER, &log, client, habits),
        serving: serve(PEER, &log, (answer.echo)(reader, writer)),
        log,
    }
}

const ROOMY: usize = 256 * 1024;

impl Echo {
    /// Sends a frame, and checks that it comes back.
    async fn comes_back(&self, frame: Frame) -> Checked {
        let before = self.log.got(PEER).len();
        self.peer.sends(frame.clone()).await;
        self.came_back(before, &frame).await
    }

    async fn came_back(&self, before: usize, sent: &Frame) -> Checked {
        turns().await;
        no_panic(&self.log);
        let got = self.log.got(PEER).split_off(before);
        if got.is_empty() {
            return Err(self.never_came(before, sent).await);
        }
        let drawing = || self.log.drawn(None);
        let is_over = got
            .iter()
            .any(|(_, frame)| matches!(frame, Frame::Close(_)));
        ensure(!is_over, || {
            given_up(format!("the peer sent {sent}, and `echo` sent a Close")).drawn(drawing())
        })?;
        ensure(got[0].1 == *sent, || {
            Fault::new("data_altered")
                .happened(format!("the peer sent {sent}, and got {} back", got[0].1))
                .expected("the same message comes back, and of the same kind")
                .next("pass the message that `next` gave to `send` as it is")
                .drawn(drawing())
        })?;
        ensure(got.len() == 1, || {
            Fault::new("message_sent_twice")
                .happened(format!(
                    "the peer sent {sent}, and got {}",
                    counted(got.len(), "message")
                ))
                .expected("each message goes back once")
                .next("call `send` once for each message")
                .drawn(drawing())
        })
    }

    /// Why nothing came back.
    async fn never_came(&self, before: usize, sent: &Frame) -> Fault {
        let drawing = self.log.drawn(None);
        let came = |echo: &Self| echo.log.got(PEER).len() > before;
        let expected = "a message goes back as soon as it's there";
        if self.log.when(PEER, &What::Returned).is_some() {
            return given_up(format!("the peer sent {sent}, and `echo` returned")).drawn(drawing);
        }
        sleep(ms(60_000)).await;
        if came(self) {
            return Fault::new("needless_wait")
                .happened(format!("the peer sent {sent}, and it came back later"))
                .expected(expected)
                .next("await `send` in the loop, and nothing else: no timer, and no message that comes after it")
                .drawn(self.log.drawn(None));
        }
        if let Frame::Binary(_) = sent {
            return Fault::new("binary_message_ignored")
                .happened(format!("the peer sent {sent}, and it never came back"))
                .expected("a binary message goes back as a text does")
                .next("match both: `Message::Text(_) | Message::Binary(_)`")
                .drawn(drawing);
        }
        // Enough to fill the buffer of a socket that's never flushed.
        for _ in 0..30 {
            self.peer.says(&"x".repeat(8000)).await;
            turns().await;
            if came(self) {
                return Fault::new("flush_missing")
                    .happened(format!("the peer sent {sent}, and it stayed in a buffer of the socket until that was full"))
                    .expected(expected)
                    .next("await `send`, which writes and flushes. `feed` only writes into the buffer")
                    .drawn(drawing);
            }
        }
        Fault::new("message_not_delivered")
            .happened(format!("the peer sent {sent}, and it never came back"))
            .expected(expected)
            .next("await `reader.next()` in a loop, and `writer.send(message)` for each message")
            .drawn(drawing)
    }
}

fn given_up(happened: String) -> Fault {
    Fault::new("given_up_too_early")
        .happened(happened)
        .expected("`echo` goes on until the connection has ended, whatever comes, and however long it takes")
        .next("go on with the next message: leave the loop only when `next` gives `None`")
}

fn texts_come_back(answer: &Answer) {
    examine(async |_| {
        let echo = connect(answer, ROOMY, Habits::POLITE).await;
        echo.comes_back(Frame::text("hello")).await?;
        show(|| echo.log.drawn(None));
        let long = "long ".repeat(2000);
        for text in ["", "hello", " ü: 20 € \n", "{\"a\": 1}", &long, "hello"] {
            echo.comes_back(Frame::text(text)).await?;
        }
        // A message may come in several frames, which may cut a character in two.
        let text = "in seven pieces: äöü€";
        let before = echo.log.got(PEER).len();
        echo.peer
            .breaks("a text in seven frames", &in_pieces(text, 7))
            .await;
        echo.came_back(before, &Frame::text(text)).await?;
        // Some time may pass between two messages, and several may come at once.
        sleep(ms(3_600_000)).await;
        let before = echo.log.got(PEER).len();
        let texts: Vec<Frame> = (0..40)
            .map(|n| Frame::text(&format!("message {n}")))
            .collect();
        let bytes: Vec<u8> = texts.iter().flat_map(Frame::bytes).collect();
        echo.peer.breaks("40 texts at once", &bytes).await;
        turns().await;
        no_panic(&echo.log);
        let got: Vec<Frame> = echo
            .log
            .got(PEER)
            .split_off(before)
            .into_iter()
            .map(|(_, frame)| frame)
            .collect();
        let drawing = || echo.log.drawn(None);
        ensure(echo.log.when(PEER, &What::Returned).is_none(), || {
            given_up("the peer said nothing for an hour, and `echo` returned".to_owned())
                .drawn(drawing())
        })?;
        ensure(got.len() >= texts.len(), || {
            Fault::new("message_not_delivered")
                .happened(format!(
                    "the peer sent 40 texts at once, and {} came back",
                    got.len()
                ))
                .expected("all of them come back")
                .next("take one message after the other, and let none of them go before it's sent")
                .drawn(drawing())
        })?;
        ensure(got == texts, || {
            Fault::new("messages_out_of_order")
                .happened("the peer sent 40 texts at once, and they came back in another order")
                .expected("messages go back in the order in which they came")
                .next("send a message before you take the next one, in one loop: tasks that you spawn for each message overtake each other")
                .drawn(drawing())
        })
    });
}

fn binary_messages_come_back(answer: &Answer) {
    examine(async |_| {
        let echo = connect(answer, ROOMY, Habits::POLITE).await;
        for data in [&b"hello"[..], &[0xFF, 0x00, 0xC3, 0x28], &[], &[7; 9000]] {
            echo.comes_back(Frame::Binary(data.to_vec())).await?;
        }
        echo.comes_back(Frame::text("and a text")).await
    });
}

fn pings_get_their_pong(answer: &Answer) {
    examine(async |_| {
        let echo = connect(answer, ROOMY, Habits::POLITE).await;
        for data in [&b"are you there?"[..], &[]] {
            let before = echo.log.got(PEER).len();
            echo.peer.sends(Frame::Ping(data.to_vec())).await;
            turns().await;
            no_panic(&echo.log);
            let got = echo.log.got(PEER).split_off(before);
            let got: Vec<Frame> = got.into_iter().map(|(_, frame)| frame).collect();
            only_a_pong(&echo, &got, data)?;
        }
        let before = echo.log.got(PEER).len();
        echo.peer.sends(Frame::Pong(b"a heartbeat".to_vec())).await;
        turns().await;
        no_panic(&echo.log);
        let got = echo.log.got(PEER).split_off(before);
        ensure(got.is_empty(), || control_frame_echoed(&echo, "a Pong"))?;
        // It goes on afterwards.
        echo.comes_back(Frame::text("hello")).await
    });
}

fn only_a_pong(echo: &Echo, got: &[Frame], data: &[u8]) -> Checked {
    let pong = Frame::Pong(data.to_vec());
    let others = got.iter().filter(|&frame| *frame != pong).count();
    ensure(others == 0, || control_frame_echoed(echo, "a Ping"))?;
    if echo.log.when(PEER, &What::Returned).is_some() {
        let happened = "the peer sent a Ping, and `echo` returned".to_owned();
        return Err(given_up(happened).drawn(echo.log.drawn(None)));
    }
    ensure(!got.is_empty(), || {
        Fault::new("pong_missing")
            .happened("the peer sent a Ping, and got no Pong")
            .expected("a Ping gets its Pong at once: without it, the peer takes the connection for dead")
            .next("await `reader.next()` again after each message: that's when tungstenite sends the Pong")
            .drawn(echo.log.drawn(None))
    })?;
    ensure(got.len() == 1, || control_frame_echoed(echo, "a Ping"))
}

fn control_frame_echoed(echo: &Echo, what: &str) -> Fault {
    Fault::new("control_frame_echoed")
        .happened(format!("the peer sent {what}, and `echo` sent a frame of its own in return"))
        .expected("only texts and binary messages go back: tungstenite answers a Ping by itself, and a Pong needs no answer")
        .next("send back what's a `Message::Text(_)` or a `Message::Binary(_)`, and pass over the rest")
        .drawn(echo.log.drawn(None))
}

fn a_close_is_answered(answer: &Answer) {
    examine(async |_| {
        for code in [Some(1000), Some(1001), None] {
            let echo = connect(answer, ROOMY, Habits::POLITE).await;
            echo.comes_back(Frame::text("hello")).await?;
            sleep(ms(2000)).await;
            echo.peer.sends(Frame::Close(code)).await;
            turns().await;
            answered(&echo, code, 2000).await?;
        }
        // The last words, and the Close right after them.
        let echo = connect(answer, ROOMY, Habits::POLITE).await;
        let bytes =
            [Frame::text("last words"), Frame::Close(Some(1000))].map(|frame| frame.bytes());
        echo.peer
            .breaks("\"last words\" and Close 1000 at once", &bytes.concat())
            .await;
        turns().await;
        no_panic(&echo.log);
        let texts = echo.log.texts(PEER);
        ensure(texts.len() == 1, || {
            Fault::new("message_lost_on_close")
                .happened("the peer sent a text and a Close right after it, and the text never came back")
                .expected("what came before the Close goes back before it's answered")
                .next("send each message back before you await the next one: once the Close has been read, nothing more can be sent")
                .drawn(echo.log.drawn(None))
        })?;
        answered(&echo, Some(1000), 0).await
    });
}

async fn answered(echo: &Echo, code: Option<u16>, due: u64) -> Checked {
    no_panic(&echo.log);
    let drawing = || echo.log.drawn(None);
    if echo.log.close(PEER).is_none() {
        return Err(Fault::new("close_not_answered")
            .happened("the peer sent a Close, and got none in return")
            .expected("a Close is answered by a Close: until then, the peer has to wait")
            .next("after the Close, await `reader.next()` once more, or `writer.close()`: that's when tungstenite sends the answer. Leave the loop when `next` gives `None`")
            .drawn(drawing()));
    }
    let got = echo.log.close(PEER).and_then(|(_, code)| code);
    ensure(got == code, || {
        Fault::new("wrong_close_code")
            .happened(format!(
                "the peer sent a Close with the code {code:?}, and got one with {got:?}"
            ))
            .expected("the answer has the same code")
            .next("leave the answer to tungstenite: await `reader.next()` again after the Close")
            .drawn(drawing())
    })?;
    sleep(ms(60_000)).await;
    turns().await;
    ended_at(&echo.log, PEER, due, "the peer sent a Close")
}

fn a_peer_may_vanish(answer: &Answer) {
    examine(async |_| {
        // Between two messages.
        let echo = connect(answer, ROOMY, Habits::POLITE).await;
        echo.comes_back(Frame::text("hello")).await?;
        gone(echo, "went away without a Close").await?;
        // In the middle of one.
        let echo = connect(answer, ROOMY, Habits::POLITE).await;
        let bytes = Frame::text("only half of this").bytes();
        echo.peer
            .breaks("half a text", &bytes[..bytes.len() / 2])
            .await;
        gone(echo, "went away in the middle of a message").await?;
        // While its message is on the way back.
        let echo = connect(answer, 64, Habits::POLITE).await;
        echo.peer.stops_reading();
        turns().await;
        let bytes = Frame::text(&"x".repeat(900)).bytes();
        echo.peer.breaks("a text of 900 bytes", &bytes).await;
        gone(echo, "went away while a message was on its way back").await?;
        // Before it said anything.
        let echo = connect(answer, ROOMY, Habits::POLITE).await;
        gone(echo, "went away at once").await
    });
}

async fn gone(echo: Echo, what: &str) -> Checked {
    let Echo { peer, log, serving } = echo;
    turns().await;
    let due = log.now();
    peer.vanishes().await;
    turns().await;
    sleep(ms(3_600_000)).await;
    no_panic_at(&log, PEER, what)?;
    ended_at(&log, PEER, due, &format!("the peer {what}"))?;
    drop(serving);
    Ok(())
}

/// What breaks the rules, and the code of the Close for it.
fn offences() -> Vec<(&'static str, Vec<u8>, u16)> {
    let too_long = "x".repeat(MAX_MESSAGE + 1);
    vec![
        (
            "sent a text that isn't UTF-8",
            masked(FIN | 1, &[b'h', 0xC3, 0x28]),
            1007,
        ),
        (
            "sent a text that's too long",
            masked(FIN | 1, too_long.as_bytes()),
            1009,
        ),
        (
            "announced a text of a megabyte",
            [header(FIN | 1, 1 << 20, true), vec![0; 4]].concat(),
            1009,
        ),
        (
            "sent a text that's too long, in frames that aren't",
            in_pieces(&too_long, 5),
            1009,
        ),
        (
            "sent a frame without a mask",
            [header(FIN | 1, 2, false), b"hi".to_vec()].concat(),
            1002,
        ),
        (
            "sent a frame of an unknown kind",
            masked(FIN | 3, b"hi"),
            1002,
        ),
        (
            "sent a frame with a reserved bit",
            masked(FIN | 0x41, b"hi"),
            1002,
        ),
        (
            "sent the end of a message that has no beginning",
            masked(FIN, b"hi"),
            1002,
        ),
        ("sent a Ping in two frames", masked(9, b"hi"), 1002),
    ]
}

fn a_peer_that_breaks_the_rules_is_told(answer: &Answer) {
    examine(async |_| {
        for (what, bytes, code) in offences() {
            let echo = connect(answer, ROOMY, Habits::POLITE).await;
            echo.comes_back(Frame::text("hello")).await?;
            let due = echo.log.now();
            echo.peer.breaks(what, &bytes).await;
            turns().await;
            no_panic_at(&echo.log, PEER, what)?;
            let why = format!("the peer {what}");
            closed_by_now(&echo.log, PEER, due, code, &why).await?;
            sleep(ms(60_000)).await;
            ended_at(&echo.log, PEER, due, &why)?;
        }
        Ok(())
    });
}

/// Of messages of a kilobyte, one is being sent back, and the pipes and the socket have room for some.
fn a_peer_that_does_not_read_is_not_read_from(answer: &Answer) {
    const SENT: usize = 300;
    const HELD: usize = 64;
    examine(async |_| {
        let echo = connect(answer, 4096, Habits::POLITE).await;
        echo.peer.stops_reading();
        turns().await;
        let text = |number: usize| format!("{number:>6} {}", "x".repeat(1000));
        let mut taken = 0;
        while taken < SENT && echo.peer.sends(Frame::text(&text(taken))).await {
            taken += 1;
        }
        no_panic(&echo.log);
        ensure(taken <= HELD, || {
            Fault::new("backpressure_lost")
                .happened(format!("the peer sent messages of a kilobyte without reading any, and `echo` took {taken} of them"))
                .expected("while a message can't be sent back, `echo` reads no other. So the peer's `send` waits, and nobody's memory grows")
                .next("await `send` before you await `next` again. If you have a channel between the two, give it a small bound")
                .drawn(echo.log.drawn(None))
        })?;
        // The last one was cut off when the peer gave up on it, so that's for another connection.
        let echo = connect(answer, 4096, Habits::POLITE).await;
        echo.peer.stops_reading();
        turns().await;
        for number in 0..6 {
            echo.peer.sends(Frame::text(&text(number))).await;
        }
        sleep(ms(600_000)).await;
        echo.peer.reads();
        turns().await;
        no_panic(&echo.log);
        let got = echo.log.texts(PEER);
        let got: Vec<String> = got.into_iter().map(|(_, text)| text).collect();
        let sent: Vec<String> = (0..6).map(text).collect();
        ensure(got == sent, || {
            Fault::new("message_not_delivered")
                .happened(format!("the peer sent six messages, and read for the first time ten minutes later. {} came back as they were", got.iter().filter(|text| sent.contains(text)).count()))
                .expected("a slow peer gets all of its messages, in order")
                .next("wait for room as long as it takes: `send` has no time limit of its own, and needs none here")
                .drawn(echo.log.drawn(None))
        })
    });
}

/// Five texts and a Close, with so little room that most of it waits.
fn the_last_words_wait_for_room(answer: &Answer) {
    examine(async |_| {
        let echo = connect(answer, 4096, Habits::POLITE).await;
        echo.peer.stops_reading();
        turns().await;
        for number in 0..5 {
            echo.peer
                .says(&format!("{number} {}", "x".repeat(1500)))
                .await;
            turns().await;
        }
        echo.peer.sends(Frame::Close(Some(1000))).await;
        turns().await;
        echo.peer.reads();
        turns().await;
        no_panic(&echo.log);
        let count = echo.log.texts(PEER).len();
        ensure(count == 5, || {
            Fault::new("message_lost_on_close")
                .happened(format!("the peer sent five texts and a Close without reading, and then read. {count} of the five came back"))
                .expected("what came before the Close goes back before it's answered")
                .next("send each message back before you await the next one: once the Close has been read, nothing more can be sent")
                .drawn(echo.log.drawn(None))
        })?;
        answered(&echo, Some(1000), 0).await
    });
}

fn nothing_is_left_behind(answer: &Answer) {
    examine(async |_| {
        // Dropped while it waits for a message.
        let echo = connect(answer, ROOMY, Habits::POLITE).await;
        echo.comes_back(Frame::text("hello")).await?;
        dropped(echo, 0, "`echo` was dropped while it waited for a message").await?;
        // Dropped while it sends one.
        let echo = connect(answer, 64, Habits::POLITE).await;
        echo.peer.stops_reading();
        turns().await;
        echo.peer.says(&"x".repeat(900)).await;
        turns().await;
        dropped(echo, 1, "`echo` was dropped while it sent a message").await?;
        // At the end.
        let echo = connect(answer, ROOMY, Habits::POLITE).await;
        echo.comes_back(Frame::text("hello")).await?;
        echo.peer.sends(Frame::Close(None)).await;
        turns().await;
        let Echo { peer, serving, .. } = echo;
        drop((peer, serving));
        no_task_is_left(0, "`echo` had returned").await
    });
}

/// A peer that reads notices that the connection has ended, and its task does too.
async fn dropped(echo: Echo, tasks_of_peer: usize, what: &str) -> Checked {
    let Echo { peer, serving, .. } = echo;
    serving.abort();
    no_task_is_left(tasks_of_peer, what).await?;
    drop(peer);
    turns().await;
    drop(serving);
    Ok(())
}
