//! Chapter 09: a lock held during a call, and released before it; then what it costs to share a number by an actor, by a
//! tokio mutex and by a mutex of `std`.

use std::{
    process::ExitCode,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_workbook::services::upstream::Upstream;
use futures::future::join_all;
use suite::{Suite, runtime};
use tokio::{
    sync::{Mutex as AsyncMutex, mpsc, oneshot},
    task::JoinSet,
};

const CALLERS: usize = 10;
/// How often each caller of the second scenario adds one.
const ADDITIONS: usize = 100;
/// By how much the first scenario is shorter.
const SCALE: u32 = 2;

fn main() -> ExitCode {
    suite::main(bench)
}

fn bench(suite: &mut Suite) {
    locks(suite);
    counts(suite);
}

/// Ten callers, with the lock held during the call and released before it.
fn locks(suite: &mut Suite) {
    let runtime = runtime();
    let latency = Duration::from_millis(100) / SCALE;
    let upstream = Upstream::builder().page("calls", latency).build();
    let lock = AsyncMutex::new(0);
    let mut ways = suite.scenario(
        "09_shared_state",
        "10 callers, a call of 100 ms each",
        SCALE,
        None,
    );
    ways.waits([latency; CALLERS]);
    let held = latency * CALLERS as u32;
    ways.way("lock held", Some(held), |bencher| {
        bencher.to_async(&runtime).iter(|| {
            join_all((0..CALLERS).map(async |_| {
                let mut count = lock.lock().await;
                *count += 1;
                upstream.fetch("calls").await
            }))
        });
    });
    ways.at_once(1);
    ways.way("lock released", Some(latency), |bencher| {
        bencher.to_async(&runtime).iter(|| {
            join_all((0..CALLERS).map(async |_| {
                *lock.lock().await += 1;
                upstream.fetch("calls").await
            }))
        });
    });
    ways.at_once(CALLERS);
}

/// What it costs to share a number.
fn counts(suite: &mut Suite) {
    let runtime = runtime();
    suite
        .scenario("09_shared_state", "1,000 additions by 10 tasks", 1, None)
        .way("actor", None, |bencher| {
            bencher.to_async(&runtime).iter(by_actor);
        })
        .way("tokio mutex", None, |bencher| {
            bencher.to_async(&runtime).iter(by_tokio_mutex);
        })
        .way("std mutex", None, |bencher| {
            bencher.to_async(&runtime).iter(by_std_mutex);
        });
}

/// Each addition is a message with a reply.
async fn by_actor() -> usize {
    let (sender, mut mailbox) = mpsc::channel::<oneshot::Sender<usize>>(CALLERS);
    let actor = tokio::spawn(async move {
        let mut count = 0;
        while let Some(reply) = mailbox.recv().await {
            count += 1;
            reply.send(count).expect("its caller waits");
        }
        count
    });
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let sender = sender.clone();
        callers.spawn(async move {
            for _ in 0..ADDITIONS {
                let (reply, count) = oneshot::channel();
                sender.send(reply).await.expect("the actor runs");
                count.await.expect("the actor replies");
            }
        });
    }
    drop(sender);
    callers.join_all().await;
    actor.await.expect("it doesn't panic")
}

async fn by_tokio_mutex() -> usize {
    let count = Arc::new(AsyncMutex::new(0));
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let count = Arc::clone(&count);
        callers.spawn(async move {
            for _ in 0..ADDITIONS {
                *count.lock().await += 1;
            }
        });
    }
    callers.join_all().await;
    *count.lock().await
}

async fn by_std_mutex() -> usize {
    let count = Arc::new(Mutex::new(0));
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let count = Arc::clone(&count);
        callers.spawn(async move {
            for _ in 0..ADDITIONS {
                *count.lock().expect("nobody panics with it") += 1;
            }
        });
    }
    callers.join_all().await;
    *count.lock().expect("nobody panics with it")
}
