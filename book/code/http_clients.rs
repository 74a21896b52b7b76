//! What the page of chapter 12 shows besides its lesson.

use std::{error::Error, io, time::Duration};

use async_workbook::services::upstream::{Route, Upstream};
use futures::{StreamExt as _, stream};
use real_services::http::OverHttp as _;
use reqwest::Client;
use tokio::{
    io::{AsyncWrite, AsyncWriteExt as _},
    net::TcpSocket,
    time::timeout,
};

// ANCHOR: chain
/// An error and its causes, each with its own words.
fn chain(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words += &format!(": {error}");
        cause = error.source();
    }
    words
}
// ANCHOR_END: chain

// ANCHOR: download
async fn download(
    client: &Client,
    url: &str,
    patience: Duration,
    file: &mut (impl AsyncWrite + Unpin),
) -> Result<u64, Box<dyn Error>> {
    let response = timeout(patience, client.get(url).send()).await??;
    let mut response = response.error_for_status()?;
    let mut count = 0;
    // A limit for each piece. Writing it takes as long as it takes.
    while let Some(piece) = timeout(patience, response.chunk()).await?? {
        file.write_all(&piece).await?;
        count += piece.len() as u64;
    }
    file.flush().await?;
    Ok(count)
}
// ANCHOR_END: download

async fn text(client: &Client, url: String) -> reqwest::Result<String> {
    let response = client.get(url).send().await?;
    response.error_for_status()?.text().await
}

// ANCHOR: many
async fn many(client: &Client, base: &str, ids: &[u64], limit: usize) -> Vec<Option<String>> {
    let requests = ids
        .iter()
        .copied()
        .enumerate()
        .map(|(place, id)| async move {
            let text = text(client, format!("{base}/users/{id}")).await;
            (place, text.ok())
        });
    let mut texts: Vec<_> = stream::iter(requests)
        .buffer_unordered(limit)
        .collect()
        .await;
    texts.sort_by_key(|(place, _)| *place);
    texts.into_iter().map(|(_, text)| text).collect()
}
// ANCHOR_END: many

fn client() -> Client {
    // A proxy from the environment must not see calls that stay on this machine.
    let client = Client::builder().no_proxy().build();
    client.expect("a client without TLS needs nothing from the system")
}

async fn service(builder: async_workbook::services::upstream::Builder) -> (Upstream, String) {
    let service = builder.build().over_http().await;
    let service = service.expect("loopback is there");
    let base = service.url().expect("it is over HTTP").to_owned();
    (service, base)
}

#[tokio::test]
async fn the_cause_is_at_the_end_of_the_chain() -> io::Result<()> {
    // The port is taken, and nobody listens on it.
    let socket = TcpSocket::new_v4()?;
    socket.bind(([127, 0, 0, 1], 0).into())?;
    let url = format!("http://{}", socket.local_addr()?);
    let error = client().get(url).send().await.expect_err("nobody listens");
    assert!(!error.to_string().contains("refused"));
    let words = chain(&error).to_lowercase();
    assert!(words.contains("refused"), "{words}");
    Ok(())
}

#[tokio::test]
async fn a_download_arrives_whole() {
    let text = "a page of some length. ".repeat(10_000);
    let route = Route::new("export").body(text.clone());
    let (_service, base) = service(Upstream::builder().route(route)).await;
    let (mut file, patience) = (Vec::new(), Duration::from_secs(60));
    let count = download(&client(), &format!("{base}/export"), patience, &mut file).await;
    assert_eq!(count.expect("it is there"), text.len() as u64);
    assert_eq!(file, text.as_bytes());
    let missing = download(&client(), &format!("{base}/other"), patience, &mut file).await;
    assert!(missing.is_err());
}

#[tokio::test]
async fn many_are_in_their_places() {
    let builder = [(1, 30), (2, 1), (3, 10)].into_iter().fold(
        Upstream::builder(),
        |builder, (id, millis)| {
            let route = Route::new(format!("users/{id}")).body(format!("user {id}"));
            builder.route(route.latency(Duration::from_millis(millis)))
        },
    );
    let (service, base) = service(builder).await;
    let client = client();
    // A task can run it.
    let texts = tokio::spawn(async move { many(&client, &base, &[1, 2, 9, 3], 2).await });
    let texts = texts.await.expect("it does not panic");
    let texts: Vec<_> = texts.iter().map(Option::as_deref).collect();
    assert_eq!(
        texts,
        [Some("user 1"), Some("user 2"), None, Some("user 3")]
    );
    assert_eq!(service.high_water(), 2);
}
