//! Chapter 15.

use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use tokio::{
    io::duplex,
    sync::broadcast::{self, error::RecvError},
    task::yield_now,
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, protocol::Role},
};

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test(start_paused = true)]
async fn half_open() {
    // The other end is there, and nothing comes from it.
    let (service, _peer) = duplex(4096);
    let mut socket = WebSocketStream::from_raw_socket(service, Role::Server, None).await;
    assert!(timeout(24 * HOUR, socket.next()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn where_it_grows() {
    // The way to the peer has room for two messages, and nobody reads.
    let (service, _peer) = duplex(64);
    let mut socket = WebSocketStream::from_raw_socket(service, Role::Server, None).await;
    let (hub, mut messages) = broadcast::channel(64);
    let sending = tokio::spawn(async move {
        let mut sent = 0;
        while let Ok(text) = messages.recv().await {
            let message: Message = Message::text(text);
            if timeout(HOUR, socket.send(message)).await.is_err() {
                return (sent, messages);
            }
            sent += 1;
        }
        unreachable!("it lags only after it was stuck");
    });
    for number in 0..1000 {
        hub.send(format!("{number:>30}")).expect("somebody listens");
        if number < 3 {
            yield_now().await;
        }
    }
    let (sent, mut messages) = sending.await.expect("it doesn't panic");
    // Two are on the way, one is being sent, and the channel has the latest 64 for everybody.
    assert_eq!(sent, 2);
    assert_eq!(messages.recv().await, Err(RecvError::Lagged(1000 - 3 - 64)));
    assert_eq!(messages.len(), 64);
}
