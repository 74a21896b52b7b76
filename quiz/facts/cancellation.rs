//! Chapter 10.

use std::{cell::Cell, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, duplex},
    sync::mpsc::channel,
    time::{sleep, timeout},
};

const LIMIT: Duration = Duration::from_millis(50);

struct Connection<'a>(&'a Cell<bool>);

impl Connection<'_> {
    async fn close(&self) {
        self.0.set(true);
    }
}

struct Guard<'a>(Connection<'a>);

impl Drop for Guard<'_> {
    #[expect(
        clippy::let_underscore_future,
        reason = "this is what the question is about"
    )]
    fn drop(&mut self) {
        let _ = self.0.close();
    }
}

#[tokio::test(start_paused = true)]
async fn release_in_drop() {
    let closed = Cell::new(false);
    drop(Guard(Connection(&closed)));
    sleep(Duration::from_secs(60)).await;
    assert!(!closed.get());
    Connection(&closed).close().await;
    assert!(closed.get(), "it's the await that does it");
}

#[tokio::test(start_paused = true)]
async fn what_loses_nothing() {
    let (mut client, mut server) = duplex(4);
    let mut read = Vec::new();
    // `read_buf`: nothing is there yet, and then two halves of a word.
    assert!(timeout(LIMIT, server.read_buf(&mut read)).await.is_err());
    for half in [b"wo", b"rd"] {
        client.write_all(half).await.expect("there is room");
        server.read_buf(&mut read).await.expect("bytes are there");
        assert!(timeout(LIMIT, server.read_buf(&mut read)).await.is_err());
    }
    assert_eq!(read, b"word");

    // `read_exact` takes two bytes, and the next call wants four more.
    client.write_all(b"wo").await.expect("there is room");
    let mut word = [0; 4];
    assert!(timeout(LIMIT, server.read_exact(&mut word)).await.is_err());
    client.write_all(b"rd").await.expect("there is room");
    assert!(timeout(LIMIT, server.read_exact(&mut word)).await.is_err());

    // `write_all` has written as much as there was room for.
    let (mut client, mut server) = duplex(4);
    assert!(timeout(LIMIT, client.write_all(b"a frame")).await.is_err());
    server.read_exact(&mut word).await.expect("part of it");
    assert_eq!(&word, b"a fr");

    // `send` drops the job.
    let (queue, mut jobs) = channel(1);
    queue.send("a").await.expect("there is room");
    assert!(timeout(LIMIT, queue.send("b")).await.is_err());
    drop(queue);
    assert_eq!((jobs.recv().await, jobs.recv().await), (Some("a"), None));
}

#[tokio::test(start_paused = true)]
async fn lost_by_the_forwarder() {
    let (input, mut from) = channel(5);
    let (to, output) = channel(2);
    for message in 0..5 {
        input.send(message).await.expect("there is room");
    }
    let forwarder = async {
        while let Some(message) = from.recv().await {
            to.send(message).await.expect("the receiver is there");
        }
    };
    assert!(timeout(Duration::from_secs(1), forwarder).await.is_err());
    assert_eq!(5 - from.len() - output.len(), 1);
}
