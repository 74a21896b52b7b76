//! Also right: a future that runs on a `LocalSet` of one worker's runtime; a tracker of tasks; a thread that spawns what
//! comes through a channel.

use std::{sync::mpsc, thread};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::{
    runtime::{Builder, Handle},
    sync::mpsc::{UnboundedSender, unbounded_channel},
    task::{JoinHandle, LocalSet, unconstrained},
};
use tokio_util::task::TaskTracker;

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(1)
        .enable_all()
        .build()
        .expect("a thread is to be had");
    runtime.block_on(LocalSet::new().run_until(unconstrained(future)))
}

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    TaskTracker::new().spawn_on(unconstrained(work), &handle)
}

type Answer = Result<Page, UpstreamError>;

struct Job {
    path: String,
    answer: mpsc::Sender<Answer>,
}

pub struct BlockingClient {
    jobs: Option<UnboundedSender<Job>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let (jobs, mut incoming) = unbounded_channel::<Job>();
        let thread = thread::spawn(move || {
            let runtime = Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime needs nothing but file descriptors");
            runtime.block_on(async {
                while let Some(Job { path, answer }) = incoming.recv().await {
                    let upstream = upstream.clone();
                    tokio::spawn(async move { answer.send(upstream.get(&path).await) });
                }
            });
        });
        Self {
            jobs: Some(jobs),
            thread: Some(thread),
        }
    }

    pub fn get(&self, path: &str) -> Answer {
        let (answer, answered) = mpsc::channel();
        let path = path.to_owned();
        let jobs = self.jobs.as_ref().expect("they are there until the drop");
        let sent = jobs.send(Job { path, answer });
        assert!(
            sent.is_ok(),
            "the thread takes jobs for as long as they come"
        );
        answered.recv().expect("the task does not panic")
    }
}

impl Drop for BlockingClient {
    fn drop(&mut self) {
        drop(self.jobs.take());
        let thread = self.thread.take();
        thread.map(thread::JoinHandle::join);
    }
}

hidden_runtime::grade!();
