//! A peer that reads as fast as it likes.

use std::time::Duration;

use futures::StreamExt as _;
use tokio::{
    io::{DuplexStream, duplex},
    time::{Instant, sleep},
};
use tokio_tungstenite::{WebSocketStream, tungstenite::protocol::Role};
use tokio_util::task::AbortOnDropHandle;

pub(crate) type Socket = WebSocketStream<DuplexStream>;

/// As many bytes as a message has on the wire, so the pipe of a peer that doesn't read is full after one.
const PIPE: usize = 32;

/// The service's end of a connection, and the peer's task. The peer rests for so long after each message, and returns when
/// the last one came.
pub(crate) async fn connect(rest: Duration) -> (Socket, AbortOnDropHandle<Duration>) {
    let (start, (service, peer)) = (Instant::now(), duplex(PIPE));
    let mut peer = WebSocketStream::from_raw_socket(peer, Role::Client, None).await;
    let reading = tokio::spawn(async move {
        let mut last = Duration::ZERO;
        while let Some(Ok(_)) = peer.next().await {
            last = start.elapsed();
            if !rest.is_zero() {
                sleep(rest).await;
            }
        }
        last
    });
    let service = WebSocketStream::from_raw_socket(service, Role::Server, None).await;
    (service, AbortOnDropHandle::new(reading))
}
