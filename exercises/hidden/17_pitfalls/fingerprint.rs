//! The hidden tests of `fingerprint`.

use std::{
    panic,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use async_workbook::{
    harness::{Task, counted, task},
    probes::heartbeat::{Heartbeat, Stage},
    services::{mailer::SimulatedMailer, upstream::Upstream},
    verdict::{Fault, ensure, examine},
};

use crate::{
    Answer,
    additions::too_few,
    town::{Reply, Town, expected},
};

pub(crate) const TASK: Task<Answer> = task!(
    fingerprint: other_requests_go_on_meanwhile,
    it_is_what_the_library_says,
    nothing_is_added,
);

struct Watched {
    outcome: Result<Reply, String>,
    stages: Vec<Stage>,
}

/// Asks for a fingerprint while a heart beats, as often as the runtime's thread is free.
async fn watched(answer: &Answer, isbn: &'static str) -> Result<Watched, Fault> {
    let heartbeat = Heartbeat::start();
    let stages = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&stages);
    let compute = move |isbn: &str| {
        let (text, stage) = heartbeat.stage(|| isbn.chars().rev().collect());
        kept.lock()
            .expect("no thread panics while it holds the lock")
            .push(stage);
        text
    };
    let mailer = SimulatedMailer::new(Duration::ZERO);
    let town = Town::with(answer, Upstream::builder(), 1, mailer, compute).await;
    let asked = town.get(&format!("/fingerprints/{isbn}"));
    let outcome = asked.panicked().await.map_err(|payload| {
        let text = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned());
        text.or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_default()
    });
    let stages = stages
        .lock()
        .expect("no thread panics while it holds the lock")
        .clone();
    Ok(Watched { outcome, stages })
}

async fn computed(answer: &Answer, isbn: &'static str) -> Result<Reply, Fault> {
    let watched = watched(answer, isbn).await?;
    let reply = match watched.outcome {
        Ok(reply) => reply,
        Err(message) if message.contains("can call blocking only when running on") => {
            return Err(Fault::new("block_in_place_misused")
                .happened(format!("`block_in_place` panicked: {message}"))
                .expected("the handler works on every runtime, even on `current_thread`, which has no other thread to take over its tasks")
                .next("in `fingerprint`, replace `block_in_place` with `spawn_blocking`, which works on every runtime"));
        }
        Err(message) => panic::resume_unwind(Box::new(message)),
    };
    let stage = match watched.stages[..] {
        [stage] => stage,
        ref stages => {
            return Err(Fault::new("wrong_number_of_calls")
                .happened(format!(
                    "the handler called the library {} for one request",
                    counted(stages.len(), "time")
                ))
                .expected("it calls `deps.fingerprint` once for each request")
                .next("in `fingerprint`, call `deps.fingerprint` in one job, and return what it returned"));
        }
    };
    ensure(!stage.on_loop, || {
        Fault::new("blocking_call_in_async_code")
            .happened("the runtime's thread computed the fingerprint: meanwhile a heart beside it beat 0 times, and no other request was answered")
            .expected("another thread computes while the runtime's thread goes on, and the heart beats")
            .next("in `fingerprint`, find the call that keeps the runtime's thread, and move it to another one: `async`, a task or a yield doesn't do that")
    })?;
    ensure(stage.beats() > 0, || {
        Fault::new("thread_joined_in_async_code")
            .happened("another thread computed the fingerprint, but the heart beat 0 times: the runtime's thread stood still until the other had ended")
            .expected("the runtime's thread goes on until the fingerprint is there, and the heart beats")
            .next("in `fingerprint`, await the handle of `spawn_blocking`: `join`, `recv` and `block_on` keep the runtime's thread")
    })?;
    Ok(reply)
}

fn other_requests_go_on_meanwhile(answer: &Answer) {
    examine(async |_| {
        each_is_computed(answer).await?;
        for isbn in ["123", "45"] {
            computed(answer, isbn).await?;
        }
        Ok(())
    });
}

fn it_is_what_the_library_says(answer: &Answer) {
    examine(async |_| {
        each_is_computed(answer).await?;
        for (isbn, fingerprint) in [("123", "321"), ("9", "9")] {
            let reply = computed(answer, isbn).await?;
            expected(&format!("/fingerprints/{isbn}"), &reply, 200, fingerprint)?;
        }
        Ok(())
    });
}

fn nothing_is_added(answer: &Answer) {
    examine(async |_| {
        each_is_computed(answer).await?;
        computed(answer, "123").await?;
        all_are_computed_at_once(answer).await
    });
}

/// The library computes a second request for the same book, too. Other tests look at the first.
async fn each_is_computed(answer: &Answer) -> Result<(), Fault> {
    // A new book each time, which a `static` can't know from other tests.
    static ISBNS: AtomicUsize = AtomicUsize::new(0);
    let path = format!(
        "/fingerprints/new-{}",
        ISBNS.fetch_add(1, Ordering::Relaxed)
    );
    let calls = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&calls);
    let compute = move |isbn: &str| {
        counting.fetch_add(1, Ordering::Relaxed);
        isbn.to_owned()
    };
    let mailer = SimulatedMailer::new(Duration::ZERO);
    let town = Town::with(answer, Upstream::builder(), 1, mailer, compute).await;
    let first = town.get(&path).panicked().await;
    let before = calls.load(Ordering::Relaxed);
    if first.is_err() || before == 0 {
        return Ok(());
    }
    town.get(&path).answer().await;
    ensure(calls.load(Ordering::Relaxed) > before, || {
        Fault::new("unrequested_cache")
            .happened("two requests had the same ISBN, and for the second one the handler didn't call the library")
            .expected("the library computes a fingerprint for each request")
            .next("in `fingerprint`, remove the cache, and call `deps.fingerprint` for each request")
    })
}

/// A library in which calls wait for each other, up to a number of naps.
#[derive(Default)]
struct Rendezvous {
    inside: AtomicUsize,
    most: AtomicUsize,
}

impl Rendezvous {
    #[expect(
        clippy::disallowed_methods,
        reason = "this isn't one of the runtime's threads"
    )]
    fn meet(&self, number: usize) {
        const NAPS: u32 = 2_000;
        let inside = self.inside.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(inside, Ordering::SeqCst);
        for _ in 0..NAPS {
            if self.most.load(Ordering::SeqCst) >= number {
                break;
            }
            thread::sleep(Duration::from_millis(1));
        }
        self.inside.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn all_are_computed_at_once(answer: &Answer) -> Result<(), Fault> {
    const CUSTOMERS: usize = 8;
    let rendezvous = Arc::new(Rendezvous::default());
    let library = Arc::clone(&rendezvous);
    let compute = move |isbn: &str| {
        library.meet(CUSTOMERS);
        isbn.to_owned()
    };
    let mailer = SimulatedMailer::new(Duration::ZERO);
    let town = Town::with(answer, Upstream::builder(), 1, mailer, compute).await;
    let mut asked: Vec<_> = (0..CUSTOMERS)
        .map(|_| town.get("/fingerprints/123"))
        .collect();
    // If one call hasn't met another, the rest won't either.
    while !asked.iter().any(|asked| asked.answered()) {
        town.hold.turns(1).await;
    }
    let most = rendezvous.most.swap(CUSTOMERS, Ordering::SeqCst);
    ensure(most >= CUSTOMERS, || {
        too_few(format!(
            "{CUSTOMERS} customers asked for a fingerprint at the same time. The library computed {most} at a time, and the others waited for them to end"
        ))
    })?;
    for asked in asked.drain(..) {
        expected("/fingerprints/123", &asked.answer().await, 200, "123")?;
    }
    Ok(())
}
