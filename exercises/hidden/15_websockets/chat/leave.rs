//! How a peer leaves, by its own will or not.

use async_workbook::{
    harness::ms,
    verdict::{Fault, ensure, examine},
};
use tokio::time::sleep;

use super::{Chat, GOODBYE, MAX_MESSAGE, ROOMY, silence::ended_in_time};
use crate::{
    Answer,
    faults::{Checked, closed_by_now, ended_at, no_panic, no_panic_at, no_task_is_left},
    peer::{Habits, Peer, turns},
    wire::{FIN, Frame, header, in_pieces, masked},
};

pub(super) fn a_peer_may_leave(answer: &Answer) {
    examine(async |_| {
        let chat = Chat::new(answer, 10);
        let ada = chat.joins("ada", Habits::POLITE);
        let bob = chat.joins("bob", Habits::POLITE);
        let cy = chat.joins("cy", Habits::POLITE);
        turns().await;
        chat.has_members(3, "three peers had connected")?;
        sleep(ms(1000)).await;
        bob.sends(Frame::Close(Some(1000))).await;
        turns().await;
        chat.has_left("bob", 2, "bob sent a Close").await?;
        answered(&chat, "bob", 1000)?;
        sleep(ms(1000)).await;
        ada.says("bob has left").await;
        turns().await;
        chat.got(
            &[&ada, &cy],
            &["bob has left"],
            2000,
            "bob had left, ada said so",
        )
        .await?;
        cy.sends(Frame::Close(None)).await;
        turns().await;
        chat.has_left("cy", 1, "cy sent a Close without a code")
            .await?;
        let dan = chat.joins("dan", Habits::POLITE);
        turns().await;
        sleep(ms(1000)).await;
        last_words(&chat, &ada, &dan, 3000).await?;
        sleep(ms(60_000)).await;
        ended_at(&chat.log, "bob", 1000, "bob sent a Close")?;
        ended_at(&chat.log, "cy", 2000, "cy sent a Close")?;
        ended_at(&chat.log, "dan", 3000, "dan sent a Close")
    });
}

/// A text, and the Close right after it.
async fn last_words(chat: &Chat, ada: &Peer, dan: &Peer, at: u64) -> Checked {
    dan.says("one last thing").await;
    dan.sends(Frame::Close(Some(1000))).await;
    turns().await;
    no_panic(&chat.log);
    let heard = chat.log.texts(ada.name);
    ensure(heard.contains(&(at, "one last thing".to_owned())), || {
        Fault::new("message_lost_on_close")
            .happened("dan sent a text and a Close right after it, and ada never got the text")
            .expected("what came before the Close is published before the connection ends")
            .next("publish each text where you read it: what waits in a queue of your own is lost when the reader ends")
            .drawn(chat.log.drawn(None))
    })?;
    chat.has_members(1, "dan sent a Close")
}

fn answered(chat: &Chat, peer: &'static str, due: u64) -> Checked {
    let close = chat.log.close(peer);
    ensure(close == Some((due, Some(1000))), || {
        Fault::new("close_not_answered")
            .happened(format!("{peer} sent a Close with the code 1000, and didn't get the same in return"))
            .expected("a Close is answered at once by a Close with its code")
            .next("await `reader.next()` again after a Close, until it gives `None`: that's when tungstenite sends the answer")
            .drawn(chat.log.drawn(Some(peer)))
    })
}

