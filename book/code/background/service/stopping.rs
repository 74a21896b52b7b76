//! What `service.rs` does when it is told to stop.

use std::{future::pending, io, sync::Arc, time::Duration};

use axum::{Router, routing::get};
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
    sync::{Notify, oneshot},
    task::yield_now,
    time::{Instant, pause, sleep},
};

use super::{ANSWER, DRAIN, End, Service, run};
use crate::call::{ms, timed};

pub(super) async fn listener() -> io::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", 0)).await
}

/// How it ends when it is told to stop at once, with a job that takes so long.
async fn end_with_a_job_of(length: Duration) -> io::Result<(End, Duration)> {
    let service = Service::new(1);
    let listener = listener().await?;
    assert!(service.submit(sleep(length)));
    let (end, took) = timed(run(listener, Router::new(), service, async {})).await;
    Ok((end?, took))
}

#[tokio::test(start_paused = true)]
async fn the_drain_ends_with_the_last_job_or_at_its_limit() -> io::Result<()> {
    let (end, took) = end_with_a_job_of(ms(2000)).await?;
    let (answered, drained) = (true, true);
    assert_eq!((end, took), (End { answered, drained }, ms(2000)));
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_drain_that_takes_too_long_is_given_up() -> io::Result<()> {
    let (end, took) = end_with_a_job_of(Duration::from_secs(60)).await?;
    let (answered, drained) = (true, false);
    assert_eq!((end, took), (End { answered, drained }, DRAIN));
    Ok(())
}

#[tokio::test]
async fn a_request_that_hangs_does_not_hold_up_the_stop() -> io::Result<()> {
    let listener = listener().await?;
    let _client = ask(&listener, "/hang").await?;
    let begun = Arc::new(Notify::new());
    let (begins, watched) = (Arc::clone(&begun), Arc::downgrade(&begun));
    let hang = async move || {
        begins.notify_one();
        pending::<()>().await;
    };
    let (sender, stopped) = oneshot::channel();
    let stop = async move {
        begun.notified().await;
        pause(); // From here on nothing happens on any socket.
        sender.send(Instant::now()).expect("the test waits for it");
    };
    let service = Service::new(1);
    let app = Router::new().route("/hang", get(hang));
    let end = run(listener, app, service.clone(), stop).await?;
    let (answered, drained) = (false, true);
    assert_eq!(end, End { answered, drained });
    // A clock that is paused between two milliseconds has timers fire at the next.
    let took = stopped.await.expect("it was told to stop").elapsed();
    assert!(ANSWER <= took && took <= ANSWER + ms(1), "{took:?}");
    assert!(!service.submit(async {}), "it takes nothing new");
    // The limit ended the wait, and not the request: its connection is a task of axum's, and still has the handler.
    yield_now().await;
    assert!(watched.upgrade().is_some());
    Ok(())
}

/// A client that has asked for this path.
pub(super) async fn ask(listener: &TcpListener, path: &str) -> io::Result<TcpStream> {
    let mut client = TcpStream::connect(listener.local_addr()?).await?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
    client.write_all(request.as_bytes()).await?;
    Ok(client)
}
