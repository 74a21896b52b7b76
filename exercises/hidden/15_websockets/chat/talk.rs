//! What peers say to each other.

use async_workbook::{
    harness::ms,
    verdict::{Fault, ensure, examine, show},
};
use tokio::time::sleep;

use super::Chat;
use crate::{
    Answer,
    faults::no_panic,
    peer::{Habits, turns},
    wire::Frame,
};

pub(super) fn a_text_reaches_everybody(answer: &Answer) {
    examine(async |_| {
        let chat = Chat::new(answer, 10);
        let ada = chat.joins("ada", Habits::POLITE);
        let bob = chat.joins("bob", Habits::POLITE);
        turns().await;
        sleep(ms(1000)).await;
        ada.says("hello").await;
        turns().await;
        chat.got(&[&ada, &bob], &["hello"], 1000, "ada said \"hello\"")
            .await?;
        show(|| chat.log.drawn(None));
        sleep(ms(1000)).await;
        bob.says("hello ada").await;
        turns().await;
        chat.got(
            &[&ada, &bob],
            &["hello ada"],
            2000,
            "bob said \"hello ada\"",
        )
        .await?;
        // Somebody who comes later gets what is said from then on.
        let cy = chat.joins("cy", Habits::POLITE);
        turns().await;
        sleep(ms(1000)).await;
        let texts = ["ü: 20 €", "", "{\"a\": 1}", "again", "again"];
        for text in texts {
            cy.says(text).await;
        }
        turns().await;
        chat.got(&[&ada, &bob, &cy], &texts, 3000, "cy said five things")
            .await?;
        // Binary messages and pongs aren't published, and are no reason to end.
        sleep(ms(1000)).await;
        ada.sends(Frame::Binary(vec![0xFF, 0xFE])).await;
        ada.sends(Frame::Pong(Vec::new())).await;
        ada.says("still here").await;
        turns().await;
        let why = "ada sent a binary message, a Pong, and then the text \"still here\"";
        chat.got(&[&ada, &bob, &cy], &["still here"], 4000, why)
            .await
    });
}

pub(super) fn what_others_publish_is_sent(answer: &Answer) {
    examine(async |_| {
        let chat = Chat::new(answer, 10);
        let ada = chat.joins("ada", Habits::POLITE);
        let bob = chat.joins("bob", Habits::POLITE);
        turns().await;
        for second in 1..=5 {
            sleep(ms(1000)).await;
            let text = format!("news {second}");
            chat.publishes(&text);
            turns().await;
            chat.got(
                &[&ada, &bob],
                &[&text],
                second * 1000,
                "the service published a message",
            )
            .await?;
        }
        sleep(ms(1000)).await;
        let texts = ["one", "two", "three", "four", "five", "six"];
        for text in texts {
            chat.publishes(text);
        }
        turns().await;
        chat.got(
            &[&ada, &bob],
            &texts,
            6000,
            "the service published six messages at once",
        )
        .await
    });
}

pub(super) fn pings_get_their_pong(answer: &Answer) {
    examine(async |_| {
        let chat = Chat::new(answer, 10);
        let ada = chat.joins("ada", Habits::POLITE);
        turns().await;
        sleep(ms(1000)).await;
        ada.sends(Frame::Ping(b"are you there?".to_vec())).await;
        turns().await;
        no_panic(&chat.log);
        let pong = (1000, Frame::Pong(b"are you there?".to_vec()));
        let mut got = chat.log.got("ada");
        // A Ping at the very start does no harm.
        got.retain(|(at, _)| *at > 0);
        ensure(got.contains(&pong), || {
            Fault::new("pong_missing")
                .happened("ada sent a Ping, and got no Pong")
                .expected("a Ping gets its Pong at once")
                .next("await `reader.next()` all the time: that's when tungstenite sends the Pong")
                .drawn(chat.log.drawn(None))
        })?;
        ensure(got.len() == 1, || {
            Fault::new("control_frame_echoed")
                .happened("ada sent a Ping, and got something besides the Pong")
                .expected("tungstenite answers a Ping by itself")
                .next("pass over a `Message::Ping(_)`: that it came is all there's to know")
                .drawn(chat.log.drawn(None))
        })
    });
}
