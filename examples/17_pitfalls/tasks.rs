//! Pitfalls of threads, locks and tasks.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_workbook::{
    heartbeat::Heartbeat,
    mailer::{MailError, Mailer as _, SimulatedMailer},
};
use futures::future::join_all;
use tokio::{
    sync::mpsc::{self, UnboundedReceiver},
    task::{self, JoinHandle},
    time::sleep,
};

use super::Symptom;

// ANCHOR: blocks_the_loop
pub(super) mod blocks_the_loop {
    use super::*;

    fn fib(n: u64) -> u64 {
        if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
    }

    pub(crate) async fn wrong() -> Symptom {
        let heartbeat = Heartbeat::start();
        let (_, stage) = heartbeat.stage(|| fib(20));
        Ok(format!("{} beats of a task beside it", stage.beats()))
    }

    pub(crate) async fn right() -> Symptom {
        let heartbeat = Heartbeat::start();
        let elsewhere = heartbeat.clone();
        let (_, stage) = task::spawn_blocking(move || elsewhere.stage(|| fib(20))).await?;
        // How many there are depends on the machine; whether there are any does not.
        let beats = if stage.beats() > 0 {
            "more than 0"
        } else {
            "0"
        };
        Ok(format!("{beats} beats of a task beside it"))
    }
}
// ANCHOR_END: blocks_the_loop

// ANCHOR: guard_across_await
pub(super) mod guard_across_await {
    use super::*;

    #[expect(clippy::await_holding_lock, reason = "it is what this is about")]
    async fn held(count: &Mutex<u32>) -> Result<(), ()> {
        // With `lock` in place of `try_lock`, the second future would block the one thread for ever, and with it
        // the first, which has the guard. (`tokio::spawn` would not take this future: a guard is not `Send`.)
        let mut guard = count.try_lock().map_err(drop)?;
        sleep(Duration::from_millis(10)).await;
        *guard += 1;
        Ok(())
    }

    async fn dropped(count: &Mutex<u32>) -> Result<(), ()> {
        sleep(Duration::from_millis(10)).await;
        *count.try_lock().map_err(drop)? += 1;
        Ok(())
    }

    pub(crate) async fn wrong() -> Symptom {
        let count = Mutex::new(0);
        join_all((0..10).map(|_| held(&count))).await;
        Ok(counted(&count))
    }

    pub(crate) async fn right() -> Symptom {
        let count = Mutex::new(0);
        join_all((0..10).map(|_| dropped(&count))).await;
        Ok(counted(&count))
    }

    fn counted(count: &Mutex<u32>) -> String {
        let free = *count.lock().unwrap_or_else(PoisonError::into_inner);
        format!("{} of 10 futures found the lock taken", 10 - free)
    }
}
// ANCHOR_END: guard_across_await

// ANCHOR: failure_vanishes
pub(super) mod failure_vanishes {
    use super::*;

    fn send(mailer: &Arc<SimulatedMailer>, to: &'static str) -> JoinHandle<Result<(), MailError>> {
        let mailer = Arc::clone(mailer);
        tokio::spawn(async move { mailer.send(to, "Welcome!").await })
    }

    fn mailer() -> Arc<SimulatedMailer> {
        let mailer = SimulatedMailer::new(Duration::from_millis(10));
        Arc::new(mailer.fails_for("nobody@example.org"))
    }

    pub(crate) async fn wrong() -> Symptom {
        let (log, lines) = mpsc::unbounded_channel();
        let mailer = mailer();
        drop(send(&mailer, "nobody@example.org"));
        // Nobody has anything to write.
        drop(log);
        read(&mailer, lines).await
    }

    pub(crate) async fn right() -> Symptom {
        let (log, lines) = mpsc::unbounded_channel();
        let mailer = mailer();
        let mail = send(&mailer, "nobody@example.org");
        // A second task waits for the first, and learns of its error, and of its panic too.
        tokio::spawn(async move {
            match mail.await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => drop(log.send(error.to_string())),
                Err(panic) => drop(log.send(panic.to_string())),
            }
        });
        read(&mailer, lines).await
    }

    async fn read(mailer: &SimulatedMailer, mut lines: UnboundedReceiver<String>) -> Symptom {
        sleep(Duration::from_millis(20)).await;
        let mut log = Vec::new();
        while let Some(line) = lines.recv().await {
            log.push(line);
        }
        let failed = mailer.attempts() - mailer.sent().len();
        Ok(format!("{failed} mail failed, the log says {log:?}"))
    }
}
// ANCHOR_END: failure_vanishes
