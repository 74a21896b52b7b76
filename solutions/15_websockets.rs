//! Chapter 15, WebSockets: the reference solution.

use std::{pin::pin, sync::Arc, time::Duration};

use futures::{
    SinkExt as _, StreamExt as _,
    stream::{SplitSink, SplitStream},
};
use tokio::{
    io::DuplexStream,
    sync::{OwnedSemaphorePermit, Semaphore, broadcast, broadcast::error::RecvError},
    time::{Instant, interval_at, timeout},
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

/// One loop, so a message that can't be sent back yet keeps the next one from being read: the peer's own `send` then
/// waits. `send` writes and flushes. `next` answers pings and Close, so after a Close the loop goes on: its next turn
/// sends the answer, and ends.
pub async fn echo(mut reader: Reader, mut writer: Writer) {
    while let Some(received) = reader.next().await {
        let reply = match received {
            Ok(message @ (Message::Text(_) | Message::Binary(_))) => message,
            Ok(_) => continue,
            Err(error) => match close_after(&error) {
                Some(close) => close,
                None => return,
            },
        };
        // An error of `send` is the end, and the next turn will say so.
        writer.send(reply).await.ok();
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
            Err(RecvError::Lagged(missed)) => Some(News::Missed(missed)),
            Err(RecvError::Closed) => None,
        }
    }
}

/// Talks to the peer, then says goodbye. Between the two, the member is dropped, and its place is free.
pub async fn chat(hub: Arc<Hub>, pipe: DuplexStream, stop: CancellationToken) {
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_MESSAGE))
        .max_frame_size(Some(MAX_MESSAGE));
    let socket = WebSocketStream::from_raw_socket(pipe, Role::Server, Some(config)).await;
    let (mut writer, mut reader) = socket.split();
    let last = match hub.join() {
        Some(member) => talk(&hub, member, &mut reader, &mut writer, &stop).await,
        None => Some(close(CloseCode::Again)),
    };
    let goodbye = async {
        if let Some(close) = last {
            writer.send(close).await.ok();
        }
        // Whoever drops a socket with the peer's bytes still unread may destroy the Close that's on its way.
        while let Some(Ok(_)) = reader.next().await {}
    };
    // An error says that the peer didn't answer in time.
    timeout(GOODBYE, goodbye).await.ok();
}

/// Carries messages both ways until one side ends it. Returns the Close to send, if there's anybody to send it to.
///
/// Both directions wait by themselves: a peer that doesn't read holds up `sends`, and nothing else.
async fn talk(
    hub: &Hub,
    mut member: Member,
    reader: &mut Reader,
    writer: &mut Writer,
    stop: &CancellationToken,
) -> Option<Message> {
    let sends = async {
        let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        loop {
            let message = tokio::select! {
                news = member.next() => match news? {
                    News::Text(text) => Message::Text(text),
                    News::Missed(missed) => notice(missed),
                },
                _ = pings.tick() => Message::Ping(Bytes::new()),
            };
            // Not in the `select!`, so nothing drops it while it's under way but the end.
            writer.send(message).await.ok()?;
        }
    };
    let receives = async {
        loop {
            // The time starts anew with everything that comes, and nothing else.
            match timeout(SILENCE, reader.next()).await {
                Ok(Some(Ok(Message::Text(text)))) => hub.publish(text),
                // tungstenite answers it when it's read on.
                Ok(Some(Ok(Message::Close(_))) | None) => return None,
                Ok(Some(Ok(_))) => {}
                Ok(Some(Err(error))) => return close_after(&error),
                Err(_silent) => return Some(close(CloseCode::Away)),
            }
        }
    };
    let (sends, receives) = (pin!(sends), pin!(receives));
    tokio::select! {
        last = receives => last,
        last = sends => last,
        () = stop.cancelled() => Some(close(CloseCode::Away)),
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
