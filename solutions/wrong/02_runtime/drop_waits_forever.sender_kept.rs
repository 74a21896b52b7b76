//! The sender that ends the thread is a field, and fields are dropped after `drop` has returned.

use std::{sync::mpsc, thread};

type Job = (String, mpsc::Sender<Result<Page, UpstreamError>>);

pub struct BlockingClient {
    jobs: mpsc::Sender<Job>,
    thread: Option<thread::JoinHandle<()>>,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let (jobs, incoming) = mpsc::channel::<Job>();
        let thread = thread::spawn(move || {
            let runtime = Runtime::new().unwrap();
            for (path, answer) in incoming {
                let upstream = upstream.clone();
                runtime.spawn(async move { answer.send(upstream.get(&path).await) });
            }
        });
        Self {
            jobs,
            thread: Some(thread),
        }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let (answer, answered) = mpsc::channel();
        self.jobs.send((path.to_owned(), answer)).unwrap();
        answered.recv().unwrap()
    }
}

impl Drop for BlockingClient {
    fn drop(&mut self) {
        self.thread.take().unwrap().join().unwrap();
    }
}
