//! The end of the service.

use async_workbook::{
    harness::ms,
    verdict::{Fault, ensure, examine, show},
};
use tokio::time::sleep;

use super::{Chat, GOODBYE, silence::ended_in_time};
use crate::{
    Answer,
    faults::{closed_by_now, ended_at, no_panic},
    log::What,
    peer::{Habits, turns},
};

const STOP: u64 = 3000;

pub(super) fn all_are_told_at_once(answer: &Answer) {
    examine(async |_| {
        let chat = Chat::new(answer, 10);
        let names = ["ada", "bob", "cy"];
        let peers = names.map(|name| chat.joins(name, Habits::POLITE));
        turns().await;
        sleep(ms(STOP)).await;
        chat.log.add("", What::Note("the service stops"));
        chat.stop.cancel();
        turns().await;
        no_panic(&chat.log);
        for name in names {
            closed_by_now(&chat.log, name, STOP, 1001, "the service stopped").await?;
        }
        chat.has_members(0, "the service stopped")?;
        sleep(ms(60_000)).await;
        for name in names {
            ended_at(
                &chat.log,
                name,
                STOP,
                "the service stopped, and the peer answered its Close at once",
            )?;
        }
        show(|| chat.log.drawn(None));
        drop(peers);
        // One that comes when it's over.
        let chat = Chat::new(answer, 10);
        chat.stop.cancel();
        let _late = chat.joins("late", Habits::POLITE);
        turns().await;
        no_panic(&chat.log);
        closed_by_now(
            &chat.log,
            "late",
            0,
            1001,
            "the service had stopped when it came",
        )
        .await?;
        chat.has_members(0, "the service had stopped")
    });
}

/// Between its Close and the answer, the connection stays open: the peer may have something to say first.
pub(super) fn a_peer_may_answer_in_its_own_time(answer: &Answer) {
    examine(async |_| {
        let chat = Chat::new(answer, 10);
        let ada = chat.joins(
            "ada",
            Habits {
                pongs: true,
                closes: Some(2000),
            },
        );
        turns().await;
        sleep(ms(STOP)).await;
        chat.stop.cancel();
        turns().await;
        closed_by_now(&chat.log, "ada", STOP, 1001, "the service stopped").await?;
        sleep(ms(1000)).await;
        let was_heard = ada.says("wait, one more thing").await;
        turns().await;
        no_panic(&chat.log);
        let returned = chat.log.when("ada", &What::Returned);
        ensure(was_heard && returned.is_none(), || {
            Fault::new("close_answer_not_awaited")
                .happened("ada got a Close, and before it could answer, the connection was gone")
                .expected("the connection stays open until the answer comes. If it's dropped with bytes of the peer's unread, TCP resets it, and the Close may never arrive")
                .next("after you've sent the Close, await `reader.next()` until it gives `None` or an error, with a limit of `GOODBYE`")
                .drawn(chat.log.drawn(None))
        })?;
        sleep(ms(60_000)).await;
        ended_at(&chat.log, "ada", STOP + 2000, "ada answered its Close")
    });
}

pub(super) fn the_goodbye_has_a_limit(answer: &Answer) {
    examine(async |_| {
        let chat = Chat::new(answer, 10);
        let ada = chat.joins("ada", Habits::POLITE);
        let mute = chat.joins("mute", Habits::MUTE);
        let talker = chat.joins("talker", Habits::MUTE);
        let stuck = chat.joins_over("stuck", Habits::POLITE, 64);
        turns().await;
        stuck.stops_reading();
        turns().await;
        chat.publishes(&"x".repeat(500));
        turns().await;
        sleep(ms(STOP)).await;
        chat.stop.cancel();
        turns().await;
        chat.has_members(0, "the service stopped")?;
        for name in ["mute", "talker"] {
            closed_by_now(&chat.log, name, STOP, 1001, "the service stopped").await?;
        }
        // Whoever goes on talking doesn't get more time.
        for _ in 0..60 {
            sleep(ms(1000)).await;
            if chat.log.when("talker", &What::Ended).is_none() {
                talker.says("but").await;
            }
            turns().await;
        }
        for (name, why) in [
            (
                "mute",
                "the service stopped, and a peer didn't answer its Close",
            ),
            (
                "talker",
                "the service stopped, and a peer went on talking instead of answering its Close",
            ),
            (
                "stuck",
                "the service stopped while a message to a peer waited for room",
            ),
        ] {
            ended_in_time(&chat, name, STOP + GOODBYE, why)?;
        }
        ended_at(
            &chat.log,
            "ada",
            STOP,
            "the service stopped, and the peer answered its Close at once",
        )?;
        drop((ada, mute, talker, stuck));
        Ok(())
    });
}
