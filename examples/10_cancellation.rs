//! Cancellation: survive being dropped.
//!
//! A `select!` drops the futures that lose, at the `.await` where they wait. What they have in variables goes with them,
//! and no line after that `.await` runs. What is in a struct stays, and destructors run.
//!
//!     cargo run --example 10_cancellation
//!
//! reads words in a `select!` loop beside a timer, in two ways, and then shows a future that nobody polls hold up a queue:
//!
//!     Bytes in the future: ["twai", "llwa"]
//!     Bytes in a struct: ["rust", "wait", "poll", "wake"]
//!     The first is kept, and not polled: nothing after 1.0 s
//!     The first is dropped: done after 0.2 s
//!
//! with their timelines. In real time, other letters may be missing. `WORKBOOK_CLOCK=virtual` makes it exact.

use std::{error::Error, pin::pin, time::Duration};

use async_workbook::{
    clock::{Clock, Readable},
    probes::drops::Drops,
    timeline::Recorder,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex},
    sync::Mutex,
    time::{Instant, interval_at, sleep, timeout},
};

const MS: Duration = Duration::from_millis(1);

fn main() -> Result<(), Box<dyn Error>> {
    let recorder = Recorder::new();
    recorder.install()?;
    Clock::from_env()?.runtime()?.block_on(lesson(&recorder));
    Ok(())
}

async fn lesson(recorder: &Recorder) {
    let mut input = letters();
    let (read, timeline) = recorder.watch(words(async || word(&mut input).await)).await;
    println!("Bytes in the future: {read:?}\n\n{timeline}");
    let mut reader = Words::new(letters());
    let (read, timeline) = recorder.watch(words(async || reader.next().await)).await;
    println!("Bytes in a struct: {read:?}\n\n{timeline}");
    let lock = Mutex::new(());
    let both = async { tokio::join!(write("other", &lock), kept(&lock)) };
    show(recorder, "The first is kept, and not polled", both).await;
    let both = async { tokio::join!(write("other", &lock), dropped(&lock)) };
    show(recorder, "The first is dropped", both).await;
}

async fn show(recorder: &Recorder, title: &str, both: impl Future<Output = ((), ())>) {
    let (done, timeline) = recorder.watch(timeout(1000 * MS, both)).await;
    let what = done.map_or("nothing", |_| "done");
    println!(
        "{title}: {what} after {}\n\n{timeline}",
        Readable(timeline.total)
    );
}

// ANCHOR: loop
/// Reads words, and does something else every 35 ms.
async fn words(mut next: impl AsyncFnMut() -> Option<String>) -> Vec<String> {
    let (mut words, drops) = (Vec::new(), Drops::new());
    let mut ticks = interval_at(Instant::now() + 35 * MS, 35 * MS);
    loop {
        tokio::select! {
            biased;
            word = drops.watch("word", next()) => match word {
                Some(word) => words.push(word),
                None => return words,
            },
            _ = ticks.tick() => {} // The call of `next` is dropped, and the next turn makes a new one.
        }
    }
}
// ANCHOR_END: loop

// ANCHOR: future
async fn word(input: &mut DuplexStream) -> Option<String> {
    let mut word = [0; 4];
    // Waits for four bytes. Dropped in between, it takes along those that it has.
    input.read_exact(&mut word).await.ok()?;
    Some(String::from_utf8_lossy(&word).into_owned())
}
// ANCHOR_END: future

// ANCHOR: struct
struct Words {
    input: DuplexStream,
    read: Vec<u8>,
}

impl Words {
    fn new(input: DuplexStream) -> Self {
        let read = Vec::new();
        Self { input, read }
    }

    async fn next(&mut self) -> Option<String> {
        while self.read.len() < 4 {
            // Dropped here, it has read nothing. What it read before is in `self`.
            if self.input.read_buf(&mut self.read).await.ok()? == 0 {
                return None;
            }
        }
        let word: Vec<u8> = self.read.drain(..4).collect();
        Some(String::from_utf8_lossy(&word).into_owned())
    }
}
// ANCHOR_END: struct

/// A letter every 10 ms.
fn letters() -> DuplexStream {
    let (mut here, there) = duplex(64);
    tokio::spawn(async move {
        for letter in *b"rustwaitpollwake" {
            sleep(10 * MS).await;
            // Nobody may be reading any more.
            if here.write_all(&[letter]).await.is_err() {
                return;
            }
        }
    });
    there
}

async fn write(label: &str, lock: &Mutex<()>) {
    let writing = async {
        let _guard = lock.lock().await;
        sleep(100 * MS).await;
    };
    Drops::new().watch(label, writing).await;
}

// ANCHOR: futurelock
async fn kept(lock: &Mutex<()>) {
    let mut first = pin!(write("first", lock));
    tokio::select! {
        () = &mut first => {}
        // `first` is next in line for the lock. Nothing polls it while this waits behind it.
        () = sleep(50 * MS) => write("second", lock).await,
    }
}
// ANCHOR_END: futurelock

// ANCHOR: dropped
async fn dropped(lock: &Mutex<()>) {
    tokio::select! {
        () = write("first", lock) => {}
        // `select!` has dropped the first one by now, and with it its place in the queue.
        () = sleep(50 * MS) => write("second", lock).await,
    }
}
// ANCHOR_END: dropped