pub(super) fn a_peer_may_vanish(answer: &Answer) {
    examine(async |_| {
        let chat = Chat::new(answer, 10);
        let ada = chat.joins("ada", Habits::POLITE);
        let bob = chat.joins("bob", Habits::POLITE);
        let cy = chat.joins("cy", Habits::POLITE);
        turns().await;
        sleep(ms(1000)).await;
        // Between two messages.
        bob.vanishes().await;
        turns().await;
        no_panic_at(&chat.log, "bob", "went away without a Close")?;
        chat.has_left("bob", 2, "bob went away without a Close")
            .await?;
        // In the middle of one.
        sleep(ms(1000)).await;
        let bytes = Frame::text("half of this").bytes();
        cy.breaks("half a text", &bytes[..bytes.len() / 2]).await;
        turns().await;
        cy.vanishes().await;
        turns().await;
        no_panic_at(&chat.log, "cy", "went away in the middle of a message")?;
        chat.has_left("cy", 1, "cy went away in the middle of a message")
            .await?;
        // While it's being sent one. Reading and writing both fail then, and either may be noticed first.
        sleep(ms(1000)).await;
        for _ in 0..30 {
            let dan = chat.joins_over("dan", Habits::POLITE, 64);
            turns().await;
            dan.stops_reading();
            turns().await;
            chat.publishes(&"x".repeat(500));
            turns().await;
            dan.vanishes().await;
            turns().await;
            no_panic_at(&chat.log, "dan", "went away while a message was on its way")?;
            chat.has_members(1, "dan went away while a message was on its way")?;
        }
        sleep(ms(1000)).await;
        ada.says("anybody here?").await;
        turns().await;
        chat.got(
            &[&ada],
            &["anybody here?"],
            4000,
            "all others had gone, and ada said something",
        )
        .await?;
        sleep(ms(60_000)).await;
        for (name, due) in [("bob", 1000), ("cy", 2000), ("dan", 3000)] {
            ended_at(&chat.log, name, due, &format!("{name} went away"))?;
        }
        Ok(())
    });
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
            "sent a frame of an unknown kind",
            masked(FIN | 3, b"hi"),
            1002,
        ),
        (
            "sent a frame without a mask",
            [header(FIN | 1, 2, false), b"hi".to_vec()].concat(),
            1002,
        ),
        (
            "sent a text that's one byte too long",
            masked(FIN | 1, too_long.as_bytes()),
            1009,
        ),
        (
            "sent a text that's too long, in frames that aren't",
            in_pieces(&too_long, 5),
            1009,
        ),
        (
            "announced a text of a megabyte",
            [header(FIN | 1, 1 << 20, true), vec![0; 4]].concat(),
            1009,
        ),
    ]
}

pub(super) fn a_peer_that_breaks_the_rules_is_told(answer: &Answer) {
    examine(async |_| {
        for (what, bytes, code) in offences() {
            let chat = Chat::new(answer, 10);
            let ada = chat.joins("ada", Habits::POLITE);
            let bob = chat.joins("bob", Habits::POLITE);
            turns().await;
            sleep(ms(1000)).await;
            bob.breaks(what, &bytes).await;
            turns().await;
            no_panic_at(&chat.log, "bob", what)?;
            let why = format!("bob {what}");
            ensure(code != 1009 || chat.log.close("bob").is_some(), || {
                size_not_limited(&chat, &why)
            })?;
            closed_by_now(&chat.log, "bob", 1000, code, &why).await?;
            chat.has_members(1, &why)?;
            sleep(ms(1000)).await;
            ada.says("what was that?").await;
            turns().await;
            chat.got(
                &[&ada],
                &["what was that?"],
                2000,
                "bob had broken the rules, and ada said something",
            )
            .await?;
            sleep(ms(60_000)).await;
            ended_at(&chat.log, "bob", 1000, &why)?;
        }
        // The longest message that's allowed.
        let chat = Chat::new(answer, 10);
        let ada = chat.joins("ada", Habits::POLITE);
        turns().await;
        for text in ["x".repeat(MAX_MESSAGE), "ü".repeat(MAX_MESSAGE / 2)] {
            let at = chat.log.now();
            ada.says(&text).await;
            turns().await;
            no_panic(&chat.log);
            ensure(chat.log.close("ada").is_none(), || {
                Fault::new("limit_off_by_one")
                    .happened("ada sent a text of exactly 16 KiB, and got a Close")
                    .expected("`MAX_MESSAGE` is the longest message that's allowed")
                    .next("give `MAX_MESSAGE` to the socket's configuration as it is")
                    .drawn(chat.log.drawn(None))
            })?;
            chat.got(&[&ada], &[&text], at, "ada sent a text of exactly 16 KiB")
                .await?;
            sleep(ms(1000)).await;
        }
        Ok(())
    });
}

