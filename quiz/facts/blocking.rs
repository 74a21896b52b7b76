//! Chapter 08.

use std::{
    sync::{
        Arc,
        atomic::{
            AtomicBool, AtomicUsize,
            Ordering::{Relaxed, SeqCst},
        },
        mpsc,
    },
    time::{Duration, Instant},
};

use tokio::{
    runtime::Builder,
    task::{spawn_blocking, yield_now},
    time::sleep,
};

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the question is about it")]
async fn spawned_sleep() {
    // In place of the question's seconds. Sleeps end late, never early.
    const SECOND: Duration = Duration::from_millis(20);
    static BEGUN: AtomicBool = AtomicBool::new(false);
    let start = Instant::now();
    let task = tokio::spawn(async {
        BEGUN.store(true, SeqCst);
        sleep(SECOND).await;
    });
    std::thread::sleep(SECOND);
    assert!(!BEGUN.load(SeqCst), "its sleep begins afterwards");
    task.await.expect("it doesn't panic");
    assert!(start.elapsed() >= 2 * SECOND);
}

#[test]
fn two_spawned_tasks() {
    let runtime = Builder::new_multi_thread().worker_threads(4).build();
    let runtime = runtime.expect("it can be built");
    let blocks = runtime.spawn(async {
        let (sender, a) = mpsc::channel();
        tokio::spawn(async move { sender.send("A") });
        let ran = Arc::new(AtomicBool::new(false));
        let b = Arc::clone(&ran);
        let task = tokio::spawn(async move { b.store(true, SeqCst) });
        // Blocks the worker until A has run, which an idle worker sees to.
        assert_eq!(a.recv(), Ok("A"));
        (ran.load(SeqCst), task)
    });
    let (b_has_run, b) = runtime.block_on(blocks).expect("it doesn't panic");
    assert!(!b_has_run, "nobody takes it from its slot");
    runtime
        .block_on(b)
        .expect("it runs once its worker is free");
}

#[test]
fn one_more_job() {
    let runtime = Builder::new_current_thread()
        .max_blocking_threads(1)
        .build();
    runtime.expect("it can be built").block_on(async {
        let (release, released) = mpsc::channel::<()>();
        let busy = spawn_blocking(move || released.recv().is_ok());
        let jobs: Vec<_> = (0..1000).map(|job| spawn_blocking(move || job)).collect();
        assert!(jobs.iter().all(|job| !job.is_finished()));
        release.send(()).expect("the first job waits for it");
        assert_eq!(busy.await.ok(), Some(true));
        for (number, job) in jobs.into_iter().enumerate() {
            assert_eq!(job.await.ok(), Some(number));
        }
    });
}

#[tokio::test]
async fn spawn_and_threads() {
    static COMPUTES: AtomicBool = AtomicBool::new(false);
    static MEANWHILE: AtomicUsize = AtomicUsize::new(0);
    let other = tokio::spawn(async {
        loop {
            if COMPUTES.load(Relaxed) {
                MEANWHILE.fetch_add(1, Relaxed);
            }
            yield_now().await;
        }
    });
    let computed = tokio::spawn(async {
        COMPUTES.store(true, Relaxed);
        let sum = (0..1_000_000_u64).fold(0, u64::wrapping_add);
        COMPUTES.store(false, Relaxed);
        sum
    });
    assert_eq!(computed.await.ok(), Some(499_999_500_000));
    assert_eq!(MEANWHILE.load(Relaxed), 0);
    other.abort();
}
