//! A background job that blocks: where it runs, and what a shutdown can do about it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
        mpsc,
    },
    thread,
    time::Duration,
};

use tokio::{
    runtime::{Builder, Runtime},
    task::{JoinHandle, spawn_blocking},
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::call::ms;

// ANCHOR: job
/// Makes thumbnails until it is told to stop. Returns how many it has made.
fn thumbnails(pictures: Vec<Picture>, stop: &CancellationToken) -> usize {
    let mut made = 0;
    for picture in pictures {
        if stop.is_cancelled() {
            break; // Nothing else ends it half way.
        }
        picture.shrink(); // Computes for a while.
        made += 1;
    }
    made
}

impl Background {
    fn submit(&self, pictures: Vec<Picture>) -> JoinHandle<usize> {
        let stop = self.stop.clone();
        self.tasks
            .spawn_blocking(move || thumbnails(pictures, &stop))
    }

    /// Whether all jobs have ended within the grace period.
    async fn shut_down(self, grace: Duration) -> bool {
        self.stop.cancel(); // Asks the jobs that block.
        self.tasks.close();
        timeout(grace, self.tasks.wait()).await.is_ok()
    }
}
// ANCHOR_END: job

#[derive(Default)]
struct Background {
    tasks: TaskTracker,
    stop: CancellationToken,
}

struct Picture(Box<dyn FnOnce() + Send>);

impl Picture {
    fn shrink(self) {
        self.0();
    }
}

#[tokio::test]
async fn a_job_that_looks_at_the_token_ends_between_two_pictures() {
    let background = Background::default();
    let stop = background.stop.clone();
    let pictures = (1..=100).map(|number| {
        let stop = stop.clone();
        Picture(Box::new(move || {
            if number == 3 {
                stop.cancel();
            }
        }))
    });
    let job = background.submit(pictures.collect());
    assert_eq!(job.await.ok(), Some(3));
    assert!(background.shut_down(Duration::from_secs(60)).await);
}

/// A job that has begun, and what lets it go on.
fn begun(ended: &Arc<AtomicBool>) -> (JoinHandle<()>, mpsc::Sender<()>) {
    let (go_on, gate) = mpsc::channel();
    let (begin, begun) = mpsc::channel();
    let ended = Arc::clone(ended);
    let job = spawn_blocking(move || {
        begin.send(()).expect("the test waits for it");
        gate.recv().expect("the test lets it go on");
        ended.store(true, SeqCst);
    });
    begun.recv().expect("it begins");
    (job, go_on)
}

fn runtime(blocking_threads: usize) -> Runtime {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(blocking_threads)
        .build();
    runtime.expect("a runtime needs nothing but file descriptors")
}

#[test]
fn abort_ends_a_job_that_has_not_begun_and_no_other() {
    let runtime = runtime(1);
    runtime.block_on(async {
        let ended = Arc::new(AtomicBool::new(false));
        let (running, go_on) = begun(&ended);
        // The only thread of the pool is taken.
        let queued = spawn_blocking(|| unreachable!("it is aborted before"));
        running.abort();
        queued.abort();
        go_on.send(()).expect("the job waits for it");
        assert!(running.await.is_ok(), "it went on to its end");
        assert!(ended.load(SeqCst));
        assert!(queued.await.is_err_and(|error| error.is_cancelled()));
    });
}

#[test]
fn a_timeout_that_drops_the_handle_leaves_the_job_running() {
    let runtime = runtime(1);
    runtime.block_on(async {
        let ended = Arc::new(AtomicBool::new(false));
        let (job, go_on) = begun(&ended);
        assert!(timeout(ms(10), job).await.is_err());
        go_on.send(()).expect("the job is there, and waits");
    });
    drop(runtime);
}

#[test]
fn the_drop_of_a_runtime_waits_for_a_blocking_job() {
    let ended = Arc::new(AtomicBool::new(false));
    let runtime = runtime(1);
    let (_job, go_on) = runtime.block_on(async { begun(&ended) });
    let lets_it_go_on = thread::spawn(move || go_on.send(()));
    drop(runtime); // As at the end of `main`.
    assert!(ended.load(SeqCst));
    assert!(lets_it_go_on.join().is_ok_and(|sent| sent.is_ok()));
}

#[test]
fn a_shutdown_with_a_limit_leaves_it_behind() {
    let ended = Arc::new(AtomicBool::new(false));
    let runtime = runtime(1);
    let (_job, go_on) = runtime.block_on(async { begun(&ended) });
    runtime.shutdown_timeout(ms(10));
    assert!(!ended.load(SeqCst));
    go_on.send(()).expect("the job is there, and waits");
}
