//! The hidden tests of `chat`.

mod leave;
mod silence;
mod slow;
mod stop;
mod talk;

use std::{cell::RefCell, sync::Arc};

use async_workbook::{
    harness::{Task, ms, task},
    verdict::{Fault, ensure},
};
use tokio::{io::duplex, time::sleep};
use tokio_util::task::AbortOnDropHandle;

use crate::{
    Answer, CancellationToken, Room, Utf8Bytes,
    faults::{Checked, no_panic, serve},
    hub::the_hub_works,
    log::{Log, What, seconds},
    peer::{Habits, Peer, turns},
};
use leave::{
    a_dropped_chat_leaves_nothing, a_peer_may_leave, a_peer_may_vanish,
    a_peer_that_breaks_the_rules_is_told, without_a_place_a_peer_is_told,
};
use silence::{
    a_peer_that_only_listens_is_pinged, a_silent_peer_is_closed,
    a_silent_peer_that_does_not_read_ends, whatever_comes_breaks_the_silence,
};
use slow::{
    a_slow_peer_holds_up_nobody, a_slow_peer_is_still_listened_to,
    no_message_is_lost_while_both_sides_talk,
};
use stop::{a_peer_may_answer_in_its_own_time, all_are_told_at_once, the_goodbye_has_a_limit};
use talk::{a_text_reaches_everybody, pings_get_their_pong, what_others_publish_is_sent};

pub(crate) const TASK: Task<Answer> = task!(
    chat: the_hub_works,
    a_text_reaches_everybody,
    what_others_publish_is_sent,
    pings_get_their_pong,
    a_peer_may_leave,
    a_peer_may_vanish,
    a_peer_that_breaks_the_rules_is_told,
    without_a_place_a_peer_is_told,
    a_slow_peer_holds_up_nobody,
    a_slow_peer_is_still_listened_to,
    no_message_is_lost_while_both_sides_talk,
    a_peer_that_only_listens_is_pinged,
    a_silent_peer_is_closed,
    whatever_comes_breaks_the_silence,
    a_silent_peer_that_does_not_read_ends,
    all_are_told_at_once,
    a_peer_may_answer_in_its_own_time,
    the_goodbye_has_a_limit,
    a_dropped_chat_leaves_nothing,
);

/// The figures of the contract, in milliseconds, even if an answer changes its own.
const PING_EVERY: u64 = 10_000;
const SILENCE: u64 = 30_000;
const GOODBYE: u64 = 5000;
const MAX_MESSAGE: usize = 16 * 1024;

/// How far behind a member may be.
const BACKLOG: usize = 8;

/// Room for whatever a test sends before it reads.
const ROOMY: usize = 256 * 1024;

/// A chat with its peers.
struct Chat {
    hub: Arc<dyn Room>,
    stop: CancellationToken,
    log: Log,
    serving: RefCell<Vec<AbortOnDropHandle<()>>>,
}

impl Chat {
    fn new(answer: &Answer, places: usize) -> Self {
        Self {
            hub: (answer.hub)(places, BACKLOG),
            stop: CancellationToken::new(),
            log: Log::new(),
            serving: RefCell::default(),
        }
    }

    fn joins(&self, name: &'static str, habits: Habits) -> Peer {
        self.joins_over(name, habits, ROOMY)
    }

    /// Over a pipe that has room for so many bytes each way.
    fn joins_over(&self, name: &'static str, habits: Habits, room: usize) -> Peer {
        let (server, client) = duplex(room);
        let chat = Arc::clone(&self.hub).call_chat(server, self.stop.clone());
        self.serving.borrow_mut().push(serve(name, &self.log, chat));
        Peer::new(name, &self.log, client, habits)
    }

    fn publishes(&self, text: &str) {
        self.hub.call_publish(Utf8Bytes::from(text.to_owned()));
    }

    /// Every one of these peers got these texts, at this moment, and no others since then.
    async fn got(&self, peers: &[&Peer], texts: &[&str], at: u64, why: &str) -> Checked {
        no_panic(&self.log);
        for peer in peers {
            let mut got = self.log.texts(peer.name);
            got.retain(|(when, _)| *when >= at);
            let on_time: Vec<&str> = got
                .iter()
                .filter(|(when, _)| *when == at)
                .map(|(_, text)| &**text)
                .collect();
            if on_time == texts {
                continue;
            }
            return Err(self.not_got(peer, &got, texts, at, why).await);
        }
        Ok(())
    }

