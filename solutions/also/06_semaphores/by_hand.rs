//! Also right: a list of calls that is polled by hand; handles in a `FuturesUnordered`; a task that hands out permits.

use std::{
    future::poll_fn,
    num::NonZeroUsize,
    sync::Arc,
    task::{Context, Poll},
};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::{StreamExt as _, future::LocalBoxFuture, stream::FuturesUnordered};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let mut window = Window {
        upstream,
        left: paths.iter().enumerate(),
        limit: limit.get(),
        running: Vec::new(),
        pages: vec![None; paths.len()],
    };
    poll_fn(|context| window.poll(context)).await;
    window.pages.into_iter().flatten().collect()
}

struct Window<'a, Left> {
    upstream: &'a Upstream,
    left: Left,
    limit: usize,
    running: Vec<(usize, LocalBoxFuture<'a, Page>)>,
    pages: Vec<Option<Page>>,
}

impl<'a, Left: Iterator<Item = (usize, &'a &'a str)>> Window<'a, Left> {
    /// Each call that ends makes room for another one, which has to be polled as well: nobody else would.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            while self.running.len() < self.limit
                && let Some((index, path)) = self.left.next()
            {
                let call = self.upstream.fetch(path);
                self.running.push((index, Box::pin(call)));
            }
            if self.running.is_empty() {
                return Poll::Ready(());
            }
            let before = self.running.len();
            self.running
                .retain_mut(|(index, call)| match call.as_mut().poll(context) {
                    Poll::Ready(page) => {
                        self.pages[*index] = Some(page);
                        false
                    }
                    Poll::Pending => true,
                });
            if self.running.len() == before {
                return Poll::Pending;
            }
        }
    }
}

/// The set is never fuller than the limit, and gives up each handle with its outcome.
pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let mut jobs = jobs.into_iter().fuse();
    let mut running = FuturesUnordered::new();
    let mut completed = 0;
    loop {
        let room = limit.get() - running.len();
        running.extend(jobs.by_ref().take(room).map(tokio::spawn));
        let Some(ended) = running.next().await else {
            return completed;
        };
        completed += usize::from(ended.is_ok());
    }
}

#[derive(Clone)]
pub struct Limited {
    upstream: Upstream,
    ask: mpsc::UnboundedSender<oneshot::Sender<OwnedSemaphorePermit>>,
}

impl Limited {
    /// The task ends with the last clone. A permit for somebody who has gone comes back in the error, and is dropped.
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        let (ask, mut asked) = mpsc::unbounded_channel::<oneshot::Sender<_>>();
        tokio::spawn(async move {
            let permits = Arc::new(Semaphore::new(limit.get()));
            while let Some(reply) = asked.recv().await {
                let permit = Arc::clone(&permits).acquire_owned();
                let permit = permit.await.expect("it is never closed");
                drop(reply.send(permit));
            }
        });
        Self { upstream, ask }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let (reply, permit) = oneshot::channel();
        self.ask
            .send(reply)
            .expect("the task goes on as long as there is a client");
        let _permit = permit.await.expect("everybody who asks gets a permit");
        self.upstream.get(path).await
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_semaphores::grade!();
