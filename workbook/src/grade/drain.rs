//! What a process prints, kept within bounds, and waited for no longer than is sensible.

use std::{future, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    sync::watch,
    time,
};
use tokio_util::task::AbortOnDropHandle;

/// What is left to a process beyond its time, before it is ended from outside; and to a pipe, after
/// everybody known to hold it has ended.
pub(super) const GRACE: Duration = Duration::from_millis(1500);

/// Reads a pipe in a task of its own, which ends when this is dropped.
pub(crate) struct Drain {
    printed: watch::Receiver<Printed>,
    task: AbortOnDropHandle<()>,
}

impl Drain {
    pub(crate) fn start(pipe: Option<impl AsyncRead + Send + Unpin + 'static>) -> Self {
        let (sender, printed) = watch::channel(Printed::default());
        let task = AbortOnDropHandle::new(tokio::spawn(async move {
            let Some(mut pipe) = pipe else { return };
            let mut buffer = vec![0; 16 * 1024];
            // An error means that the other side is gone, as the end of the pipe does.
            while let Ok(bytes @ 1..) = pipe.read(&mut buffer).await {
                sender.send_modify(|printed| printed.keep(&buffer[..bytes]));
            }
        }));
        Self { printed, task }
    }

    /// Waits until more than `limit` bytes were printed; for ever if they never are.
    pub(crate) async fn exceeds(&mut self, limit: u64) {
        if self
            .printed
            .wait_for(|printed| printed.bytes > limit)
            .await
            .is_err()
        {
            future::pending().await
        }
    }

    /// What was printed until the pipe was closed.
    pub(crate) async fn finish(self) -> Printed {
        // A process that left the group may hold the pipe for as long as it likes. What it prints
        // from now on is no part of the answer; the task ends with the handle.
        drop(time::timeout(GRACE, self.task).await);
        self.printed.borrow().clone()
    }
}

/// What came through a pipe: the first bytes of it and the last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Printed {
    head: Vec<u8>,
    tail: Vec<u8>,
    pub(super) bytes: u64,
}

impl Printed {
    const HEAD: usize = 16 * 1024;
    const TAIL: usize = 16 * 1024;

    fn keep(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        let room = (Self::HEAD - self.head.len()).min(bytes.len());
        let (first, rest) = bytes.split_at(room);
        self.head.extend_from_slice(first);
        self.tail.extend_from_slice(rest);
        if self.tail.len() > 2 * Self::TAIL {
            self.tail.drain(..self.tail.len() - Self::TAIL);
        }
    }

    pub(crate) fn text(&self) -> String {
        if self.bytes == (self.head.len() + self.tail.len()) as u64 {
            // Decoded as one, since a character may lie across the two.
            return String::from_utf8_lossy(&[&*self.head, &*self.tail].concat()).into_owned();
        }
        format!(
            "{}\n[…]\n{}",
            String::from_utf8_lossy(&self.head),
            String::from_utf8_lossy(&self.tail)
        )
    }
}