    async fn not_got(
        &self,
        peer: &Peer,
        got: &[(u64, String)],
        texts: &[&str],
        at: u64,
        why: &str,
    ) -> Fault {
        let name = peer.name;
        let drawing = self.log.drawn(None);
        let is_one_of = |text: &String| texts.contains(&&**text);
        let came: Vec<&str> = got
            .iter()
            .map(|(_, text)| &**text)
            .filter(|text| texts.contains(text))
            .collect();
        if let Some((_, odd)) = got.iter().find(|(_, text)| !is_one_of(text)) {
            return Fault::new("data_altered")
                .happened(format!("{why}, and {name} got \"{}\"", odd.escape_debug()))
                .expected(format!("{name} gets what was published, as it was"))
                .next("publish the text that came, and send the text that the hub gives")
                .drawn(drawing);
        }
        if came.len() > texts.len() {
            return Fault::new("message_sent_twice")
                .happened(format!("{why}, and {name} got it more than once"))
                .expected("each peer gets each message once, the one that sent it too")
                .next("publish a text in the hub, and send the peer what its member gives: nothing else")
                .drawn(drawing);
        }
        let is_over = self.log.close(name).is_some() || self.log.when(name, &What::Ended).is_some();
        if came.len() < texts.len() && is_over {
            return Fault::new("given_up_too_early")
                .happened(format!("{why}, and {name}'s connection had been ended before that"))
                .expected("a connection goes on until the peer closes it or breaks the rules, it's silent, or the service stops")
                .next("pass over messages that you have no use for: they're a sign of life")
                .drawn(drawing);
        }
        if came.len() < texts.len() {
            // Shorter than the time to the next Ping, which may set something going.
            sleep(ms(3000)).await;
            turns().await;
            let mut later = self.log.texts(name);
            later.retain(|(when, text)| *when >= at && is_one_of(text));
            if let (true, Some((last, _))) = (later.len() == texts.len(), later.last()) {
                return self.late(name, at, *last, why);
            }
            return Fault::new("message_not_delivered")
                .happened(format!("{why}, and {name} didn't get it"))
                .expected("each peer gets each message at once, the one that sent it too")
                .next("do both all the time: await `member.next()` and send what it gives with `send`, and await `reader.next()` and publish what comes. `feed` alone only fills a buffer")
                .drawn(drawing);
        }
        if came != texts {
            return Fault::new("messages_out_of_order")
                .happened(format!(
                    "{why}, and {name} got the messages in another order"
                ))
                .expected("each peer gets the messages in the order in which they were published")
                .next("send one message before you take the next one from the member")
                .drawn(drawing);
        }
        let last = got.iter().map(|(when, _)| *when).max().unwrap_or(at);
        self.late(name, at, last, why)
    }

    fn late(&self, name: &str, at: u64, last: u64, why: &str) -> Fault {
        Fault::new("needless_wait")
            .happened(format!("{why} at {}, and {name} had all of it at {}", seconds(at), seconds(last)))
            .expected("each peer gets each message at once")
            .next("await both directions together, and nothing in between: no timer, and not one direction after the other")
            .drawn(self.log.drawn(None))
    }

    /// Its place is free, now that a peer has gone.
    async fn has_left(&self, peer: &'static str, expected: usize, why: &str) -> Checked {
        no_panic(&self.log);
        let members = self.hub.call_members();
        if members <= expected {
            return self.has_members(expected, why);
        }
        let now = self.log.now();
        let kept = self.kept(&format!("{why}, and `members` still returned {members}"));
        sleep(ms(60_000)).await;
        turns().await;
        let returned = self.log.when(peer, &What::Returned);
        ensure(returned.is_some_and(|at| at <= now), || {
            let when = returned.map_or("never returned".to_owned(), |at| {
                format!("returned at {}", seconds(at))
            });
            Fault::new("closed_connection_missed")
                .happened(format!("{why} at {}, and the function that serves it {when}", seconds(now)))
                .expected("when one direction has ended, the other ends with it, and the place is free at that moment")
                .next("let the first of both directions end the talk: `select!` does that, and `join!` waits for both")
                .drawn(self.log.drawn(None))
        })?;
        Err(kept)
    }

    /// A place is taken by somebody who has gone.
    fn kept(&self, happened: &str) -> Fault {
        Fault::new("slot_leaked")
            .happened(happened)
            .expected("the place is free at the moment at which a Close was sent or got, or the peer was gone")
            .next("drop the `Member` before you wait for the end of the connection: let a function of its own take it, and return when the talk is over")
            .drawn(self.log.drawn(None))
    }

    /// So many places are taken.
    fn has_members(&self, expected: usize, why: &str) -> Checked {
        no_panic(&self.log);
        let members = self.hub.call_members();
        ensure(members <= expected, || {
            self.kept(&format!("{why}, and `members` still returned {members}"))
        })?;
        ensure(members == expected, || {
            Fault::new("given_up_too_early")
                .happened(format!("{why}, and `members` returned {members}"))
                .expected(format!(
                    "the others stay in the chat, so it returns {expected}"
                ))
                .next("end the one connection, and nothing else")
                .drawn(self.log.drawn(None))
        })
    }
}
