//! What is left of the answer when its caller drops it.

use async_workbook::{
    probes::rest::{MINUTE, rest},
    services::log_file::Disk,
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};
use tokio::{sync::mpsc, task::yield_now};

use super::call::{Call, drawing, send};
use crate::Answer;

pub(super) fn dropped_it_starts_no_other_job(answer: &Answer) {
    examine(async |_: &Recorder| {
        dropped(answer, true).await?;
        dropped(answer, false).await
    });
}

/// Drops the call: while its first job runs and lines are waiting, or when that job has ended and none is.
async fn dropped(answer: &Answer, during_a_job: bool) -> Result<(), Fault> {
    let disk = Disk::new().slow();
    let log_file = disk.log_file();
    let (sender, receiver) = mpsc::channel(8);
    send(&sender, ["first"]);
    let mut call = Call::new(answer, &disk, &log_file, receiver);
    call.next().await?;
    call.still_running(1).await?;
    if during_a_job {
        send(&sender, ["second", "third"]);
        call.turns().await;
    } else {
        disk.end(1);
        call.beside(rest(MINUTE)).await;
    }
    call.cancel();
    // A task that's aborted is dropped when it would have had its turn.
    for _ in 0..10 {
        yield_now().await;
    }
    disk.end(usize::MAX);
    if !during_a_job {
        send(&sender, ["second", "third"]);
    }
    rest(MINUTE).await;
    ensure(disk.appends().len() == 1, || {
        let when = if during_a_job {
            "while a job ran"
        } else {
            "while no line was waiting"
        };
        Fault::new("cancelled_call_kept_running")
            .happened(format!("{when}, the caller dropped the function, and another append began all the same"))
            .expected("the job that runs goes on to its end, and no other one starts")
            .next("receive in the function itself: a task or a job that owns the receiver goes on without its caller. (An `AbortOnDropHandle` ends a task with its caller, but nothing ends a job)")
            .drawn(drawing(&disk))
    })
}
