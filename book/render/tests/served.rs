//! The book as it is served while somebody writes it.

use std::net::{Ipv4Addr, SocketAddr};

use mdbook_driver::errors::Result;
use reqwest::{Client, Response, StatusCode};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use super::fixture::Fixture;
use crate::serve::serve;

struct Server {
    address: SocketAddr,
    client: Client,
    shutdown: CancellationToken,
    running: JoinHandle<Result<()>>,
}

impl Server {
    async fn of(fixture: &Fixture) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.expect("this machine has a free port");
        let address = listener.local_addr().expect("it is bound");
        // A proxy that the environment names cannot reach this machine's loopback.
        let client = Client::builder().no_proxy().build();
        let shutdown = CancellationToken::new();
        Self {
            address,
            client: client.expect("the settings are right"),
            running: tokio::spawn(serve(listener, fixture.root().to_owned(), shutdown.clone())),
            shutdown,
        }
    }

    async fn get(&self, path: &str) -> Response {
        let url = format!("http://{}{path}", self.address);
        self.client.get(url).send().await.expect("it serves")
    }

    async fn events(&self, path: &str) -> Events {
        Events {
            response: self.get(path).await,
            text: String::new(),
        }
    }

    async fn text(&self, path: &str) -> String {
        self.get(path).await.text().await.expect("it serves text")
    }
}

/// What a page is told.
struct Events {
    response: Response,
    /// What has come of it and has not been read.
    text: String,
}

impl Events {
    async fn next(&mut self) -> String {
        loop {
            // An event ends at an empty line, and not where a chunk does.
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let event = event.to_owned();
                self.text = rest.to_owned();
                // A comment, which only keeps the connection alive.
                if !event.starts_with(':') {
                    return event;
                }
            }
            let chunk = self.response.chunk().await.expect("it serves");
            let chunk = chunk.expect("it goes on");
            self.text += str::from_utf8(&chunk).expect("what is told here is ASCII");
        }
    }
}

#[tokio::test]
async fn a_change_is_rendered_and_told() {
    let fixture = Fixture::new("# One\n");
    let server = Server::of(&fixture).await;
    let page = server.text("/").await;
    assert!(
        page.contains("One</a></h1>") && page.contains("/.events/1"),
        "{page}"
    );

    let mut events = server.events("/.events/1").await;
    fixture.write("book/src/page.md", "# Two\n");
    let told = events.next().await;
    assert!(told.contains("event: rendered"), "{told}");
    let page = server.text("/page.html").await;
    assert!(page.contains("Two</a></h1>"), "{page}");

    // A page that was opened before the change hears of it however late it asks.
    let told = server.events("/.events/1").await.next().await;
    assert!(told.contains("event: rendered"), "{told}");

    // Its end waits for no page that is open.
    server.shutdown.cancel();
    let ended = server.running.await.expect("it does not panic");
    ended.expect("it served");
}

#[tokio::test]
async fn a_render_that_fails_is_told_and_the_last_good_one_stays() {
    let fixture = Fixture::new("# Good\n");
    let server = Server::of(&fixture).await;
    let version = "/.events/1";
    assert!(server.text("/page.html").await.contains(version));

    let mut events = server.events(version).await;
    fixture.write("book/src/page.md", "# Bad\n\n{{#include none.rs}}\n");
    let told = events.next().await;
    assert!(told.contains("event: failed"), "{told}");
    assert!(
        told.contains("book/src/page.md:3: {{#include none.rs}}"),
        "{told}"
    );
    assert!(server.text("/page.html").await.contains("Good</a></h1>"));

    fixture.write("book/src/page.md", "# Mended\n");
    let told = events.next().await;
    assert!(told.contains("event: rendered"), "{told}");
    assert!(server.text("/page.html").await.contains("Mended</a></h1>"));
}

#[tokio::test]
async fn a_book_that_never_rendered_says_why() {
    let fixture = Fixture::new("{{#include none.rs}}\n");
    let server = Server::of(&fixture).await;
    let response = server.get("/").await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    let page = response.text().await.expect("it is text");
    assert!(
        page.contains("book/src/page.md:1: {{#include none.rs}}"),
        "{page}"
    );

    let mut events = server.events("/.events/0").await;
    fixture.write("book/src/page.md", "# Mended\n");
    let mut told = events.next().await;
    // It may first be told again what the page says already.
    if told.contains("event: failed") {
        told = events.next().await;
    }
    assert!(told.contains("event: rendered"), "{told}");
}

#[tokio::test]
async fn nothing_but_the_book_is_served() {
    let fixture = Fixture::new("# Page\n");
    let server = Server::of(&fixture).await;
    assert_eq!(raw_status(&server, "/page.html").await, "HTTP/1.1 200");
    for path in [
        "/none.html",
        "/css/",
        "/../book.toml",
        "/css/../../../book/book.toml",
        "/%2e%2e/book.toml",
        "/..%2fbook.toml",
        "//etc/hosts",
    ] {
        assert_eq!(raw_status(&server, path).await, "HTTP/1.1 404", "{path}");
    }
}

/// How the answer to a request begins whose path is sent as it stands: clients resolve `..` before they send it.
async fn raw_status(server: &Server, path: &str) -> String {
    let mut stream = TcpStream::connect(server.address).await.expect("it serves");
    let request = format!("GET {path} HTTP/1.1\r\nHost: book\r\nConnection: close\r\n\r\n");
    let sent = stream.write_all(request.as_bytes()).await;
    sent.expect("it reads requests");
    let mut status = [0; "HTTP/1.1 200".len()];
    let read = stream.read_exact(&mut status).await;
    read.expect("it answers");
    String::from_utf8_lossy(&status).into_owned()
}
