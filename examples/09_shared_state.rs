//! Shared state: share without stalls.
//!
//! A lock lets one caller at a time at a value. If that caller waits for a call while it holds the lock, all others wait
//! for the call too. A task that owns the value needs no lock: callers put messages into its mailbox.
//!
//!     cargo run --example 09_shared_state
//!
//! sells ten seats, prints six tickets, and draws who waited when. Each payment and each ticket takes 100 ms:
//!
//!     10 payments, the lock held: 1.0 s
//!     10 payments, the lock released: 0.1 s
//!     6 tickets, a mailbox for 2: 0.6 s
//!
//! give or take some milliseconds. With `WORKBOOK_CLOCK=virtual` every figure is exact.

use std::{error::Error, sync::Arc, sync::Mutex, time::Duration};

use async_workbook::{
    clock::{Clock, Readable},
    probes::drops::Drops,
    services::upstream::{Page, Upstream},
    timeline::Recorder,
};
use futures::future::join_all;
use tokio::sync::{Mutex as AsyncMutex, mpsc};
use tokio::task::JoinSet;

const CALL: Duration = Duration::from_millis(100);

fn main() -> Result<(), Box<dyn Error>> {
    let (clock, recorder) = (Clock::from_env()?, Recorder::new());
    recorder.install()?;
    clock.runtime()?.block_on(async {
        let bank = service("payments");
        let seats: Vec<usize> = (1..=10).rev().collect();
        let shared = Arc::new(AsyncMutex::new(seats.clone()));
        let held = callers(|| held(shared.clone(), bank.clone()));
        show(&recorder, "10 payments, the lock held", held).await;
        let shared = Arc::new(Mutex::new(seats));
        let released = callers(|| released(shared.clone(), bank.clone()));
        show(&recorder, "10 payments, the lock released", released).await;
        let printed = print_six(service("tickets"));
        show(&recorder, "6 tickets, a mailbox for 2", printed).await;
    });
    Ok(())
}

// ANCHOR: held
/// Takes the next seat, and pays for it.
async fn held(seats: Arc<AsyncMutex<Vec<usize>>>, bank: Upstream) -> Page {
    let mut seats = seats.lock().await;
    let seat = seats.pop().expect("there's a seat for each");
    // The guard lives until the function ends, so the lock is held during the call.
    bank.fetch(&format!("payments/{seat}")).await
}
// ANCHOR_END: held

// ANCHOR: released
async fn released(seats: Arc<Mutex<Vec<usize>>>, bank: Upstream) -> Page {
    let seat = {
        let mut seats = seats.lock().expect("nobody panics while they hold it");
        seats.pop().expect("there's a seat for each")
        // The guard is dropped here.
    };
    bank.fetch(&format!("payments/{seat}")).await
}
// ANCHOR_END: released

/// Ten requests, each on a task of its own.
async fn callers<F: Future<Output = Page> + Send + 'static>(mut caller: impl FnMut() -> F) {
    let callers: JoinSet<Page> = (0..10).map(|_| caller()).collect();
    callers.join_all().await;
}

// ANCHOR: actor
/// Prints one ticket after another. Nobody else can reach the printer, so there's no lock.
async fn actor(printer: Upstream, mut mailbox: mpsc::Receiver<usize>) -> usize {
    let mut printed = 0;
    while let Some(seat) = mailbox.recv().await {
        printer.fetch(&format!("tickets/{seat}")).await;
        printed += 1;
    }
    // Every sender has been dropped, and the mailbox is empty.
    printed
}
// ANCHOR_END: actor

// ANCHOR: mailbox
/// Six orders at once. The timeline shows how long each of them waited for room in the mailbox.
async fn print_six(printer: Upstream) -> usize {
    let (sender, mailbox) = mpsc::channel(2);
    let actor = tokio::spawn(actor(printer, mailbox));
    join_all((1..=6).map(|seat| order(&sender, seat))).await;
    // This is the last sender, so the actor ends when it has printed what's left.
    drop(sender);
    actor.await.expect("the printer doesn't panic")
}

async fn order(mailbox: &mpsc::Sender<usize>, seat: usize) {
    let send = Drops::new().watch(&format!("order {seat}"), mailbox.send(seat));
    let sent = send.await;
    sent.expect("the actor runs as long as there's a sender");
}
// ANCHOR_END: mailbox

fn service(what: &str) -> Upstream {
    let mut builder = Upstream::builder();
    for seat in 1..=10 {
        builder = builder.page(format!("{what}/{seat}"), CALL);
    }
    builder.build()
}

async fn show<T>(recorder: &Recorder, title: &str, future: impl Future<Output = T>) {
    let (_, timeline) = recorder.watch(future).await;
    println!("{title}: {}\n\n{timeline}", Readable(timeline.total));
}
