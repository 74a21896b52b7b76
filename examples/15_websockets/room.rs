//! The chat's room: everybody in it has an outbox.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::outbox::Outbox;

/// Clones are the same room.
#[derive(Clone, Default)]
pub(crate) struct Room(Arc<Mutex<Peers>>);

#[derive(Default)]
struct Peers {
    joined: u64,
    outboxes: HashMap<u64, Arc<Outbox<Utf8Bytes>>>,
}

/// Being in the room. Whoever drops it has left, whichever way.
pub(crate) struct Seat {
    number: u64,
    pub(crate) outbox: Arc<Outbox<Utf8Bytes>>,
    room: Room,
}

/// How many people there is room for, and how far behind each of them may be.
const SEATS: usize = 100;
const BACKLOG: usize = 64;

impl Room {
    pub(crate) fn join(&self) -> Option<Seat> {
        let mut peers = self.peers();
        if peers.outboxes.len() == SEATS {
            return None;
        }
        peers.joined += 1;
        let (number, outbox) = (peers.joined, Arc::new(Outbox::new(BACKLOG)));
        peers.outboxes.insert(number, Arc::clone(&outbox));
        drop(peers);
        let room = self.clone();
        let seat = Seat {
            number,
            outbox,
            room,
        };
        self.say_how_many();
        Some(seat)
    }

    /// A clone of `Utf8Bytes` shares the text, so it's there once, however many people there are.
    pub(crate) fn say(&self, text: &Utf8Bytes) {
        for outbox in self.peers().outboxes.values() {
            outbox.push(text.clone());
        }
    }

    fn say_how_many(&self) {
        let count = self.peers().outboxes.len();
        self.say(&Utf8Bytes::from(format!("in the room: {count}")));
    }

    fn peers(&self) -> MutexGuard<'_, Peers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    pub(crate) fn number(&self) -> u64 {
        self.number
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.room.peers().outboxes.remove(&self.number);
        self.room.say_how_many();
    }
}
