//! The jobs for `spawn_bounded`: they promise only what its signature asks for.

use std::{
    cell::RefCell,
    fmt,
    marker::PhantomPinned,
    pin::Pin,
    task::{Context, Poll},
};

use futures::future::BoxFuture;

/// A source of jobs. It isn't an iterator itself, and can't be cloned, sent or asked for its length.
pub struct Jobs<'a>(Box<dyn Iterator<Item = Job> + 'a>);

impl<'a> Jobs<'a> {
    pub(crate) fn new(
        jobs: impl Iterator<Item: Future<Output = ()> + Send + 'static> + 'a,
    ) -> Self {
        Self(Box::new(jobs.map(Job::new)))
    }
}

impl fmt::Debug for Jobs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jobs").finish_non_exhaustive()
    }
}

impl<'a> IntoIterator for Jobs<'a> {
    type Item = Job;
    type IntoIter = Box<dyn Iterator<Item = Job> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.0
    }
}

/// A job, which is neither `Sync` nor `Unpin`.
pub struct Job {
    // Borrowed only during a poll. The cell allows polling a job that isn't `Unpin` without `unsafe`.
    work: RefCell<BoxFuture<'static, ()>>,
    _not_unpin: PhantomPinned,
}

impl Job {
    fn new(work: impl Future<Output = ()> + Send + 'static) -> Self {
        Self {
            work: RefCell::new(Box::pin(work)),
            _not_unpin: PhantomPinned,
        }
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job").finish_non_exhaustive()
    }
}

impl Future for Job {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.work.borrow_mut().as_mut().poll(context)
    }
}
