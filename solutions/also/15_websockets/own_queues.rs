//! Chapter 15, WebSockets: the hub has a queue of its own for each member; the echo writes and flushes in two steps.

use std::{
    collections::{HashMap, VecDeque},
    mem,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use futures::{
    SinkExt as _, StreamExt as _,
    future::{Either, select},
    stream::{SplitSink, SplitStream},
};
use tokio::{
    io::DuplexStream,
    sync::Notify,
    time::{Instant, sleep_until, timeout, timeout_at},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Bytes, Error, Message, Utf8Bytes,
        error::ProtocolError,
        protocol::{CloseFrame, Role, WebSocketConfig, frame::coding::CloseCode},
    },
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// The two halves of a socket.
pub type Reader = SplitStream<WebSocketStream<DuplexStream>>;
pub type Writer = SplitSink<WebSocketStream<DuplexStream>, Message>;

/// The longest message that a peer of the chat may send, in bytes.
pub const MAX_MESSAGE: usize = 16 * 1024;

/// How often a peer of the chat is pinged.
pub const PING_EVERY: Duration = Duration::from_secs(10);

/// How long nothing may come from a peer of the chat.
pub const SILENCE: Duration = Duration::from_secs(30);

/// How long the chat waits for the answer to its Close.
pub const GOODBYE: Duration = Duration::from_secs(5);

/// Given: a Close.
pub fn close(code: CloseCode) -> Message {
    let reason = Utf8Bytes::from_static("");
    Message::Close(Some(CloseFrame { code, reason }))
}

/// Given: the Close for a peer that broke the rules, by the error of `next`. `None` if there's nobody left to send it to.
pub fn close_after(error: &Error) -> Option<Message> {
    match error {
        Error::Capacity(_) => Some(close(CloseCode::Size)),
        Error::Utf8(_) => Some(close(CloseCode::Invalid)),
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => None,
        Error::Protocol(_) => Some(close(CloseCode::Protocol)),
        _ => None,
    }
}

/// Given: what a peer of the chat gets in place of the messages that it has missed.
pub fn notice(missed: u64) -> Message {
    Message::text(format!("missed {missed}"))
}

/// Leaves the loop at the Close, and has `close` send the answer.
pub async fn echo(mut reader: Reader, mut writer: Writer) {
    loop {
        match reader.next().await {
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
            Some(Ok(Message::Close(_))) | None => break,
            Some(Ok(message)) => {
                if writer.feed(message).await.is_err() || writer.flush().await.is_err() {
                    break;
                }
            }
            Some(Err(error)) => {
                if let Some(close) = close_after(&error) {
                    writer.send(close).await.ok();
                }
                return;
            }
        }
    }
    writer.close().await.ok();
}

/// Each member has a queue of its own.
pub struct Hub {
    places: usize,
    backlog: usize,
    members: Arc<Members>,
}

#[derive(Default)]
struct Members(Mutex<HashMap<u64, Arc<Queue>>>);

struct Queue {
    waiting: Mutex<Waiting>,
    changed: Notify,
}

#[derive(Default)]
struct Waiting {
    texts: VecDeque<Utf8Bytes>,
    missed: u64,
    is_closed: bool,
}

impl Members {
    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Arc<Queue>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hub {
    /// Makes a hub for up to `places` members. Each of them may be up to `backlog` messages behind, a power of two.
    pub fn new(places: usize, backlog: usize) -> Self {
        Self {
            places,
            backlog,
            members: Arc::default(),
        }
    }

    /// Takes a place, for as long as the `Member` lives. The lock makes one step of counting and adding.
    pub fn join(&self) -> Option<Member> {
        let mut members = self.members.lock();
        if members.len() >= self.places {
            return None;
        }
        let number = (0..).find(|number| !members.contains_key(number))?;
        let queue = Arc::new(Queue {
            waiting: Mutex::default(),
            changed: Notify::new(),
        });
        members.insert(number, Arc::clone(&queue));
        let members = Arc::downgrade(&self.members);
        Some(Member {
            number,
            queue,
            members,
        })
    }

    /// Returns how many members there are.
    pub fn members(&self) -> usize {
        self.members.lock().len()
    }

    /// Hands `text` to all members, and waits for none of them.
    pub fn publish(&self, text: Utf8Bytes) {
        for queue in self.members.lock().values() {
            let mut waiting = queue.lock();
            if waiting.texts.len() == self.backlog {
                waiting.texts.pop_front();
                waiting.missed += 1;
            }
            waiting.texts.push_back(text.clone());
            drop(waiting);
            queue.changed.notify_one();
        }
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        for queue in self.members.lock().values() {
            queue.lock().is_closed = true;
            queue.changed.notify_one();
        }
    }
}

/// What a member gets: a message, or how many it has missed at this point.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum News {
    Text(Utf8Bytes),
    Missed(u64),
}

/// A member of a hub.
pub struct Member {
    number: u64,
    queue: Arc<Queue>,
    members: Weak<Members>,
}

impl Member {
    /// Waits for the next message. Takes it and returns it in one poll, so nothing is lost if this is dropped.
    pub async fn next(&mut self) -> Option<News> {
        loop {
            {
                let mut waiting = self.queue.lock();
                if waiting.missed > 0 {
                    return Some(News::Missed(mem::take(&mut waiting.missed)));
                }
                if let Some(text) = waiting.texts.pop_front() {
                    return Some(News::Text(text));
                }
                if waiting.is_closed {
                    return None;
                }
            }
            // A message that comes in between leaves a permit here.
            self.queue.changed.notified().await;
        }
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        if let Some(members) = self.members.upgrade() {
            members.lock().remove(&self.number);
        }
    }
}

/// Two futures side by side with `futures::select`, each with its own deadlines.
pub async fn chat(hub: Arc<Hub>, pipe: DuplexStream, stop: CancellationToken) {
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_MESSAGE))
        .max_frame_size(Some(MAX_MESSAGE));
    let socket = WebSocketStream::from_raw_socket(pipe, Role::Server, Some(config)).await;
    let (mut writer, mut reader) = socket.split();
    let last = match hub.join() {
        None => Some(CloseCode::Again),
        Some(mut member) => {
            let listening = pin!(listen(&hub, &mut reader, &stop));
            let sending = pin!(send_all(&mut member, &mut writer));
            match select(listening, sending).await {
                Either::Left((last, _)) => last,
                Either::Right(((), _)) => None,
            }
        }
    };
    let deadline = Instant::now() + GOODBYE;
    if let Some(code) = last {
        let sent = timeout_at(deadline, writer.send(close(code))).await;
        if !matches!(sent, Ok(Ok(()))) {
            return;
        }
    }
    while let Ok(Some(Ok(_))) = timeout_at(deadline, reader.next()).await {}
}

