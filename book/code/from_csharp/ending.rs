//! Cancelling, disposing, and services that run until they are told to stop.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::time::{sleep, timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::call::{ms, timed};

// ANCHOR: token
async fn poll_the_feed(stop: CancellationToken) -> usize {
    let mut rounds = 0;
    while stop.run_until_cancelled(one_round()).await.is_some() {
        rounds += 1;
    }
    rounds // Told to stop. A round under way was dropped at its `.await`.
}
// ANCHOR_END: token

async fn one_round() {
    sleep(ms(1000)).await;
}

// ANCHOR: between
async fn whole_rounds(stop: CancellationToken) -> usize {
    let mut rounds = 0;
    while !stop.is_cancelled() {
        one_round().await; // Never cut short.
        rounds += 1;
    }
    rounds
}
// ANCHOR_END: between

// ANCHOR: hosted
struct Service {
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Service {
    fn start(rounds: Arc<AtomicUsize>) -> Self {
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let told = stop.clone();
        tasks.spawn(async move {
            rounds.fetch_add(poll_the_feed(told).await, Ordering::Relaxed);
        });
        Self { stop, tasks }
    }

    /// Whether all tasks ended in time.
    async fn stop(self, grace: Duration) -> bool {
        self.stop.cancel();
        self.tasks.close();
        timeout(grace, self.tasks.wait()).await.is_ok()
    }
}
// ANCHOR_END: hosted

// ANCHOR: dispose
struct Session {
    server: Server,
    open: bool,
}

impl Session {
    /// Says goodbye to the server, and waits for its answer.
    async fn close(mut self) {
        sleep(ms(100)).await;
        self.server.count("goodbye");
        self.open = false;
    }
}

impl Drop for Session {
    /// The safety net: it cannot await.
    fn drop(&mut self) {
        if self.open {
            self.server.count("gone without a word");
        }
    }
}
// ANCHOR_END: dispose

#[derive(Clone, Default)]
struct Server(Arc<std::sync::Mutex<Vec<&'static str>>>);

impl Server {
    fn count(&self, line: &'static str) {
        self.0.lock().expect("nobody panics with it").push(line);
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_ends_the_round_or_the_loop() {
    let stop = CancellationToken::new();
    let dropped = tokio::spawn(poll_the_feed(stop.child_token()));
    let whole = tokio::spawn(whole_rounds(stop.clone()));
    sleep(ms(2500)).await;
    stop.cancel();
    let (rounds, took) = timed(dropped).await;
    assert_eq!((rounds.expect("it does not panic"), took), (2, ms(0)));
    let (rounds, took) = timed(whole).await;
    assert_eq!((rounds.expect("it does not panic"), took), (3, ms(500)));
}

#[tokio::test(start_paused = true)]
async fn a_service_ends_when_it_is_stopped() {
    let rounds = Arc::new(AtomicUsize::new(0));
    let service = Service::start(Arc::clone(&rounds));
    sleep(ms(3500)).await;
    assert_eq!(timed(service.stop(ms(1000))).await, (true, ms(0)));
    assert_eq!(rounds.load(Ordering::Relaxed), 3);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_not_closed_goes_without_a_word() {
    let server = Server::default();
    let session = |server: &Server| Session {
        server: server.clone(),
        open: true,
    };
    session(&server).close().await;
    drop(session(&server));
    // A close that is given up half way is no close.
    assert!(timeout(ms(50), session(&server).close()).await.is_err());
    let lines = server.0.lock().expect("nobody panics with it").clone();
    assert_eq!(
        lines,
        ["goodbye", "gone without a word", "gone without a word"]
    );
}
