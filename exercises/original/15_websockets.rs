//! Chapter 15, WebSockets: long-lived peers.
//!
//! Write an echo, a hub that hands each message to everybody in a chat, and the function that serves one peer of that
//! chat.
//!
//! See it first:  cargo run --example 15_websockets
//! Grade it:      cargo test -p exercises -- 15
//!
//! The sockets are those of `tokio-tungstenite`, over pipes in memory instead of TCP. `next().await` returns a
//! `Result<Message, Error>`, and `None` once the connection has ended. `send(message).await` waits while the peer doesn't
//! read. While you await `next`, a Ping gets its Pong, and a Close its answer. So after a Close, await `next` again.
//!
//! Worth looking up: `tokio_tungstenite::tungstenite::protocol::WebSocketConfig` and `WebSocketStream::from_raw_socket`;
//! `futures::{SinkExt, StreamExt}` with `split`; `tokio::sync::broadcast` and its `RecvError`; `tokio::sync::Semaphore`;
//! `tokio::select!`; `tokio::time::{interval_at, timeout}`.

use std::{sync::Arc, time::Duration};

use futures::stream::{SplitSink, SplitStream};
use tokio::io::DuplexStream;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message, Utf8Bytes,
        error::ProtocolError,
        protocol::{CloseFrame, frame::coding::CloseCode},
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

/// How long a peer of the chat may be silent.
pub const SILENCE: Duration = Duration::from_secs(30);

/// How long the chat waits for the answer to its Close.
pub const GOODBYE: Duration = Duration::from_secs(5);

/// Given: a Close.
pub fn close(code: CloseCode) -> Message {
    let reason = Utf8Bytes::from_static("");
    Message::Close(Some(CloseFrame { code, reason }))
}

/// Given: the Close for a peer that broke the rules, by the error from `next`. `None` if nobody is left to send it to.
pub fn close_after(error: &Error) -> Option<Message> {
    match error {
        Error::Capacity(_) => Some(close(CloseCode::Size)),
        Error::Utf8(_) => Some(close(CloseCode::Invalid)),
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => None,
        Error::Protocol(_) => Some(close(CloseCode::Protocol)),
        _ => None,
    }
}

/// Given: what a peer of the chat gets in place of the messages that it missed.
pub fn notice(missed: u64) -> Message {
    Message::text(format!("missed {missed}"))
}

/// Task 1: sends each text and each binary message back to the peer that it came from, in order, until the connection
/// has ended.
///
/// - Each message goes back as soon as it has come. A Ping, a Pong or a Close doesn't go back.
/// - A peer that breaks the rules gets the Close from `close_after`, and then `echo` ends.
/// - If the peer doesn't read, `echo` soon stops reading too.
///
/// It must NOT panic, whatever the peer does, and must NOT leave a task running.
pub async fn echo(reader: Reader, writer: Writer) {
    todo!("send each message back, until there are no more")
}

/// Task 2: hands each message to all members. Handlers on several threads share the hub.
pub struct Hub {
    // Your fields.
}

impl Hub {
    /// Makes a hub for up to `places` members. Each of them may be up to `backlog` messages behind.
    /// `backlog` is a power of two.
    pub fn new(places: usize, backlog: usize) -> Self {
        todo!("make a hub without members")
    }

    /// Takes a place for as long as the `Member` lives. Returns `None` if all places are taken. A member gets the messages
    /// that are published from now on.
    pub fn join(&self) -> Option<Member> {
        todo!("take a place, if there's one")
    }

    /// Returns how many members there are.
    pub fn members(&self) -> usize {
        todo!("return the number of members")
    }

    /// Hands `text` to all members, and waits for none of them.
    ///
    /// A member that's already `backlog` messages behind misses the oldest of them, and nobody else misses any.
    /// It must NOT copy the text: a clone of `Utf8Bytes` shares it.
    pub fn publish(&self, text: Utf8Bytes) {
        todo!("hand the text to all members")
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
    // Your fields.
}

impl Member {
    /// Waits for the next message. Returns `None` once the hub is gone and the messages that it left have been taken.
    ///
    /// If this future is dropped while it waits, no message is lost.
    pub async fn next(&mut self) -> Option<News> {
        todo!("wait for the next message, or for the news that some were missed")
    }
}

/// Task 3: serves one peer of a chat, and returns when the connection has ended.
///
/// - It publishes each text that the peer sends. It sends the peer each text of the hub, and `notice` for what was missed.
/// - It sends a Close: `Again` if the hub has no place, the one from `close_after` if the peer breaks the rules or sends a
///   message longer than `MAX_MESSAGE`, and `Away` if nothing has come from the peer for `SILENCE`, not even a Pong, or
///   if `stop` is cancelled.
/// - It pings the peer every `PING_EVERY`, so a peer that only listens isn't silent.
/// - The place is free as soon as a Close comes, a Close is due, or the peer is gone. Then `chat` waits for the end of the
///   connection, for `GOODBYE` at most. The time for sending its Close is part of that.
///
/// A peer that doesn't read must NOT hold up anything else: `chat` still listens to it, and ends its connection in time.
pub async fn chat(hub: Arc<Hub>, pipe: DuplexStream, stop: CancellationToken) {
    todo!("make a socket, join the hub, and carry messages both ways until one side ends it")
}

/// Given: each connection is a task. Anything you keep across an `.await` must be `Send`, or this doesn't compile.
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
