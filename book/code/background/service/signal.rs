//! What `service.rs` does at a real SIGTERM.

use std::{
    env, io, process,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::Duration,
};

use axum::{Router, routing::get};
use tokio::{
    io::AsyncReadExt as _,
    process::Command,
    sync::Notify,
    time::{sleep, timeout},
};

use super::{
    End, Service, run,
    stopping::{ask, listener},
    told_to_stop,
};
use crate::call::ms;

/// In a process of its own: one that has listened for SIGTERM once is not ended by it any more.
#[test]
fn sigterm_lets_an_open_request_be_answered_and_its_job_be_done() -> io::Result<()> {
    let mut child = process::Command::new(env::current_exe()?);
    child.args([
        "--ignored",
        "--exact",
        "background::service::signal::told_by_sigterm",
    ]);
    let output = child.output()?;
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && told.contains("1 passed"),
        "{told}"
    );
    Ok(())
}

#[tokio::test]
#[ignore = "it sends SIGTERM to its own process: the test above starts it in another"]
async fn told_by_sigterm() -> io::Result<()> {
    timeout(Duration::from_secs(60), stopped_by_sigterm()).await?
}

async fn stopped_by_sigterm() -> io::Result<()> {
    let listener = listener().await?;
    let mut client = ask(&listener, "/kill").await?;
    let (service, done) = (Service::new(1), Arc::new(AtomicBool::new(false)));
    let told = Arc::new(Notify::new());
    let kill = {
        let (service, done, told) = (service.clone(), Arc::clone(&done), Arc::clone(&told));
        async move || {
            let kill = format!("kill -TERM {}", process::id());
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
