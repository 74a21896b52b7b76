//! Faults that tests of several tasks find.

use std::panic;

use async_workbook::{
    harness::ms,
    verdict::{Fault, catch_panic, ensure},
};
use tokio::{runtime::Handle, time::sleep};
use tokio_util::task::AbortOnDropHandle;

use crate::{
    Serving,
    log::{Log, What, seconds},
    peer::turns,
};

pub(crate) type Checked = Result<(), Fault>;

/// Serves a peer on a task of its own, as a server does, and records how that ends.
pub(crate) fn serve(peer: &'static str, log: &Log, serving: Serving) -> AbortOnDropHandle<()> {
    let log = log.clone();
    AbortOnDropHandle::new(tokio::spawn(async move {
        let ended = catch_panic(serving).await;
        log.add(
            peer,
            match ended {
                Ok(()) => What::Returned,
                Err(_) => What::Panicked,
            },
        );
    }))
}

/// A panic is the learner's to read, with its place. It's told before everything that comes of it.
pub(crate) fn no_panic(log: &Log) {
    let entries = log.all();
    if entries.iter().any(|entry| entry.what == What::Panicked) {
        // Unlike `panic!`, this calls no hook: the panic that counts has called it.
        panic::resume_unwind(Box::new("the function that serves a peer panicked"));
    }
}

/// What a peer sends may be wrong, and mustn't cause a panic.
pub(crate) fn no_panic_at(log: &Log, peer: &'static str, what: &str) -> Checked {
    ensure(log.when(peer, &What::Panicked).is_none(), || {
        Fault::new("panic_on_bad_request")
            .happened(format!("a peer {what}, and the function that served it panicked"))
            .expected("whatever comes from outside may be wrong: the function deals with it, and returns")
            .next("`match` on what `next` and `send` return, in place of `unwrap`, `expect` and `panic!`")
            .drawn(log.drawn(Some(peer)))
    })
}

/// The function returned, and let go of the connection, at this moment.
pub(crate) fn ended_at(log: &Log, peer: &'static str, due: u64, why: &str) -> Checked {
    let ended = log.when(peer, &What::Ended);
    let returned = log.when(peer, &What::Returned);
    // A peer that has gone away itself sees nothing.
    let gone = log.when(peer, &What::Vanished).is_some();
    let drawing = || log.drawn(Some(peer));
    let Some(returned) = returned else {
        return Err(Fault::new("closed_connection_missed")
            .happened(format!("{why}, and the function that serves it never returned"))
            .expected(format!("it returns at {}", seconds(due)))
            .next("leave the loop when `next` gives `None` or an error, and when `send` fails: a connection that has ended stays so")
            .drawn(drawing()));
    };
    ensure(gone || ended.is_some(), || {
        Fault::new("connection_left_open")
            .happened(format!("{why}, the function that serves it returned, and the connection stayed open"))
            .expected("when the function returns, both halves of the socket are dropped, which ends the connection")
            .next("keep both halves in the function: a task that you spawn and leave keeps its half")
            .drawn(drawing())
    })?;
    ensure(returned >= due, || {
        Fault::new("close_answer_not_awaited")
            .happened(format!("{why}. The function that serves it had returned at {} already", seconds(returned)))
            .expected("the connection stays open until the answer comes. If it's dropped with bytes of the peer's unread, TCP resets it, and the Close may never arrive")
            .next("after you've sent the Close, await `reader.next()` until it gives `None` or an error, with a limit of `GOODBYE`")
            .drawn(drawing())
    })?;
    ensure(returned <= due, || {
        Fault::new("needless_wait")
            .happened(format!("{why} at {}, and the function that serves it returned at {}", seconds(due), seconds(returned)))
            .expected("there's nothing left to wait for, so it returns at that moment")
            .next("return when `next` gives `None`: a limit on the wait is for a peer that doesn't answer")
            .drawn(drawing())
    })
}

/// The peer got a Close with this code when it was due, which was a moment ago. If there's none yet, one that comes later is told from one that never does.
pub(crate) async fn closed_by_now(
    log: &Log,
    peer: &'static str,
    due: u64,
    code: u16,
    why: &str,
) -> Checked {
    if log.close(peer).is_none() {
        sleep(ms(60_000)).await;
        turns().await;
    }
    closed_with(log, peer, due, code, why)
}

/// The peer got a Close with this code.
fn closed_with(log: &Log, peer: &'static str, due: u64, code: u16, why: &str) -> Checked {
    let drawing = || log.drawn(Some(peer));
    let expected = format!("at {}, it gets a Close with the code {code}", seconds(due));
    let Some((at, got)) = log.close(peer) else {
        return Err(Fault::new("close_not_sent")
            .happened(format!("{why}, and it never got a Close: to a peer that gets none, the network seems to have failed"))
            .expected(expected)
            .next("send the Close before you return, and await that `send`, with the socket still there")
            .drawn(drawing()));
    };
    ensure(at == due, || {
        Fault::new("close_mistimed")
            .happened(format!("{why}, and it got a Close at {}", seconds(at)))
            .expected(&*expected)
            .next("look at what the Close waits for, and at where each time limit starts")
            .drawn(drawing())
    })?;
    ensure(got == Some(code), || {
        let got = got.map_or("no code".to_owned(), |code| format!("the code {code}"));
        Fault::new("wrong_close_code")
            .happened(format!("{why}, and it got a Close with {got}"))
            .expected(expected)
            .next("send the Close that the task names: by its code, the peer decides whether to try again")
            .drawn(drawing())
    })
}

/// Nothing is left of the connections that have ended: the tests themselves have so many tasks.
pub(crate) async fn no_task_is_left(expected: usize, what: &str) -> Checked {
    turns().await;
    let tasks = Handle::current().metrics().num_alive_tasks();
    ensure(tasks <= expected, || {
        Fault::new("task_left_running")
            .happened(format!("{what}, and a task that it had spawned was still running"))
            .expected("a connection that has ended leaves nothing behind")
            .next("await both directions in the function itself, with `select!` or `join!`. If you need a task, keep its handle, and abort it when the function ends: `AbortOnDropHandle` does that also when the function is dropped")
    })
}
