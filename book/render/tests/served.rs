//! The book as it is served while somebody writes it.

use std::net::Ipv4Addr;

use mdbook_driver::errors::Result;
use reqwest::{Response, StatusCode};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::fixture::Fixture;
use crate::serve::serve;

struct Server {
    address: String,
    shutdown: CancellationToken,
    running: JoinHandle<Result<()>>,
}

impl Server {
    async fn of(fixture: &Fixture) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.expect("this machine has a free port");
        let address = listener.local_addr().expect("it is bound");
        let shutdown = CancellationToken::new();
        Self {
            address: format!("http://{address}"),
            running: tokio::spawn(serve(listener, fixture.root().to_owned(), shutdown.clone())),
            shutdown,
        }
    }

    async fn get(&self, path: &str) -> Response {
        let response = reqwest::get(format!("{}{path}", self.address)).await;
        response.expect("it serves")
    }

    async fn text(&self, path: &str) -> String {
        self.get(path).await.text().await.expect("it serves text")
    }
}

/// The next event that is told; they are short, and come one by one.
async fn next(events: &mut Response) -> String {
    let told = events.chunk().await.expect("it serves");
    String::from_utf8_lossy(&told.expect("it goes on")).into_owned()
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

    let mut events = server.get("/.events/1").await;
    fixture.write("book/src/page.md", "# Two\n");
    let told = next(&mut events).await;
    assert!(told.contains("event: rendered"), "{told}");
    let page = server.text("/page.html").await;
    assert!(page.contains("Two</a></h1>"), "{page}");

    // A page that was opened before the change hears of it however late it asks.
    let told = next(&mut server.get("/.events/1").await).await;
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

    let mut events = server.get(version).await;
    fixture.write("book/src/page.md", "# Bad\n\n{{#include none.rs}}\n");
    let told = next(&mut events).await;
    assert!(told.contains("event: failed"), "{told}");
    assert!(
        told.contains("book/src/page.md:3: {{#include none.rs}}"),
        "{told}"
    );
    assert!(server.text("/page.html").await.contains("Good</a></h1>"));

    fixture.write("book/src/page.md", "# Mended\n");
    let told = next(&mut events).await;
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

    let mut events = server.get("/.events/0").await;
    fixture.write("book/src/page.md", "# Mended\n");
    let mut told = next(&mut events).await;
    // It may first be told again what the page says already.
    if told.contains("event: failed") {
        told = next(&mut events).await;
    }
    assert!(told.contains("event: rendered"), "{told}");
}

#[tokio::test]
async fn nothing_but_the_book_is_served() {
    let fixture = Fixture::new("# Page\n");
    let server = Server::of(&fixture).await;
    for path in ["/none.html", "/../book.toml", "/%2e%2e/book.toml", "/css/"] {
        assert_eq!(
            server.get(path).await.status(),
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}
