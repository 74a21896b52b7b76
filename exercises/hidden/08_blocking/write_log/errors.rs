//! What the answer does when an append fails or panics.

use std::io::ErrorKind;

use async_workbook::{
    probes::rest::{MINUTE, rest},
    services::log_file::Disk,
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};
use tokio::sync::mpsc;

use super::call::{Call, Step, drawing, said, send};
use crate::Answer;

/// How a failing append is to be met.
const EXPECTED: &str =
    "the function returns the error of `append` at once, and appends nothing after it";

pub(super) fn an_error_ends_it(answer: &Answer) {
    examine(async |_: &Recorder| {
        for waiting in [&["second", "third"][..], &[]] {
            for kind in [ErrorKind::StorageFull, ErrorKind::PermissionDenied] {
                fails(answer, kind, waiting).await?;
            }
        }
        Ok(())
    });
}

/// The first append fails, while a sender is alive and these lines are waiting.
async fn fails(answer: &Answer, kind: ErrorKind, waiting: &[&str]) -> Result<(), Fault> {
    let disk = Disk::new().slow().fails_at(1, kind);
    let log_file = disk.log_file();
    let (sender, receiver) = mpsc::channel(8);
    send(&sender, ["first"]);
    let mut call = Call::new(answer, &disk, &log_file, receiver);
    call.next().await?;
    send(&sender, waiting.iter().copied());
    call.still_running(1).await?;
    disk.end(1);
    let step = call.sooner_or_later().await?;
    let went_on = matches!(step, Step::Began);
    if went_on && disk.appends()[1].lines == ["first"] {
        return Err(Fault::new("unrequested_retry")
            .happened("an append failed, and the function appended the same line again")
            .expected(EXPECTED)
            .next("remove the second attempt, and pass the error on with `?`"));
    }
    let at_once = call.outcome.is_some();
    drop(sender);
    disk.end(usize::MAX);
    // Whatever the answer still does, it comes to an end now.
    while call.outcome.is_none() {
        if let Step::Nothing = call.sooner_or_later().await? {
            call.beside(std::future::pending()).await
        }
    }
    rest(MINUTE).await;
    judged(&call, kind)?;
    let appends = disk.appends().len();
    ensure(appends == 1, || {
        Fault::new("continued_after_error")
            .happened("an append failed, and the function wrote the lines that came after it: lines are missing in the middle of the log")
            .expected(EXPECTED)
            .next("leave the loop at the first error: put a `?` after each job, and start none in advance")
            .drawn(drawing(&disk))
    })?;
    ensure(at_once, || {
        Fault::new("needless_wait")
            .happened("an append failed, and the function returned the error only when its senders were gone: until then they send to a log that's dead")
            .expected(EXPECTED)
            .next("look at the job's result as soon as the job has ended, before you receive again")
    })
}

/// The call returned what the disk said.
fn judged(call: &Call<'_>, kind: ErrorKind) -> Result<(), Fault> {
    let outcome = call.outcome.as_ref();
    let happened = format!(
        "`append` failed (`ErrorKind::{kind:?}`), and the function returned {}",
        said(outcome)
    );
    let fault = match outcome {
        Some(Ok(Err(error))) if error.kind() == kind => return Ok(()),
        Some(Ok(Ok(_))) | None => Fault::new("error_swallowed").next(
            "await the handle, which gives a `Result` of a `Result`, and pass both errors on",
        ),
        Some(Ok(Err(error))) if !error.to_string().contains("panicked") => {
            Fault::new("error_detail_lost")
                .next("return the error that `append` gave, and not one that you make of it")
        }
        // A job that panics shows as such an error, if its handle's `Err` is returned.
        Some(_) => Fault::new("error_turned_into_panic")
            .next("replace `unwrap` and `expect` on the result of `append` with `?`"),
    };
    Err(fault.happened(happened).expected(EXPECTED))
}

pub(super) fn a_panic_is_not_lost(answer: &Answer) {
    examine(async |_: &Recorder| {
        for waiting in [&["second", "third"][..], &[]] {
            panics(answer, waiting).await?;
        }
        Ok(())
    });
}

async fn panics(answer: &Answer, waiting: &[&str]) -> Result<(), Fault> {
    let disk = Disk::new().slow().panics_at(1);
    let log_file = disk.log_file();
    let (sender, receiver) = mpsc::channel(8);
    send(&sender, ["first"]);
    let mut call = Call::new(answer, &disk, &log_file, receiver);
    call.next().await?;
    send(&sender, waiting.iter().copied());
    call.still_running(1).await?;
    disk.end(1);
    call.sooner_or_later().await?;
    let at_once = call.outcome.is_some();
    drop(sender);
    disk.end(usize::MAX);
    while call.outcome.is_none() {
        if let Step::Nothing = call.sooner_or_later().await? {
            call.beside(std::future::pending()).await
        }
    }
    rest(MINUTE).await;
    let swallowed = matches!(call.outcome, Some(Ok(Ok(_)))) || disk.appends().len() > 1;
    ensure(at_once && !swallowed, || {
        Fault::new("panic_swallowed")
            .happened(format!(
                "`append` panicked, and the function went on as if nothing had happened; in the end it returned {}",
                said(call.outcome.as_ref())
            ))
            .expected("the function panics too, or returns an error, at once: the lines of that job are lost")
            .next("call `expect` on what the job's handle gives, or put a `?` after it: its `Err` is the panic")
    })
}
