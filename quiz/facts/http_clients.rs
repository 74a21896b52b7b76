//! Chapter 12.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_workbook::clock::Hold;
use reqwest::{Client, Method};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::{advance, sleep},
};
use tokio_util::task::AbortOnDropHandle;

/// A proxy from the environment must not see calls that stay on this machine.
fn client() -> Client {
    let client = Client::builder().no_proxy().build();
    client.expect("a client without TLS needs nothing from the system")
}

/// A server that answers each request on a connection in the same way, and counts its connections.
struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    heard: Arc<Mutex<String>>,
    _task: AbortOnDropHandle<io::Result<()>>,
}

impl Server {
    async fn start(answer: String, then: Then) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.expect("loopback is there");
        let address = listener.local_addr().expect("it is bound");
        let (connections, heard) = (
            Arc::<AtomicUsize>::default(),
            Arc::<Mutex<String>>::default(),
        );
        let (count, listened) = (Arc::clone(&connections), Arc::clone(&heard));
        let task = tokio::spawn(async move {
            loop {
                let (peer, _) = listener.accept().await?;
                count.fetch_add(1, Ordering::Relaxed);
                let (answer, heard) = (answer.clone(), Arc::clone(&listened));
                tokio::spawn(talk(peer, answer, then, heard));
            }
        });
        Self {
            address,
            connections,
            heard,
            _task: AbortOnDropHandle::new(task),
        }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// What a server does after its answer.
#[derive(Clone, Copy)]
enum Then {
    Waits,
    /// It sends 10 bytes each second.
    Goes,
}

async fn talk(
    mut peer: TcpStream,
    answer: String,
    then: Then,
    heard: Arc<Mutex<String>>,
) -> io::Result<()> {
    let mut request = [0; 1024];
    loop {
        let read = peer.read(&mut request).await?;
        if read == 0 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&request[..read]).to_lowercase();
        heard.lock().expect("nothing panics").push_str(&text);
        peer.write_all(answer.as_bytes()).await?;
        if let Then::Goes = then {
            loop {
                sleep(Duration::from_secs(1)).await;
                peer.write_all(&[b'.'; 10]).await?;
            }
        }
    }
}

fn ok(length: usize, body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}")
}

#[tokio::test(start_paused = true)]
async fn default_timeout() {
    let hold = Hold::new();
    let server = Server::start(String::new(), Then::Waits).await;
    let call = AbortOnDropHandle::new(tokio::spawn(client().get(server.url()).send()));
    let arrived = || server.heard.lock().is_ok_and(|heard| !heard.is_empty());
    assert!(hold.until(arrived).await, "the request is at the server");
    for _ in 0..24 {
        advance(Duration::from_secs(60 * 60)).await;
        hold.turns(20).await;
    }
    assert!(!call.is_finished(), "a day later");
}

#[tokio::test]
async fn connections() {
    let hold = Hold::new();
    let server = Server::start(ok(4, "page"), Then::Waits).await;
    let client = client();
    for _ in 0..20 {
        let clone = client.clone();
        let response = clone.get(server.url()).send().await;
        let text = response.expect("it answers").text().await;
        assert_eq!(text.expect("it is whole"), "page");
        drop(clone);
        hold.turns(20).await;
    }
    assert_eq!(server.connections.load(Ordering::Relaxed), 1);
}

#[test]
fn safe_to_repeat() {
    assert!(Method::DELETE.is_idempotent());
    assert!(!Method::POST.is_idempotent() && !Method::PATCH.is_idempotent());
}

#[tokio::test]
async fn bearer_and_redirect() {
    let other = Server::start(ok(0, ""), Then::Waits).await;
    let answer = "HTTP/1.1 302 Found\r\ncontent-length: 0\r\nlocation: ";
    let moved = format!("{answer}{}\r\n\r\n", other.url());
    let first = Server::start(moved, Then::Waits).await;
    let request = client().get(first.url());
    let request = request.bearer_auth("secret").header("X-Api-Key", "mine");
    let response = request.send().await.expect("both answer");
    assert!(response.status().is_success());
    let heard = |server: &Server| server.heard.lock().expect("nothing panics").clone();
    let has = |server, what| heard(server).contains(what);
    assert!(has(&first, "bearer secret") && has(&first, "x-api-key: mine"));
    assert!(!has(&other, "bearer") && has(&other, "x-api-key: mine"));
}

/// 1,000 bytes at 10 a second.
#[tokio::test(start_paused = true)]
async fn cut_by_the_limit() {
    let hold = Hold::new();
    let server = Server::start(ok(1000, ""), Then::Goes).await;
    let request = client().get(server.url());
    let request = request.timeout(Duration::from_millis(30_500));
    let download = tokio::spawn(async move {
        let mut response = request.send().await.expect("it answers");
        let mut count = 0;
        loop {
            match response.chunk().await {
                Ok(Some(piece)) => count += piece.len(),
                Ok(None) => return (count, false),
                Err(error) => return (count, error.is_timeout()),
            }
        }
    });
    while !download.is_finished() {
        hold.turns(20).await;
        advance(Duration::from_millis(500)).await;
    }
    assert_eq!(download.await.expect("it doesn't panic"), (300, true));
}
