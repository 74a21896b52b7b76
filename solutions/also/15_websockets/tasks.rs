//! Chapter 15, WebSockets: a task writes, and is told to stop. The echo puts the two halves together again.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use futures::{
    SinkExt as _, StreamExt as _,
    stream::{SplitSink, SplitStream},
};
use tokio::{
    io::DuplexStream,
    sync::broadcast,
    time::{interval, timeout},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Bytes, Error, Message, Utf8Bytes,
        error::ProtocolError,
        protocol::{CloseFrame, Role, WebSocketConfig, frame::coding::CloseCode},
    },
};
use tokio_util::{
    sync::CancellationToken,
    task::{AbortOnDropHandle, TaskTracker},
};

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

/// A whole socket, in place of its halves.
pub async fn echo(reader: Reader, writer: Writer) {
    let Ok(mut socket) = reader.reunite(writer) else {
        unreachable!("the halves are of one socket");
    };
    while let Some(received) = socket.next().await {
        match received {
            Ok(message) if message.is_text() || message.is_binary() => {
                socket.send(message).await.ok();
            }
            Ok(_) => {}
            Err(error) => {
                if let Some(close) = close_after(&error) {
                    socket.send(close).await.ok();
                }
            }
        }
    }
}

/// Counts its members itself.
pub struct Hub {
    messages: broadcast::Sender<Utf8Bytes>,
    places: usize,
    taken: Arc<AtomicUsize>,
}

impl Hub {
    /// Makes a hub for up to `places` members. Each of them may be up to `backlog` messages behind, a power of two.
    pub fn new(places: usize, backlog: usize) -> Self {
        Self {
            messages: broadcast::channel(backlog).0,
            places,
            taken: Arc::default(),
        }
    }

    /// Takes a place. Looking and counting are one step.
    pub fn join(&self) -> Option<Member> {
        let one_more = |taken| (taken < self.places).then_some(taken + 1);
        self.taken.fetch_update(SeqCst, SeqCst, one_more).ok()?;
        Some(Member {
            messages: self.messages.subscribe(),
            taken: Arc::clone(&self.taken),
        })
    }

    /// Returns how many members there are.
    pub fn members(&self) -> usize {
        self.taken.load(SeqCst)
    }

    /// Hands `text` to all members, and waits for none of them.
    pub fn publish(&self, text: Utf8Bytes) {
        if self.messages.send(text).is_err() {
            // Nobody is there.
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
    messages: broadcast::Receiver<Utf8Bytes>,
    taken: Arc<AtomicUsize>,
}

impl Member {
    /// Waits for the next message.
    pub async fn next(&mut self) -> Option<News> {
        use broadcast::error::RecvError::{Closed, Lagged};
        match self.messages.recv().await {
            Ok(text) => Some(News::Text(text)),
            Err(Lagged(missed)) => Some(News::Missed(missed)),
            Err(Closed) => None,
        }
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.taken.fetch_sub(1, SeqCst);
    }
}

/// The task owns the member and the writer. It's dropped, or gives the writer back and leaves, when it's told to.
pub async fn chat(hub: Arc<Hub>, pipe: DuplexStream, stop: CancellationToken) {
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_MESSAGE))
        .max_frame_size(Some(MAX_MESSAGE));
    let socket = WebSocketStream::from_raw_socket(pipe, Role::Server, Some(config)).await;
    let (mut writer, mut reader) = socket.split();
    let last = if let Some(member) = hub.join() {
        let quit = CancellationToken::new();
        let writing = tokio::spawn(write(member, writer, quit.clone()));
        let mut writing = AbortOnDropHandle::new(writing);
        let last = tokio::select! {
            last = read(&hub, &mut reader) => last,
            () = stop.cancelled() => Some(close(CloseCode::Away)),
        };
        quit.cancel();
        match (&mut writing).await {
            Ok(given_back) => writer = given_back,
            Err(_) => return,
        }
        last
    } else {
        Some(close(CloseCode::Again))
    };
    let goodbye = async {
        if let Some(close) = last {
            writer.send(close).await.ok();
        }
        while let Some(Ok(_)) = reader.next().await {}
    };
    timeout(GOODBYE, goodbye).await.ok();
}

async fn read(hub: &Hub, reader: &mut Reader) -> Option<Message> {
    while let Ok(received) = timeout(SILENCE, reader.next()).await {
        match received {
            None | Some(Ok(Message::Close(_))) => return None,
            Some(Ok(Message::Text(text))) => hub.publish(text),
            Some(Ok(_)) => {}
            Some(Err(error)) => return close_after(&error),
        }
    }
    Some(close(CloseCode::Away))
}

/// `writer` is a variable of this function, so dropping `work` halfway leaves it whole: what it has begun to send is in the
/// socket's buffer, and goes out before the Close.
async fn write(mut member: Member, mut writer: Writer, quit: CancellationToken) -> Writer {
    let work = async {
        // The first tick is due at once: one Ping more does no harm.
        let mut pings = interval(PING_EVERY);
        loop {
            let message = tokio::select! {
                news = member.next() => match news {
                    Some(News::Text(text)) => Message::Text(text),
                    Some(News::Missed(missed)) => notice(missed),
                    None => return,
                },
                _ = pings.tick() => Message::Ping(Bytes::new()),
            };
            if writer.send(message).await.is_err() {
                return;
            }
        }
    };
    // An error of the connection is for the reader to tell.
    tokio::select! {
        () = work => quit.cancelled().await,
        () = quit.cancelled() => {}
    }
    writer
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
