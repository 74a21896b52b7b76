//! Work that computes or blocks for long, on threads of its own: a job that stops when nobody wants its result, a
//! computation on every core, and a line of a log that waits for whoever reads it.

use std::{
    io::{self, Read as _, Write as _},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
};

use tokio::{
    sync::oneshot,
    task::{JoinError, spawn_blocking},
};

// ANCHOR: stoppable
/// Sets its flag when it's dropped.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Runs `job` on the blocking pool. If this future is dropped, for example by a timeout, `job` sees the flag set.
async fn stoppable<T: Send + 'static>(
    job: impl FnOnce(&AtomicBool) -> T + Send + 'static,
) -> Result<T, JoinError> {
    let stop = Arc::new(AtomicBool::new(false));
    let _stop = StopOnDrop(Arc::clone(&stop));
    spawn_blocking(move || job(&stop)).await
}

async fn primes(limit: u64) -> Result<usize, JoinError> {
    stoppable(move |stop| {
        (2..limit)
            .take_while(|_| !stop.load(Ordering::Relaxed))
            .filter(|&number| is_prime(number))
            .count()
    })
    .await
}
// ANCHOR_END: stoppable

// ANCHOR: rayon
async fn primes_on_all_cores(limit: u64) -> Result<usize, oneshot::error::RecvError> {
    use rayon::prelude::*;
    let (sender, receiver) = oneshot::channel();
    let stop = Arc::new(AtomicBool::new(false));
    let _stop = StopOnDrop(Arc::clone(&stop));
    // Returns at once. Rayon has a thread for each core, which share out the numbers.
    rayon::spawn(move || {
        let primes = (2..limit)
            .into_par_iter()
            .take_any_while(|_| !stop.load(Ordering::Relaxed))
            .filter(|&number| is_prime(number))
            .count();
        sender.send(primes).ok(); // An `Err` if the future was dropped.
    });
    receiver.await
}
// ANCHOR_END: rayon

fn is_prime(number: u64) -> bool {
    (2..)
        .take_while(|divisor| divisor * divisor <= number)
        .all(|divisor| !number.is_multiple_of(divisor))
}

#[tokio::test]
async fn both_ways_count_the_primes() {
    assert_eq!(primes(1_000).await.ok(), Some(168));
    assert_eq!(primes_on_all_cores(1_000).await.ok(), Some(168));
}

#[tokio::test]
async fn a_job_ends_early_when_its_future_is_dropped() {
    let (started, has_started) = oneshot::channel();
    let (ended, was_stopped) = oneshot::channel();
    let job = stoppable(move |stop| {
        started.send(()).expect("the test waits for this");
        // Without the flag, it ends by itself and the test fails.
        let stopped = (0..100_000_000).any(|_| {
            thread::yield_now();
            stop.load(Ordering::Relaxed)
        });
        ended.send(stopped).expect("the test waits for this, too");
    });
    tokio::select! {
        _ = job => panic!("nobody has stopped it yet"),
        started = has_started => started.expect("the pool runs the job"),
    }
    // `select!` has dropped the job's future.
    assert_eq!(was_stopped.await, Ok(true));
}

#[test]
fn a_line_for_a_full_pipe_waits_until_somebody_reads() -> io::Result<()> {
    const LINES: usize = 100_000;
    let (mut reader, mut writer) = io::pipe()?;
    let (wrote, written) = mpsc::channel();
    let logs = thread::spawn(move || -> io::Result<()> {
        for number in 0..LINES {
            writeln!(writer, "GET /products/{number} 200 OK, after 3 ms")?;
            wrote.send(()).ok();
        }
        Ok(())
    });
    written.recv().expect("the first line fits in the pipe");
    // All lines are 4 MB, and a pipe holds far less: 64 KiB on Linux.
    assert!(!logs.is_finished());

    let mut log = String::new();
    reader.read_to_string(&mut log)?;
    logs.join().expect("it does not panic")?;
    assert_eq!(log.lines().count(), LINES);
    Ok(())
}
