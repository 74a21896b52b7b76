//! Peers that no HTTP server would be: one that doesn't listen, and one that closes connections without an answer.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::AsyncReadExt as _,
    net::{TcpListener, TcpSocket},
};
use tokio_util::task::AbortOnDropHandle;

/// An address that nobody listens on. It stays taken, so nobody else can.
pub(crate) struct Nobody {
    pub(crate) base: String,
    _socket: TcpSocket,
}

impl Nobody {
    pub(crate) fn new() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket can be made");
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        socket.bind(loopback).expect("loopback is there");
        let address = socket.local_addr().expect("it is bound");
        Self {
            base: format!("http://{address}/v1"),
            _socket: socket,
        }
    }
}

/// Accepts a connection, reads a request, and closes it.
pub(crate) struct HangsUp {
    pub(crate) base: String,
    requests: Arc<AtomicUsize>,
    _server: AbortOnDropHandle<()>,
}

impl HangsUp {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.expect("loopback is there");
        let address = listener.local_addr().expect("it is bound");
        let requests = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&requests);
        let server = tokio::spawn(async move {
            loop {
                let (mut peer, _) = listener.accept().await.expect("it can accept");
                let mut head = Vec::new();
                // Whatever comes after the head is lost with the connection.
                while !head.windows(4).any(|end| end == b"\r\n\r\n") {
                    match peer.read_buf(&mut head).await {
                        Ok(1..) => {}
                        _ => break,
                    }
                }
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        Self {
            base: format!("http://{address}/v1"),
            requests,
            _server: AbortOnDropHandle::new(server),
        }
    }

    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}
