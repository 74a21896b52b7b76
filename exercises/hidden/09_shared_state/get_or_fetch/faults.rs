//! What can be wrong with a cache.

use async_workbook::{
    harness::counted,
    services::upstream::{Page, UpstreamError},
    verdict::Fault,
};

use super::callers::Answered;

pub(super) fn check_then_fetch(happened: String) -> Fault {
    Fault::new("check_then_fetch")
        .happened(happened)
        .expected("one of the callers makes the call, and the others wait for its page")
        .next("in the lock under which you see that there's no page, also note who fetches it: put a cell, a lock or a channel into the map that the others wait for")
}

pub(super) fn call_count(made: usize, expected: usize, who: &str) -> Fault {
    if made < expected {
        return crate::faults::call_skipped(format!("{who} made no call"));
    }
    crate::faults::extra_call_made(made, expected, &format!("after {who}"))
}

pub(super) fn page_not_kept(happened: String) -> Fault {
    Fault::new("page_not_kept")
        .happened(happened)
        .expected("a page that has been fetched stays in the cache")
        .next("put the page into the map when its call has succeeded, and leave it there")
}

pub(super) fn waiter_not_woken(happened: String) -> Fault {
    Fault::new("waiter_not_woken")
        .happened(happened)
        .expected("when a call ends, everybody who waits for its path goes on, or one of them makes the next call")
        .next("wake all of them when a call ends, however it ends: `notify_waiters`, not `notify_one`")
}

pub(super) fn claim_left_behind(happened: String) -> Fault {
    Fault::new("claim_left_behind")
        .happened(happened)
        .expected("when the caller that makes the call fails or is dropped, another one takes over")
        .next("let a guard's `Drop` take the mark away and wake the others: code after an `.await` doesn't run if the future is dropped there. `OnceCell::get_or_try_init` does all of this")
}

pub(super) fn notification_missed(happened: String) -> Fault {
    Fault::new("notification_missed")
        .happened(happened)
        .expected("a caller sees either that the call is in flight, or that it has ended, wherever another task gets its turn")
        .next("make the `notified()` future before you look whether you have to wait, with no `.await` between the two: `notify_waiters` wakes only those that exist already")
}

pub(super) fn error_kept(happened: String) -> Fault {
    Fault::new("error_kept")
        .happened(happened)
        .expected("the cache keeps pages only: after an error, the next caller makes a call")
        .next("keep only an `Ok`: `get_or_try_init` instead of `get_or_init` with a `Result` in it")
}

pub(super) fn error_shared(happened: String) -> Fault {
    Fault::new("error_shared_with_waiters")
        .happened(happened)
        .expected("only the caller whose call failed gets its error, and one of those that wait makes the next call")
        .next("when a call fails, wake those that wait without a result, and let them begin again from the top")
}

pub(super) fn unrequested_retry(made: usize, expected: usize) -> Fault {
    Fault::new("unrequested_retry")
        .happened(format!(
            "there were {} for {}",
            counted(made, "call"),
            counted(expected, "caller")
        ))
        .expected("a caller whose call fails gets the error, and makes no second call")
        .next("return the error instead of calling again")
}

pub(super) fn error_swallowed(status: u16, got: &Answered) -> Fault {
    Fault::new("error_swallowed")
        .happened(format!(
            "the call failed with {status}, and its caller got {}",
            shown(got)
        ))
        .expected("the caller gets the error of its call, as it is")
        .next("return the error of `get`")
}

pub(super) fn unexpected_error(error: &UpstreamError) -> Fault {
    Fault::new("result_invented")
        .happened(format!(
            "a caller got the error `{error}`, which no call of its own had given"
        ))
        .expected("a caller whose call succeeds, or who waits for such a call, gets the page")
        .next("return what the call for this path returned")
}

pub(super) fn data_altered(path: &str, page: &Page) -> Fault {
    Fault::new("data_altered")
        .happened(format!(
            "`get_or_fetch` for {path} returned the page {} with the text `{}`",
            page.path, page.body
        ))
        .expected("it returns the page of its path, as the upstream has it")
        .next("keep each page under its own path, unchanged")
}

pub(super) fn shown(got: &Answered) -> String {
    match got {
        Ok(page) => format!("a page with the text `{}`", page.body),
        Err(error) => format!("the error `{error}`"),
    }
}
