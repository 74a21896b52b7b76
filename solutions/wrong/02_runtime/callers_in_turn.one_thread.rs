//! A thread of its own makes the calls, one after the other.

use std::{sync::mpsc, thread};

type Request = (String, mpsc::Sender<Result<Page, UpstreamError>>);

pub struct BlockingClient {
    requests: Option<mpsc::Sender<Request>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let (requests, incoming) = mpsc::channel::<Request>();
        let thread = thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            for (path, answer) in incoming {
                answer.send(runtime.block_on(upstream.get(&path))).ok();
            }
        });
        Self {
            requests: Some(requests),
            thread: Some(thread),
        }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let (answer, answered) = mpsc::channel();
        let requests = self.requests.as_ref().unwrap();
        requests.send((path.to_owned(), answer)).unwrap();
        answered.recv().unwrap()
    }
}

impl Drop for BlockingClient {
    fn drop(&mut self) {
        self.requests.take();
        self.thread.take().unwrap().join().unwrap();
    }
}
