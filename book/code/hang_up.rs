//! What becomes of a handler whose client hangs up.

use std::{future::pending, io};

use axum::{Router, extract::State, routing::any};
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, Sender, channel},
};
use tokio_util::task::AbortOnDropHandle;

/// What a handler does, in order.
#[derive(Debug, Eq, PartialEq)]
enum Event {
    Begun,
    Dropped,
}

struct Guard(Sender<Event>);

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.0.try_send(Event::Dropped));
    }
}

/// A handler that would never answer.
async fn handler(State(events): State<Sender<Event>>) {
    let _guard = Guard(events.clone());
    drop(events.send(Event::Begun).await);
    pending().await
}

struct Server {
    port: u16,
    events: Receiver<Event>,
    _serves: AbortOnDropHandle<io::Result<()>>,
}

async fn server() -> io::Result<Server> {
    let (sender, events) = channel(8);
    let app = Router::new().route("/", any(handler)).with_state(sender);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let port = listener.local_addr()?.port();
    let serves = tokio::spawn(async { axum::serve(listener, app).await });
    Ok(Server {
        port,
        events,
        _serves: AbortOnDropHandle::new(serves),
    })
}

impl Server {
    /// Sends this, waits for the handler to begin, and hangs up.
    async fn hung_up(&mut self, request: &str) -> io::Result<()> {
        let mut client = TcpStream::connect(("127.0.0.1", self.port)).await?;
        client.write_all(request.as_bytes()).await?;
        assert_eq!(self.events.recv().await, Some(Event::Begun));
        drop(client);
        Ok(())
    }
}

const GET: &str = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";

#[tokio::test]
async fn the_handler_is_dropped() -> io::Result<()> {
    let mut server = server().await?;
    server.hung_up(GET).await?;
    assert_eq!(server.events.recv().await, Some(Event::Dropped));
    Ok(())
}

/// The end of a connection that hung up later has been noticed, and that of this one has not.
async fn goes_on(request: &str) -> io::Result<bool> {
    let (mut server, mut later) = (server().await?, server().await?);
    server.hung_up(request).await?;
    for _ in 0..20 {
        later.hung_up(GET).await?;
        assert_eq!(later.events.recv().await, Some(Event::Dropped));
    }
    Ok(server.events.try_recv().is_err())
}

#[tokio::test]
async fn a_body_that_nobody_reads_hides_the_end() -> io::Result<()> {
    let post = "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\nhello";
    assert!(goes_on(post).await?);
    Ok(())
}

#[tokio::test]
async fn a_request_that_came_after_it_hides_the_end() -> io::Result<()> {
    assert!(goes_on(&GET.repeat(2)).await?);
    Ok(())
}
