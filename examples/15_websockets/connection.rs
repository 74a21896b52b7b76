//! One connection of the chat.

use std::{sync::Arc, time::Duration};

use futures::{
    SinkExt as _, StreamExt as _,
    stream::{SplitSink, SplitStream},
};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::time::{Instant, interval_at, timeout};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Bytes, Error, Message, Utf8Bytes,
        protocol::{CloseFrame, Role, WebSocketConfig, frame::coding::CloseCode},
    },
};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use super::{
    outbox::Outbox,
    room::{Room, Seat},
};

type Socket = WebSocketStream<TokioIo<Upgraded>>;

const MAX_MESSAGE: usize = 4 * 1024;
const PING_EVERY: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(30);
const GOODBYE: Duration = Duration::from_secs(5);

/// Serves the peer until one side ends it.
pub(crate) async fn serve(upgraded: Upgraded, room: Room, stop: CancellationToken) {
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_MESSAGE))
        .max_frame_size(Some(MAX_MESSAGE));
    let io = TokioIo::new(upgraded);
    let socket = WebSocketStream::from_raw_socket(io, Role::Server, Some(config)).await;
    let (mut sink, mut stream) = socket.split();
    let code = match room.join() {
        None => Some(CloseCode::Again),
        Some(seat) => {
            let outbox = Arc::clone(&seat.outbox);
            // The other direction, on a task of its own, which gives the sink back.
            let quit = CancellationToken::new();
            let sending = send_all(sink, outbox, quit.clone());
            let mut sending = AbortOnDropHandle::new(tokio::spawn(sending));
            let code = tokio::select! {
                code = listen(&mut stream, &room, &seat) => code,
                () = stop.cancelled() => Some(CloseCode::Away),
            };
            drop(seat);
            quit.cancel();
            match timeout(GOODBYE, &mut sending).await {
                Ok(Ok(given_back)) => sink = given_back,
                // A message was still waiting for room, so a Close would too.
                _ => return,
            }
            code
        }
    };
    let goodbye = async {
        if let Some(code) = code {
            let reason = Utf8Bytes::from_static("");
            sink.send(Message::Close(Some(CloseFrame { code, reason })))
                .await?;
        }
        // The answer to a Close goes out, or comes in, while this reads on.
        while let Some(message) = stream.next().await {
            message?;
        }
        Ok::<(), Error>(())
    };
    if let Ok(Err(error)) = timeout(GOODBYE, goodbye).await {
        println!("a connection ended: {error}");
    }
}

// ANCHOR: listen
/// Returns the code to close with, or `None` if the peer has closed.
async fn listen(stream: &mut SplitStream<Socket>, room: &Room, seat: &Seat) -> Option<CloseCode> {
    loop {
        match timeout(SILENCE, stream.next()).await {
            Err(_silent) => return Some(CloseCode::Away),
            Ok(None | Some(Ok(Message::Close(_)))) => return None,
            Ok(Some(Ok(Message::Text(text)))) => {
                room.say(&Utf8Bytes::from(format!("{}: {text}", seat.number())));
            }
            Ok(Some(Ok(_))) => {}
            Ok(Some(Err(Error::Capacity(_)))) => return Some(CloseCode::Size),
            Ok(Some(Err(Error::Utf8(_)))) => return Some(CloseCode::Invalid),
            Ok(Some(Err(_))) => return Some(CloseCode::Protocol),
        }
    }
}
// ANCHOR_END: listen

// ANCHOR: send_all
/// Sends what's in the outbox, and a Ping now and then, until it's told to quit.
async fn send_all(
    mut sink: SplitSink<Socket, Message>,
    outbox: Arc<Outbox<Utf8Bytes>>,
    quit: CancellationToken,
) -> SplitSink<Socket, Message> {
    let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
    loop {
        let (missed, message) = tokio::select! {
            biased;
            () = quit.cancelled() => return sink,
            next = outbox.next() => match next {
                Some((missed, text)) => (missed, Message::Text(text)),
                None => return sink,
            },
            _ = pings.tick() => (0, Message::Ping(Bytes::new())),
        };
        if missed > 0
            && sink
                .send(Message::text(format!("missed {missed}")))
                .await
                .is_err()
        {
            return sink;
        }
        // An error says that the peer has gone, which `listen` finds out as well.
        if sink.send(message).await.is_err() {
            return sink;
        }
    }
}
// ANCHOR_END: send_all