fn size_not_limited(chat: &Chat, why: &str) -> Fault {
    Fault::new("message_size_not_limited")
        .happened(format!("{why}, and it was taken, or waited for"))
        .expected("a message longer than `MAX_MESSAGE` ends the connection as soon as its length is known, and before it fills any memory")
        .next("give `WebSocketStream::from_raw_socket` a `WebSocketConfig` with `max_message_size(Some(MAX_MESSAGE))`, and the same `max_frame_size`: their defaults are 64 and 16 MiB")
        .drawn(chat.log.drawn(Some("bob")))
}

pub(super) fn without_a_place_a_peer_is_told(answer: &Answer) {
    examine(async |_| {
        let chat = Chat::new(answer, 2);
        let ada = chat.joins("ada", Habits::POLITE);
        let bob = chat.joins("bob", Habits::POLITE);
        turns().await;
        sleep(ms(1000)).await;
        let _cy = chat.joins("cy", Habits::POLITE);
        turns().await;
        no_panic(&chat.log);
        let why = "the hub had no place for cy";
        closed_by_now(&chat.log, "cy", 1000, 1013, why).await?;
        chat.has_members(2, why)?;
        sleep(ms(1000)).await;
        ada.says("hello").await;
        turns().await;
        chat.got(&[&ada, &bob], &["hello"], 2000, "ada said \"hello\"")
            .await?;
        // There's one as soon as somebody leaves.
        bob.sends(Frame::Close(Some(1000))).await;
        turns().await;
        let dan = chat.joins("dan", Habits::POLITE);
        turns().await;
        chat.has_members(2, "bob had left, and dan came")?;
        sleep(ms(1000)).await;
        dan.says("a place!").await;
        turns().await;
        chat.got(
            &[&ada, &dan],
            &["a place!"],
            3000,
            "dan had bob's place, and said something",
        )
        .await?;
        sleep(ms(60_000)).await;
        ended_at(&chat.log, "cy", 1000, why)?;
        // It may take its time for the answer, within the limit.
        let chat = Chat::new(answer, 1);
        let _ada = chat.joins("ada", Habits::POLITE);
        turns().await;
        let closes = Some(2000);
        let _cy = chat.joins(
            "cy",
            Habits {
                pongs: true,
                closes,
            },
        );
        let _mute = chat.joins("mute", Habits::MUTE);
        turns().await;
        sleep(ms(60_000)).await;
        let why = "the hub had no place for a peer, which answered its Close two seconds later";
        ended_at(&chat.log, "cy", 2000, why)?;
        let why = "the hub had no place for a peer, which didn't answer its Close";
        ended_in_time(&chat, "mute", GOODBYE, why)
    });
}

pub(super) fn a_dropped_chat_leaves_nothing(answer: &Answer) {
    examine(async |_| {
        for is_stuck in [false, true] {
            let chat = Chat::new(answer, 10);
            let ada = chat.joins_over("ada", Habits::POLITE, if is_stuck { 64 } else { ROOMY });
            turns().await;
            if is_stuck {
                ada.stops_reading();
                turns().await;
                chat.publishes(&"x".repeat(500));
                turns().await;
            }
            chat.has_members(1, "ada had connected")?;
            chat.serving.borrow_mut().clear();
            turns().await;
            let of_ada = usize::from(is_stuck);
            no_task_is_left(of_ada, "the future of ada's `chat` was dropped").await?;
            chat.has_members(0, "the future of ada's `chat` was dropped")?;
            drop(ada);
            turns().await;
        }
        Ok(())
    });
}
