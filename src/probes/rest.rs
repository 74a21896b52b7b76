//! Whether a runtime rests when there is nothing to do: no task polls, and no job keeps a thread of the blocking pool.
//!
//! tokio says so by itself, in two ways. A `current_thread` runtime parks its thread when no task is ready, and counts that.
//! And its paused clock jumps to the next timer only when the thread is parked and no blocking job is queued or running.
//! So code that rests lets a minute pass at once, however slow the machine is. Only for code that doesn't does it
//! take patience: a thread beside the runtime, which counts naps.
//!
//! ```
//! use async_workbook::probes::rest::{MINUTE, Rest, rest};
//! use tokio::task::{spawn_blocking, yield_now};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! assert!(matches!(rest(MINUTE).await, Rest::Rested { .. }));
//!
//! let busy = tokio::spawn(async { loop { yield_now().await } });
//! assert_eq!(rest(MINUTE).await, Rest::Busy);
//! busy.abort();
//!
//! let (sender, receiver) = std::sync::mpsc::channel::<()>();
//! let job = spawn_blocking(move || receiver.recv());
//! assert_eq!(rest(MINUTE).await, Rest::JobRunning);
//! drop(sender);
//! # job.await.expect("it does not panic").expect_err("the sender is gone");
//! # }
//! ```

use std::{
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use tokio::{runtime::Handle, select, sync::oneshot, time::sleep};

/// Long enough for whatever looks again after each pause to be found out, and soon over if something does.
pub const MINUTE: Duration = Duration::from_secs(60);

/// How often a runtime's thread may park in a [`MINUTE`] of rest: for the timer that ends it, and for blocking jobs that
/// have just ended.
pub const FEW_PARKS: u64 = 10;

/// What a runtime did when there was nothing to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rest {
    /// The time passed on the paused clock.
    Rested {
        /// How often the runtime's thread parked. If that is more than [`FEW_PARKS`], something woke it on a timer.
        parks: u64,
    },
    /// Some task was always ready: the runtime's thread never parked.
    Busy,
    /// No task was ready, and a job of the blocking pool kept the clock from moving.
    JobRunning,
}

/// Lets so much time pass on the paused clock of a `current_thread` runtime, and says what the runtime did meanwhile.
///
/// If it has a job running or never parks, this gives up after a second or more: it counts naps, not time.
///
/// # Panics
///
/// Outside a tokio runtime.
///
/// # Cancel safety
///
/// It may be dropped at any time.
pub async fn rest(time: Duration) -> Rest {
    let before = parks();
    let mut patience = Patience::start(|| false);
    select! {
        () = sleep(time) => Rest::Rested { parks: parks() - before },
        _ = &mut patience.over => {
            if parks() > before { Rest::JobRunning } else { Rest::Busy }
        }
    }
}

/// Waits until the thread of the caller's `current_thread` runtime parks, as it does once no task is ready, whatever jobs
/// are running. Returns `false` if that doesn't come: some task is always ready.
///
/// # Panics
///
/// Outside a tokio runtime.
///
/// # Cancel safety
///
/// It may be dropped at any time.
pub async fn parked() -> bool {
    let (before, handle) = (parks(), Handle::current());
    let patience = Patience::start(move || parks_of(&handle) > before);
    patience.over.await.unwrap_or(false)
}

fn parks() -> u64 {
    parks_of(&Handle::current())
}

fn parks_of(runtime: &Handle) -> u64 {
    runtime.metrics().worker_park_count(0)
}

/// A thread beside the runtime, which the paused clock knows nothing of.
struct Patience {
    /// Whether what was waited for has come.
    over: oneshot::Receiver<bool>,
    /// Dropping this ends the thread.
    _end: mpsc::Sender<()>,
}

impl Patience {
    /// Waits until `holds`, or for so many naps.
    fn start(holds: impl Fn() -> bool + Send + 'static) -> Self {
        const NAP: Duration = Duration::from_millis(1);
        // Half of what a stage of a heartbeat waits for a beat, and less than a slow disk waits to be told: what a job does
        // when it gives up waiting must not be taken for what was looked at.
        const NAPS: u32 = 1_000;
        let (end, ended) = mpsc::channel();
        let (tell, over) = oneshot::channel();
        thread::spawn(move || {
            for _ in 0..NAPS {
                if holds() {
                    let _gone = tell.send(true);
                    return;
                }
                if ended.recv_timeout(NAP) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
            // Whoever waited may have gone.
            let _gone = tell.send(false);
        });
        Self { over, _end: end }
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        sync::mpsc::channel,
        task::{spawn_blocking, yield_now},
        time::Instant,
    };

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_awaits_lets_the_minute_pass() {
        let (_sender, mut receiver) = channel::<()>(1);
        let waiting = tokio::spawn(async move { receiver.recv().await });
        let start = Instant::now();
        let Rest::Rested { parks } = rest(MINUTE).await else {
            panic!("nothing is ready");
        };
        assert!(parks <= FEW_PARKS, "{parks}");
        assert_eq!(start.elapsed(), MINUTE);
        waiting.abort();
    }

    #[tokio::test(start_paused = true)]
    async fn a_job_that_ends_is_waited_for() {
        let job = spawn_blocking(|| ());
        assert!(matches!(rest(MINUTE).await, Rest::Rested { parks } if parks <= FEW_PARKS));
        job.await.expect("it does not panic");
    }

    #[tokio::test(start_paused = true)]
    async fn what_looks_again_after_each_pause_shows() {
        let looking = tokio::spawn(async {
            loop {
                sleep(Duration::from_secs(1)).await;
            }
        });
        assert!(matches!(rest(MINUTE).await, Rest::Rested { parks } if parks > FEW_PARKS));
        looking.abort();
    }

    #[tokio::test]
    async fn a_thread_parks_beside_a_job_and_not_beside_a_busy_task() {
        let (sender, receiver) = mpsc::channel::<()>();
        let job = spawn_blocking(move || receiver.recv());
        assert!(parked().await);
        let busy = tokio::spawn(async {
            loop {
                yield_now().await;
            }
        });
        assert!(!parked().await);
        busy.abort();
        drop(sender);
        assert!(job.await.expect("it does not panic").is_err());
    }
}
