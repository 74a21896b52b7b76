//! A peer at the other end of a connection.

use std::{sync::Arc, time::Duration};

use async_workbook::harness::ms;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, ReadHalf, WriteHalf, split},
    sync::{Mutex, watch},
    time::{sleep, timeout},
};
use tokio_util::task::AbortOnDropHandle;

use crate::{
    log::{Log, What},
    wire::Frame,
};

/// What a peer does by itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Habits {
    /// Whether it answers pings.
    pub(crate) pongs: bool,
    /// After how many milliseconds it answers a Close, if it does.
    pub(crate) closes: Option<u64>,
}

impl Habits {
    /// Does what the protocol asks for, at once.
    pub(crate) const POLITE: Self = Self {
        pongs: true,
        closes: Some(0),
    };

    /// Reads, and says nothing by itself.
    pub(crate) const MUTE: Self = Self {
        pongs: false,
        closes: None,
    };
}

/// Reads what comes, as long as it may, and records it. When it's dropped, its end of the connection goes away.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    log: Log,
    writer: Writer,
    reads: watch::Sender<bool>,
    reader: AbortOnDropHandle<()>,
}

/// Answers and the test's own messages go one after the other, each in one piece.
type Writer = Arc<Mutex<WriteHalf<DuplexStream>>>;

/// Longer than any message waits for room, unless nobody makes any.
const A_MINUTE: Duration = ms(60_000);

impl Peer {
    pub(crate) fn new(name: &'static str, log: &Log, pipe: DuplexStream, habits: Habits) -> Self {
        let (reader, writer) = split(pipe);
        let writer = Arc::new(Mutex::new(writer));
        let (reads, may_read) = watch::channel(true);
        let reading = Reading {
            name,
            log: log.clone(),
            habits,
            may_read,
            writer: Arc::clone(&writer),
        };
        Self {
            name,
            log: log.clone(),
            writer,
            reads,
            reader: AbortOnDropHandle::new(tokio::spawn(reading.run(reader))),
        }
    }

    /// Reads nothing more, until [`reads`](Self::reads).
    pub(crate) fn stops_reading(&self) {
        self.log.add(self.name, What::Note("stops reading"));
        self.reads.send_replace(false);
    }

    pub(crate) fn reads(&self) {
        self.log.add(self.name, What::Note("reads again"));
        self.reads.send_replace(true);
    }

    /// Sends a frame. Says whether there was room for it within a minute, and somebody to send it to.
    pub(crate) async fn sends(&self, frame: Frame) -> bool {
        let bytes = frame.bytes();
        self.log.add(self.name, What::Sent(frame));
        write(&self.writer, &bytes).await
    }

    pub(crate) async fn says(&self, text: &str) -> bool {
        self.sends(Frame::text(text)).await
    }

    /// Sends bytes as they are.
    pub(crate) async fn breaks(&self, what: &'static str, bytes: &[u8]) -> bool {
        self.log.add(self.name, What::Broke(what));
        write(&self.writer, bytes).await
    }

    /// Goes away without a word, at once.
    pub(crate) async fn vanishes(self) {
        self.log.add(self.name, What::Vanished);
        let Self { writer, reader, .. } = self;
        reader.abort();
        // The connection ends when both halves are gone.
        drop(reader.await);
        drop(writer);
    }
}

async fn write(writer: &Writer, bytes: &[u8]) -> bool {
    let mut writer = writer.lock().await;
    matches!(timeout(A_MINUTE, writer.write_all(bytes)).await, Ok(Ok(())))
}

/// The task that reads.
struct Reading {
    name: &'static str,
    log: Log,
    habits: Habits,
    may_read: watch::Receiver<bool>,
    writer: Writer,
}

impl Reading {
    async fn run(mut self, mut reader: ReadHalf<DuplexStream>) {
        let mut bytes = Vec::new();
        let mut room = vec![0; 4096];
        loop {
            if self.may_read.wait_for(|may_read| *may_read).await.is_err() {
                return;
            }
            // Stops at once when it's told to.
            let read = tokio::select! {
                biased;
                Ok(_) = self.may_read.wait_for(|may_read| !may_read) => continue,
                read = reader.read(&mut room) => read,
            };
            match read {
                Ok(0) | Err(_) => break,
                Ok(length) => bytes.extend(&room[..length]),
            }
            while let Some(frame) = Frame::take(&mut bytes) {
                self.log.add(self.name, What::Got(frame.clone()));
                self.answer(frame).await;
            }
        }
        self.log.add(self.name, What::Ended);
    }

    async fn answer(&self, frame: Frame) {
        let reply = match frame {
            Frame::Ping(data) if self.habits.pongs => Frame::Pong(data),
            Frame::Close(code) => match self.habits.closes {
                Some(0) => Frame::Close(code),
                Some(after) => {
                    sleep(ms(after)).await;
                    Frame::Close(code)
                }
                None => return,
            },
            _ => return,
        };
        // The server answers a Close of the peer's with a Close, which needs no other.
        let is_close = matches!(reply, Frame::Close(_));
        if is_close && self.has_sent_close() {
            return;
        }
        self.log.add(self.name, What::Sent(reply.clone()));
        write(&self.writer, &reply.bytes()).await;
    }

    fn has_sent_close(&self) -> bool {
        let entries = self.log.all().into_iter();
        entries
            .filter(|entry| entry.peer == self.name)
            .any(|entry| matches!(entry.what, What::Sent(Frame::Close(_))))
    }
}

/// Lets everything run that can, without time going by.
pub(crate) async fn turns() {
    for _ in 0..400 {
        tokio::task::yield_now().await;
    }
}
