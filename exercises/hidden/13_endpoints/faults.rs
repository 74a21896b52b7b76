//! Faults that several tasks can have, and how verdicts show what came.

use async_workbook::{
    clock::Readable,
    harness::ms,
    verdict::{Fault, ensure},
};
use tokio::{runtime::Handle, time::sleep};

use crate::ApiError;

/// What a test finds.
pub(crate) type Checked = Result<(), Fault>;

/// Milliseconds as they are shown: `0.5 s`.
pub(crate) fn shown(millis: u64) -> Readable {
    Readable(ms(millis))
}

/// The name of an error's variant: `ApiError::NotFound`.
pub(crate) fn variant(error: &ApiError) -> &'static str {
    match error {
        ApiError::Unauthorized => "`ApiError::Unauthorized`",
        ApiError::NotFound => "`ApiError::NotFound`",
        ApiError::Conflict => "`ApiError::Conflict`",
        ApiError::Invalid(_) => "`ApiError::Invalid`",
        ApiError::Internal(_) => "`ApiError::Internal`",
        ApiError::Upstream(_) => "`ApiError::Upstream`",
        ApiError::Timeout => "`ApiError::Timeout`",
    }
}

pub(crate) fn goes_on(happened: String) -> Fault {
    Fault::new("task_left_running")
        .happened(happened)
        .expected("the function leaves no call and no task running when it returns or is dropped")
        .next("await the calls themselves: a spawned task goes on when you drop its handle")
}

/// Long after everything has ended, no task is left.
pub(crate) async fn no_task_is_left(what: &str) -> Checked {
    sleep(ms(60_000)).await;
    let tasks = Handle::current().metrics().num_alive_tasks();
    ensure(tasks == 0, || {
        goes_on(format!(
            "{what} had ended a minute ago, and a task that it had spawned was still running"
        ))
    })
}
