//! What `service.rs` does when it is told to stop.

use std::{
    future::pending,
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::Duration,
};

use axum::{Router, routing::get};
use futures::FutureExt as _;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    process::Command,
    sync::{Notify, oneshot},
    time::{Instant, pause, sleep},
};

use super::service::{ANSWER, DRAIN, End, Service, run, told_to_stop};
use crate::call::{ms, timed};

async fn listener() -> io::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", 0)).await
}

/// How it ends when it is told to stop at once, with a job that takes so long.
async fn end_with_a_job_of(length: Duration) -> io::Result<(End, Duration)> {
    let service = Service::new(1);
    let listener = listener().await?;
    pause();
    assert!(service.submit(sleep(length)));
    let (end, took) = timed(run(listener, Router::new(), service, async {})).await;
    Ok((end?, took))
}

#[tokio::test]
async fn the_drain_ends_with_the_last_job_or_at_its_limit() -> io::Result<()> {
    let (end, took) = end_with_a_job_of(ms(2000)).await?;
    let (answered, drained) = (true, true);
    assert_eq!((end, took), (End { answered, drained }, ms(2000)));
    Ok(())
}

#[tokio::test]
async fn a_drain_that_takes_too_long_is_given_up() -> io::Result<()> {
    let (end, took) = end_with_a_job_of(Duration::from_secs(60)).await?;
    let (answered, drained) = (true, false);
    assert_eq!((end, took), (End { answered, drained }, DRAIN));
    Ok(())
}

#[tokio::test]
async fn a_request_that_hangs_does_not_hold_up_the_stop() -> io::Result<()> {
    let listener = listener().await?;
    let mut client = ask(&listener, "/hang").await?;
    let begun = Arc::new(Notify::new());
    let begins = Arc::clone(&begun);
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
    assert_eq!(stopped.await.map(|at| at.elapsed()), Ok(ANSWER));
    assert!(!service.submit(async {}), "it takes nothing new");
    // The limit ended the wait, and not the request: its connection is a task of axum's.
    assert!(client.read_u8().now_or_never().is_none());
    Ok(())
}

/// With a real signal. No other test of this program sends one.
#[cfg(unix)]
#[tokio::test]
async fn sigterm_lets_an_open_request_be_answered_and_its_job_be_done() -> io::Result<()> {
    let listener = listener().await?;
    let mut client = ask(&listener, "/kill").await?;
    let (service, done) = (Service::new(1), Arc::new(AtomicBool::new(false)));
    let told = Arc::new(Notify::new());
    let kill = {
        let (service, done, told) = (service.clone(), Arc::clone(&done), Arc::clone(&told));
        async move || {
            let kill = format!("kill -TERM {}", std::process::id());
            let killed = Command::new("sh").args(["-c", &kill]).status().await;
            assert!(killed.is_ok_and(|status| status.success()));
            told.notified().await;
            let job = async move {
                sleep(ms(10)).await;
                done.store(true, SeqCst);
            };
            assert!(service.submit(job), "it has a job until it has answered");
            "answered"
        }
    };
    let stop = async move {
        told_to_stop().await;
        told.notify_one();
    };
    let end = run(
        listener,
        Router::new().route("/kill", get(kill)),
        service,
        stop,
    )
    .await?;
    let (answered, drained) = (true, true);
    assert_eq!(end, End { answered, drained });
    assert!(done.load(SeqCst));
    let mut response = String::new();
    client.read_to_string(&mut response).await?;
    assert!(response.ends_with("\r\n\r\nanswered"), "{response}");
    Ok(())
}

/// A client that has asked for this path.
async fn ask(listener: &TcpListener, path: &str) -> io::Result<TcpStream> {
    let mut client = TcpStream::connect(listener.local_addr()?).await?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
    client.write_all(request.as_bytes()).await?;
    Ok(client)
}
