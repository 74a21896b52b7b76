//! Pitfalls of threads, locks and tasks.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_workbook::{clock::Hold, probes::heartbeat::Heartbeat};
use futures::future::join_all;
use reqwest::Client;
use serde_json::json;
use tokio::{
    sync::mpsc::{self, UnboundedReceiver},
    task,
    time::sleep,
};
use tokio_util::task::TaskTracker;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{body_partial_json, method, path},
};

use super::{Symptom, http::client};

// ANCHOR: blocking_call_in_async_code
pub(super) mod blocking_call_in_async_code {
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
// ANCHOR_END: blocking_call_in_async_code

// ANCHOR: guard_held_across_await
pub(super) mod guard_held_across_await {
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
// ANCHOR_END: guard_held_across_await

// ANCHOR: task_outcome_ignored
pub(super) mod task_outcome_ignored {
    use super::*;

    /// Has the mail service write to a new customer.
    async fn welcome(client: Client, service: String) -> reqwest::Result<()> {
        let mail = json!({ "to": "ada@example.org", "text": "Welcome!" });
        let answer = client.post(service + "/mails").json(&mail).send().await?;
        answer.error_for_status()?;
        Ok(())
    }

    pub(crate) async fn wrong() -> Symptom {
        let service = mail_service_that_fails().await;
        let _hold = Hold::new();
        let (log, lines) = mpsc::unbounded_channel();
        let tasks = TaskTracker::new();
        drop(tasks.spawn(welcome(client()?, service.uri())));
        // Nobody has anything to write.
        drop(log);
        seen(&service, tasks, lines).await
    }

    pub(crate) async fn right() -> Symptom {
        let service = mail_service_that_fails().await;
        let _hold = Hold::new();
        let (log, lines) = mpsc::unbounded_channel();
        let tasks = TaskTracker::new();
        let mail = tasks.spawn(welcome(client()?, service.uri()));
        // A second task waits for the first, and learns of its error, and of its panic too.
        tasks.spawn(async move {
            match mail.await {
                Ok(Ok(())) => {}
                // The URL has the port, which is another one each time.
                Ok(Err(error)) => drop(log.send(error.without_url().to_string())),
                Err(panic) => drop(log.send(panic.to_string())),
            }
        });
        seen(&service, tasks, lines).await
    }

    async fn mail_service_that_fails() -> MockServer {
        let service = MockServer::start().await;
        Mock::given(method("POST"))
            .and(path("/mails"))
            .and(body_partial_json(json!({ "to": "ada@example.org" })))
            .respond_with(ResponseTemplate::new(503))
            // It panics when it is dropped, unless there was exactly one such request.
            .expect(1)
            .mount(&service)
            .await;
        service
    }

    /// What the other end has seen, and what the log says of it.
    async fn seen(
        service: &MockServer,
        tasks: TaskTracker,
        mut lines: UnboundedReceiver<String>,
    ) -> Symptom {
        tasks.close();
        // This tells that the tasks have ended, and not how.
        tasks.wait().await;
        let posted = service.received_requests().await.unwrap_or_default().len();
        let log = lines.recv().await.unwrap_or_else(|| "nothing".into());
        Ok(format!("{posted} POST, logged: {log}"))
    }
}
// ANCHOR_END: task_outcome_ignored
