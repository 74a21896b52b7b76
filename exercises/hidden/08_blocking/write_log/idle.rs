//! What the answer does when there's nothing to do, and when there's a line again.

use async_workbook::{
    harness::counted,
    probes::rest::{FEW_PARKS, MINUTE, Rest, rest},
    services::log_file::Disk,
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};
use tokio::{sync::mpsc, time::timeout};

use super::call::{Call, Step, line, said, send};
use crate::Answer;

pub(super) fn an_idle_log_keeps_no_thread(answer: &Answer) {
    examine(async |_: &Recorder| {
        let disk = Disk::new().slow();
        let log_file = disk.log_file();
        let (sender, receiver) = mpsc::channel(8);
        let mut call = Call::new(answer, &disk, &log_file, receiver);
        rests(&mut call, "before the first line came").await?;
        for number in 1..=2 {
            send(&sender, [line(number)]);
            match call.next().await? {
                Step::Began => {}
                Step::Returned => return Err(returned_early(&call)),
                Step::Nothing => return Err(waits_for_more(&mut call, &sender).await),
            }
            call.still_running(number).await?;
            disk.end(number);
            rests(&mut call, "after a line had been written").await?;
        }
        drop(sender);
        call.run_to_the_end().await?;
        call.wrote(&[line(1), line(2)])
    });
}

/// Nothing happens for a minute, while a sender is alive and no line is waiting.
async fn rests(call: &mut Call<'_>, when: &str) -> Result<(), Fault> {
    let appends = call.disk.appends().len();
    let rested = call.beside(rest(MINUTE)).await;
    ensure(call.outcome.is_none(), || returned_early(call))?;
    if call.disk.appends().len() > appends {
        // It has one without a line, or on a wrong thread.
        call.next().await?;
    }
    let rests = "while no line is waiting, the function rests until the next one wakes it";
    match rested {
        Rest::Rested { parks } => ensure(parks <= FEW_PARKS, || {
            Fault::new("needless_wait")
                .happened(format!("in a minute without a line, {when}, the function looked {parks} times whether there was one, so it learns of a line only when it looks again"))
                .expected(rests)
                .next("await `recv` or `recv_many` instead of a loop around `try_recv` or a timer: they wake you as soon as there's a line")
        }),
        Rest::Busy => Err(Fault::new("busy_wait")
            .happened(format!("no line was waiting, {when}, and the function asked for one over and over: that keeps a core busy for nothing"))
            .expected(rests)
            .next("await `recv` or `recv_many` instead of a loop around `try_recv` and `yield_now`")),
        Rest::JobRunning => Err(Fault::new("pool_thread_held_while_idle")
            .happened(format!("no line was waiting, {when}, and a job kept a thread of the blocking pool: with 512 quiet logs, no thread would be left for anybody"))
            .expected("while no line is waiting, there's no job")
            .next("wait for lines in the async function, with `recv` or `recv_many`, and call `spawn_blocking` only when you have some: `blocking_recv` and `block_on` in a job keep its thread")),
    }
}

fn returned_early(call: &Call<'_>) -> Fault {
    Fault::new("lines_lost")
        .happened(format!(
            "a sender was alive and could have sent more, and the function returned {}",
            said(call.outcome.as_ref())
        ))
        .expected("it goes on until every sender is gone")
        .next("return when the receiver says that the channel is closed, not when it's empty: `recv` with `None`, `recv_many` with 0")
}

/// A line is waiting, and nothing happens.
pub(super) fn held_back() -> Fault {
    Fault::new("needless_wait")
        .happened("a line was waiting, nothing was being written, and no job started until more lines came")
        .expected("a job starts as soon as a line is waiting and no other job runs")
        .next("write what you have, even if it's one line: don't wait for a full batch, or for the end of the channel")
}

/// An answer that writes nothing yet: it waits for more lines, or takes all there ever are.
async fn waits_for_more(call: &mut Call<'_>, sender: &mpsc::Sender<String>) -> Fault {
    const MANY: usize = 2_000;
    let disk = call.disk.clone();
    let sending = async {
        for number in 0..MANY {
            if timeout(MINUTE, sender.send(line(number))).await.is_err() {
                break;
            }
        }
    };
    call.beside(async {
        tokio::select! {
            biased;
            () = disk.begun(disk.appends().len() + 1) => {}
            () = sending => {}
        }
    })
    .await;
    let begun = call.has_begun_meanwhile(1).await;
    if begun || sender.capacity() == 0 {
        return held_back();
    }
    Fault::new("backpressure_lost")
        .happened(format!(
            "the channel has {}, and the function took {} out of it without writing one: its senders never have to wait, and memory grows with the log",
            counted(sender.max_capacity(), "place"),
            counted(MANY, "line")
        ))
        .expected("it writes lines as soon as they come, and takes more only when those are written")
        .next("receive, write and await the job in one loop, instead of collecting everything first")
}
