//! Cancellation: survive being dropped.
//!
//! A `select!` drops the futures that lose. What they own goes with them, and what was lent to them stays.
//!
//!     cargo run --example 10_cancellation
//!
//! reads words beside a timer, and then writes under a lock, each of them in two ways:
//!
//!     Letters in the future: itpo
//!     Letters outside: rust wait poll wake
//!     The first is lent: nothing after 1.0 s
//!     The first is given away: both after 0.2 s
//!
//! give or take some milliseconds, each with its timeline. With `WORKBOOK_CLOCK=virtual` every figure is exact.

use std::{error::Error, pin::pin, time::Duration};

use async_workbook::clock::{Clock, Readable, timed};
use async_workbook::{probes::drops::Drops, timeline::Recorder};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::sync::Mutex;
use tokio::time::{Instant, interval_at, sleep, timeout};

const MS: Duration = Duration::from_millis(1);

fn main() -> Result<(), Box<dyn Error>> {
    let recorder = Recorder::new();
    recorder.install()?;
    Clock::from_env()?.runtime()?.block_on(lesson(&recorder));
    Ok(())
}

async fn lesson(recorder: &Recorder) {
    // ANCHOR: readers
    let mut input = letters();
    let in_future = words(async || word(&mut input, &mut Vec::new()).await);
    show(recorder, "Letters in the future", in_future).await;

    let (mut input, mut read) = (letters(), Vec::new());
    let outside = words(async || word(&mut input, &mut read).await);
    show(recorder, "Letters outside", outside).await;
    // ANCHOR_END: readers

    // ANCHOR: writers
    let lock = Mutex::new(());
    let lent = async { first_or_second(pin!(write("first", &lock)), &lock).await };
    show(recorder, "The first is lent", with_another(&lock, lent)).await;

    let given = with_another(&lock, first_or_second(write("first", &lock), &lock));
    show(recorder, "The first is given away", given).await;
    // ANCHOR_END: writers
}

async fn show(recorder: &Recorder, title: &str, shown: impl Future<Output = String>) {
    let (what, timeline) = recorder.watch(shown).await;
    println!("{title}: {what}\n\n{timeline}");
}

// ANCHOR: words
/// Reads words, and does something else every 34 ms.
async fn words(mut next: impl AsyncFnMut() -> Option<String>) -> String {
    let (mut words, drops) = (Vec::new(), Drops::new());
    let mut ticks = interval_at(Instant::now() + 34 * MS, 34 * MS);
    loop {
        tokio::select! {
            word = drops.watch("word", next()) => match word {
                Some(word) => words.push(word),
                None => return words.join(" "),
            },
            _ = ticks.tick() => {} // The call of `next` is dropped. The next turn makes a new one.
        }
    }
}

/// Reads four letters. While it waits, those that have come are in `read`.
async fn word(input: &mut DuplexStream, read: &mut Vec<u8>) -> Option<String> {
    while read.len() < 4 {
        read.push(input.read_u8().await.ok()?);
    }
    String::from_utf8(read.drain(..4).collect()).ok()
}
// ANCHOR_END: words

fn letters() -> DuplexStream {
    let (here, mut there) = duplex(64);
    tokio::spawn(async move {
        let mut ticks = interval_at(Instant::now() + 10 * MS, 10 * MS);
        for letter in b"rustwaitpollwake" {
            ticks.tick().await;
            there.write_all(&[*letter]).await.expect("it's still read");
        }
    });
    here
}

// ANCHOR: either
async fn first_or_second(first: impl Future<Output = ()>, lock: &Mutex<()>) {
    tokio::select! {
        () = first => {}
        // A `first` that was lent is still next in line for the lock, and nothing polls it here.
        () = sleep(50 * MS) => write("second", lock).await,
    }
}
// ANCHOR_END: either

async fn write(label: &str, lock: &Mutex<()>) {
    let writing = async {
        let _guard = lock.lock().await;
        sleep(100 * MS).await;
    };
    Box::pin(Drops::new().watch(label, writing)).await;
}

async fn with_another(lock: &Mutex<()>, writes: impl Future<Output = ()>) -> String {
    let both = async { tokio::join!(write("another", lock), writes) };
    let (both, took) = timed(timeout(1000 * MS, both)).await;
    let what = both.map_or("nothing", |_| "both");
    format!("{what} after {}", Readable(took))
}