async fn listen(hub: &Hub, reader: &mut Reader, stop: &CancellationToken) -> Option<CloseCode> {
    loop {
        let received = tokio::select! {
            received = timeout(SILENCE, reader.next()) => received,
            () = stop.cancelled() => return Some(CloseCode::Away),
        };
        match received {
            Err(_) => return Some(CloseCode::Away),
            Ok(None | Some(Ok(Message::Close(_)))) => return None,
            Ok(Some(Ok(message))) => {
                if let Message::Text(text) = message {
                    hub.publish(text);
                }
            }
            Ok(Some(Err(error))) => match close_after(&error)? {
                Message::Close(frame) => return frame.map(|frame| frame.code),
                _ => return None,
            },
        }
    }
}

async fn send_all(member: &mut Member, writer: &mut Writer) {
    let mut ping_due = Instant::now() + PING_EVERY;
    loop {
        let message = tokio::select! {
            news = member.next() => match news {
                Some(News::Text(text)) => Message::Text(text),
                Some(News::Missed(missed)) => notice(missed),
                None => return,
            },
            () = sleep_until(ping_due) => {
                ping_due += PING_EVERY;
                Message::Ping(Bytes::new())
            }
        };
        if writer.send(message).await.is_err() {
            return;
        }
    }
}

/// Given: each connection is a task. Whatever you keep across an `.await` must be `Send`, or this doesn't compile.
pub fn accept(hub: Arc<Hub>, pipe: DuplexStream, stop: CancellationToken, chats: &TaskTracker) {
    chats.spawn(chat(hub, pipe, stop));
}

/// Given: ends all chats. That takes no longer than `GOODBYE`, since `chat` doesn't.
pub async fn drain(chats: &TaskTracker, stop: &CancellationToken) {
    stop.cancel();
    chats.close();
    chats.wait().await;
}

// Hands this code to the hidden tests. Leave this line as it is.
hidden_websockets::grade!();
