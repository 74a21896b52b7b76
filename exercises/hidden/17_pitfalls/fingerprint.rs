//! The hidden tests of `fingerprint`.

use std::{
    panic,
    sync::{Arc, Mutex},
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
    town::{Reply, Town, expected},
};

pub(crate) const TASK: Task<Answer> = task!(
    fingerprint: other_requests_go_on_meanwhile,
    it_is_what_the_library_says,
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
        kept.lock().expect("nobody panics with it").push(stage);
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
    let stages = stages.lock().expect("nobody panics with it").clone();
    Ok(Watched { outcome, stages })
}

async fn computed(answer: &Answer, isbn: &'static str) -> Result<Reply, Fault> {
    let watched = watched(answer, isbn).await?;
    let reply = match watched.outcome {
        Ok(reply) => reply,
        Err(message) if message.contains("can call blocking only when running on") => {
            return Err(Fault::new("block_in_place_anywhere")
                .happened(format!("`block_in_place` panicked: {message}"))
                .expected("it works on a runtime with one thread too, where no other thread could take over the tasks")
                .next("use `spawn_blocking`, which works on every runtime"));
        }
        Err(message) => panic::resume_unwind(Box::new(message)),
    };
    let stage = match watched.stages[..] {
        [stage] => stage,
        ref stages => {
            return Err(Fault::new("computed_otherwise")
                .happened(format!(
                    "the library was called {} for one request",
                    counted(stages.len(), "time")
                ))
                .expected("`deps.fingerprint` is called once for each request")
                .next("call it in the one job, and return what it returned"));
        }
    };
    ensure(!stage.on_loop, || {
        Fault::new("blocks_the_loop")
            .happened("the fingerprint was computed on the runtime's thread: 0 beats of a heart beside it, and no other request was answered meanwhile")
            .expected("another thread computes, while the runtime's goes on: more than 0 beats")
            .next("find the call that keeps the runtime's thread: neither `async`, nor a task, nor a yield beforehand moves it to another one")
    })?;
    ensure(stage.beats() > 0, || {
        Fault::new("thread_joined_on_the_loop")
            .happened("another thread computed the fingerprint, but the heart beat 0 times: the runtime's thread stood still until the other had ended")
            .expected("the runtime's thread goes on until the fingerprint is there: more than 0 beats")
            .next("await the other thread, with the handle of `spawn_blocking`: `join`, `recv` and `block_on` keep this one")
    })?;
    Ok(reply)
}

fn other_requests_go_on_meanwhile(answer: &Answer) {
    examine(async |_| {
        for isbn in ["123", "45"] {
            computed(answer, isbn).await?;
        }
        Ok(())
    });
}

fn it_is_what_the_library_says(answer: &Answer) {
    examine(async |_| {
        for (isbn, fingerprint) in [("123", "321"), ("9", "9")] {
            let reply = computed(answer, isbn).await?;
            expected(&format!("/fingerprints/{isbn}"), &reply, 200, fingerprint)?;
        }
        Ok(())
    });
}
