//! Chapter 15, WebSockets: one `select!`, in which a message that is being sent takes the writer along.

use std::{future::pending, pin::Pin, sync::Arc, time::Duration};

use futures::{
    SinkExt as _, StreamExt as _, TryStreamExt as _,
    stream::{SplitSink, SplitStream},
};
use tokio::{
    io::DuplexStream,
    sync::{OwnedSemaphorePermit, Semaphore, broadcast},
    time::{Instant, interval_at, sleep, timeout},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        self, Bytes, Error, Message, Utf8Bytes,
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

/// `try_next` has the errors apart from the end.
pub async fn echo(mut reader: Reader, mut writer: Writer) {
    loop {
        let outcome = match reader.try_next().await {
            Ok(Some(message @ (Message::Text(_) | Message::Binary(_)))) => {
                writer.send(message).await
            }
            Ok(Some(_)) => Ok(()),
            Ok(None) => return,
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            if let Some(close) = close_after(&error) {
                writer.send(close).await.ok();
            }
            return;
        }
    }
}

/// A broadcast channel keeps one backlog for all, and knows how far each receiver is. The oldest message makes way,
/// whoever hasn't read it.
pub struct Hub {
    messages: broadcast::Sender<Utf8Bytes>,
    places: Arc<Semaphore>,
}

impl Hub {
    /// Makes a hub for up to `places` members. Each of them may be up to `backlog` messages behind, a power of two.
    pub fn new(places: usize, backlog: usize) -> Self {
        Self {
            messages: broadcast::Sender::new(backlog),
            places: Arc::new(Semaphore::new(places)),
        }
    }

    /// Takes a place, for as long as the `Member` lives. To count the members and then to add one would be two steps,
    /// and another thread could come in between. A permit is one.
    pub fn join(&self) -> Option<Member> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        Some(Member {
            messages: self.messages.subscribe(),
            _place: place,
        })
    }

    /// Returns how many members there are.
    pub fn members(&self) -> usize {
        self.messages.receiver_count()
    }

    /// Hands `text` to all members, and waits for none of them.
    pub fn publish(&self, text: Utf8Bytes) {
        // An error says that there are no members.
        self.messages.send(text).ok();
    }
}

/// What a member gets: a message, or how many it has missed at this point.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum News {
    Text(Utf8Bytes),
    Missed(u64),
}

/// A member of a hub. Dropping it frees its place, whatever it was doing.
pub struct Member {
    messages: broadcast::Receiver<Utf8Bytes>,
    _place: OwnedSemaphorePermit,
}

impl Member {
    /// Waits for the next message. `recv` is cancel safe, so this is too.
    pub async fn next(&mut self) -> Option<News> {
        match self.messages.recv().await {
            Ok(text) => Some(News::Text(text)),
            // Not the end: the next `recv` gives the oldest message that is left.
            Err(broadcast::error::RecvError::Lagged(missed)) => Some(News::Missed(missed)),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

type Sending = Pin<Box<dyn Future<Output = (Writer, Result<(), tungstenite::Error>)> + Send>>;

/// Either the writer is free, or a message is on its way.
enum Way {
    Free(Writer),
    Busy(Sending),
}

impl Way {
    fn send(self, message: Message) -> Self {
        match self {
            Self::Busy(_) => unreachable!("messages are taken while it's free"),
            Self::Free(mut writer) => Self::Busy(Box::pin(async move {
                let sent = writer.send(message).await;
                (writer, sent)
            })),
        }
    }

    fn is_free(&self) -> bool {
        matches!(self, Self::Free(_))
    }

    /// Waits for the end of what's on its way.
    async fn sent(&mut self) -> Result<(), tungstenite::Error> {
        let Self::Busy(sending) = self else {
            return pending().await;
        };
        let (writer, sent) = sending.await;
        *self = Self::Free(writer);
        sent
    }
}

pub async fn chat(hub: Arc<Hub>, pipe: DuplexStream, stop: CancellationToken) {
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_MESSAGE))
        .max_frame_size(Some(MAX_MESSAGE));
    let socket = WebSocketStream::from_raw_socket(pipe, Role::Server, Some(config)).await;
    let (writer, mut reader) = socket.split();
    let mut way = Way::Free(writer);
    let last = match hub.join() {
        Some(member) => {
            let last;
            (way, last) = talk(&hub, member, &mut reader, way, &stop).await;
            last
        }
        None => Some(close(CloseCode::Again)),
    };
    let goodbye = async move {
        if !way.is_free() {
            way.sent().await.ok();
        }
        if let Some(close) = last {
            way = way.send(close);
            way.sent().await.ok();
        }
        while let Some(Ok(_)) = reader.next().await {}
    };
    timeout(GOODBYE, goodbye).await.ok();
}

async fn talk(
    hub: &Hub,
    mut member: Member,
    reader: &mut Reader,
    mut way: Way,
    stop: &CancellationToken,
) -> (Way, Option<Message>) {
    let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
    let mut silence = Box::pin(sleep(SILENCE));
    loop {
        let message = tokio::select! {
            received = reader.next() => {
                silence.as_mut().reset(Instant::now() + SILENCE);
                match received {
                    Some(Ok(Message::Text(text))) => hub.publish(text),
                    None | Some(Ok(Message::Close(_))) => return (way, None),
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return (way, close_after(&error)),
                }
                continue;
            }
            () = &mut silence => return (way, Some(close(CloseCode::Away))),
            () = stop.cancelled() => return (way, Some(close(CloseCode::Away))),
            sent = way.sent() => match sent {
                Ok(()) => continue,
                Err(_) => return (way, None),
            },
            news = member.next(), if way.is_free() => match news {
                Some(News::Text(text)) => Message::Text(text),
                Some(News::Missed(missed)) => notice(missed),
                None => return (way, None),
            },
            _ = pings.tick(), if way.is_free() => Message::Ping(Bytes::new()),
        };
        way = way.send(message);
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
