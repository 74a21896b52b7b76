//! What the reader reads from: pieces that arrive at their times.

use std::{
    collections::VecDeque,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use async_workbook::harness::ms;
use tokio::{
    io::{AsyncRead, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

use super::script::Script;

/// The type in the learner's file.
pub type Input = Box<dyn AsyncRead + Send + Unpin>;

/// A connection whose other end sends pieces at given times, and then closes it, unless it fails before.
pub(crate) struct Feed {
    pieces: VecDeque<(Instant, Vec<u8>)>,
    ends: Instant,
    /// What it fails with, once, when all pieces have come.
    fails: Option<io::Error>,
    timer: Pin<Box<Sleep>>,
}

impl Feed {
    pub(crate) fn new(script: &Script, start: Instant) -> Self {
        let pieces = script.pieces.iter();
        Self {
            pieces: pieces
                .map(|(at, piece)| (start + ms(*at), piece.clone()))
                .collect(),
            ends: start + ms(script.closes),
            fails: None,
            timer: Box::pin(sleep_until(start)),
        }
    }

    pub(crate) fn failing(script: &Script, error: io::Error) -> Self {
        Self {
            fails: Some(error),
            ..Self::new(script, Instant::now())
        }
    }

    /// Whether this instant has come. If not, wakes the reader when it does.
    fn poll_until(&mut self, instant: Instant, context: &mut Context<'_>) -> Poll<()> {
        if self.timer.deadline() != instant {
            self.timer.as_mut().reset(instant);
        }
        self.timer.as_mut().poll(context)
    }
}

impl AsyncRead for Feed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let next = self.pieces.front().map_or(self.ends, |(at, _)| *at);
        ready!(self.poll_until(next, context));
        let Some((_, piece)) = self.pieces.front_mut() else {
            return Poll::Ready(self.fails.take().map_or(Ok(()), Err));
        };
        let length = piece.len().min(buffer.remaining());
        buffer.put_slice(&piece[..length]);
        piece.drain(..length);
        if piece.is_empty() {
            self.pieces.pop_front();
        }
        Poll::Ready(Ok(()))
    }
}
