//! WebSockets: long-lived peers.
//!
//! Six messages go out to two peers. Ada reads at once, and Ben reads one every 0.25 s. Whoever is slow mustn't hold up the
//! others, and what waits for him needs a bound.
//!
//!     cargo run --example 15_websockets               sends them, in three ways
//!     cargo run --example 15_websockets -- --serve    serves a chat for your browser
//!
//! speaks real WebSocket, over pipes in memory, and prints
//!
//!     Each send in turn: ada has them all after 1.0 s
//!     Outboxes without a bound: ada has them all after 0.2 s, and up to 3 wait for ben
//!     Outboxes of 1: ada has them all after 0.2 s, and up to 1 waits for ben, who is told that he missed 2
//!
//! give or take some milliseconds, each with its timeline. With `WORKBOOK_CLOCK=virtual` every figure is exact.

use std::{error::Error, sync::Arc, time::Duration};

use async_workbook::clock::{Clock, Readable};
use async_workbook::timeline::Recorder;
use futures::SinkExt as _;
use tokio::{task::JoinSet, time::interval};
use tokio_tungstenite::tungstenite::{self, Message};

#[path = "15_websockets/connection.rs"]
mod connection;
#[path = "15_websockets/outbox.rs"]
mod outbox;
#[path = "15_websockets/peer.rs"]
mod peer;
#[path = "15_websockets/room.rs"]
mod room;
#[path = "15_websockets/server.rs"]
mod server;

use outbox::{Letter, Outbox};
use peer::{Socket, connect};

const MS: Duration = Duration::from_millis(1);

fn main() -> Result<(), Box<dyn Error>> {
    let (clock, recorder) = (Clock::from_env()?, Recorder::new());
    if std::env::args().any(|argument| argument == "--serve") {
        return Clock::Real.runtime()?.block_on(server::serve());
    }
    recorder.install()?;
    clock.runtime()?.block_on(lesson(&recorder))
}

async fn lesson(recorder: &Recorder) -> Result<(), Box<dyn Error>> {
    let (result, timeline) = recorder.watch(in_turn()).await;
    println!("Each send in turn: {}\n\n{timeline}", result?);
    for (title, room) in [
        ("Outboxes without a bound", usize::MAX),
        ("Outboxes of 1", 1),
    ] {
        let (result, timeline) = recorder.watch(with_outboxes(room)).await;
        println!("{title}: {}\n\n{timeline}", result?);
    }
    Ok(())
}

// ANCHOR: in_turn
async fn in_turn() -> Result<String, Box<dyn Error>> {
    let (mut ben, _reading) = connect(250 * MS).await;
    let (mut ada, last) = connect(Duration::ZERO).await;
    let mut ticks = interval(40 * MS);
    for number in 1..=6 {
        ticks.tick().await;
        let letters = ["ben", "ada"].map(|name| Letter::new(name, number));
        for (socket, letter) in [&mut ben, &mut ada].into_iter().zip(letters) {
            // Waits for room on the way to this peer, and the next peer waits too.
            socket.send(letter.text.clone()).await?;
            letter.sent();
        }
    }
    drop((ben, ada));
    Ok(format!("ada has them all after {}", Readable(last.await?)))
}
// ANCHOR_END: in_turn

// ANCHOR: with_outboxes
async fn with_outboxes(room: usize) -> Result<String, Box<dyn Error>> {
    let (ben, _reading) = connect(250 * MS).await;
    let (ada, last) = connect(Duration::ZERO).await;
    let outboxes = ["ben", "ada"].map(|name| (name, Arc::new(Outbox::new(room))));
    let mut senders = JoinSet::new();
    for ((_, outbox), socket) in outboxes.iter().zip([ben, ada]) {
        senders.spawn(empty(Arc::clone(outbox), socket));
    }
    let mut ticks = interval(40 * MS);
    for number in 1..=6 {
        ticks.tick().await;
        for (name, outbox) in &outboxes {
            outbox.push(Letter::new(name, number)); // Waits for nobody.
        }
    }
    outboxes.iter().for_each(|(_, outbox)| outbox.close());
    while let Some(ended) = senders.join_next().await {
        ended??;
    }
    let (all, summary) = (Readable(last.await?), outboxes[0].1.summary("ben"));
    Ok(format!("ada has them all after {all}, and {summary}"))
}

/// Each peer has a task of its own that waits for it.
async fn empty(outbox: Arc<Outbox>, mut socket: Socket) -> Result<(), tungstenite::Error> {
    while let Some((missed, letter)) = outbox.next().await {
        if missed > 0 {
            let notice = format!("{missed:>23} missed");
            socket.send(Message::text(notice)).await?;
        }
        socket.send(letter.text.clone()).await?;
        letter.sent();
    }
    Ok(())
}
// ANCHOR_END: with_outboxes
