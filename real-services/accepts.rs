//! Counts the connections that a server accepts: what a client that is made for each request shows in.
//!
//! ```
//! use real_services::accepts::Accepts;
//! use axum::{Router, routing::get};
//! use tokio::net::{TcpListener, TcpStream};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let accepts = Accepts::default();
//! let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
//! let address = listener.local_addr()?;
//! let app = Router::new().route("/", get(async || "hello"));
//! let server = tokio::spawn(axum::serve(accepts.count(listener), app).into_future());
//!
//! let mut connections = Vec::new();
//! for _ in 0..3 {
//!     connections.push(TcpStream::connect(address).await?);
//! }
//! while accepts.total() < 3 {
//!     tokio::task::yield_now().await;
//! }
//! # server.abort();
//! # Ok(())
//! # }
//! ```

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::serve::Listener;

/// A count of accepted connections. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Accepts(Arc<AtomicUsize>);

impl Accepts {
    /// How many connections were accepted so far, whether they are still open or not.
    #[must_use]
    pub fn total(&self) -> usize {
        // A count is all that is read: it orders no other memory.
        self.0.load(Ordering::Relaxed)
    }

    /// The same listener, with each connection that it accepts added to this count.
    pub fn count<L: Listener>(&self, listener: L) -> Counted<L> {
        Counted {
            listener,
            accepts: self.clone(),
        }
    }
}

/// A listener whose connections are counted, made by [`Accepts::count`].
#[derive(Debug)]
pub struct Counted<L> {
    listener: L,
    accepts: Accepts,
}

impl<L: Listener> Listener for Counted<L> {
    type Io = L::Io;
    type Addr = L::Addr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let accepted = self.listener.accept().await;
        self.accepts.0.fetch_add(1, Ordering::Relaxed);
        accepted
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    #[tokio::test]
    async fn each_accepted_connection_counts_once() {
        let accepts = Accepts::default();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback");
        let mut listener = accepts.clone().count(listener);
        let address = Listener::local_addr(&listener).expect("it is bound");
        assert_eq!(accepts.total(), 0);
        for accepted in 1..=2 {
            let _client = TcpStream::connect(address).await.expect("it listens");
            assert_eq!(accepts.total(), accepted - 1, "nobody has accepted it");
            listener.accept().await;
            assert_eq!(accepts.total(), accepted);
        }
    }
}
