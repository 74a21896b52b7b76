//! Faults that more than one of the methods can have.

use async_workbook::{harness::counted, verdict::Fault};

/// What a test finds.
pub(crate) type Checked = Result<(), Fault>;

pub(crate) fn connection_leaked(after: &str) -> Fault {
    Fault::new("connection_leaked")
        .happened(format!(
            "{after}, a connection never came back to the pool, although nobody was using it any more"
        ))
        .expected("a call gives each connection back, however it ends, or the pool runs empty")
        .next("let the connection, the transaction or the stream of rows go out of scope: remove `leak`, `detach`, `forget`, or the field or task that keeps it")
}

/// The learner's code opened more connections than the pool may have.
pub(crate) fn connections_opened(opened: usize, allowed: u32) -> Fault {
    Fault::new("connection_limit_exceeded")
        .happened(format!(
            "the methods opened {} to the database, and the pool may have {allowed}",
            counted(opened, "connection")
        ))
        .expected("every query goes through `self.pool`, which opens no more connections than it's allowed to")
        .next("use `self.pool`, or a connection or transaction that came from it, and open no other")
}

pub(crate) const DEADLOCK: &str = "deadlocked_with_itself";

/// With a pool of one connection, a call never ended.
pub(crate) fn never_ended(call: &str, connection_in_use: bool) -> Fault {
    if !connection_in_use {
        return Fault::new("deadlocked_with_itself")
            .happened(format!("{call} never ended, and no connection was in use"))
            .expected("it returns as soon as it has its result")
            .next("look for a lock that it already holds, or a message that nobody sends");
    }
    Fault::new("connection_awaited_while_holding_one")
        .happened(format!(
            "{call} never ended: it held the pool's only connection, and waited for another one"
        ))
        .expected("a call needs one connection at a time, so it works with a pool of one")
        .next("pass the connection or the transaction that you hold to each query, `&mut *transaction`, instead of `&self.pool`; if you read a stream of rows, collect them before you ask for more")
}

/// Something was awaited by asking again and again.
pub(crate) fn busy_wait(method: &str) -> Fault {
    Fault::new("busy_wait")
        .happened(format!(
            "`{method}` had to wait, and kept the thread busy: it was polled again and again while nothing happened"
        ))
        .expected("whoever waits rests until it's woken")
        .next(format!(
            "in `{method}`, await what you wait for, such as `acquire` or `lock`, instead of trying in a loop"
        ))
}

/// A connection would have been free in a moment.
pub(crate) fn not_waited_for(call: &str, method: &str) -> Fault {
    Fault::new("given_up_too_early")
        .happened(format!(
            "{call} returned `PoolTimedOut` at once, because no connection was open and free"
        ))
        .expected("it waits for a connection, or until the pool has opened one")
        .next(format!(
            "in `{method}`, use `acquire`, `begin` or `&self.pool`, instead of `try_acquire` or `try_begin`"
        ))
}

/// Nothing was free for ten seconds.
pub(crate) fn given_up(told: &str, method: &str) -> Fault {
    Fault::new("given_up_too_early")
        .happened(format!("no connection was free for 10 s, and {told}"))
        .expected("it waits for a connection for as long as the pool does, here 30 s")
        .next(format!(
            "in `{method}`, remove the time limit around the database, and wait with `acquire`, `begin` or a query on `&self.pool`: the pool has a limit, `acquire_timeout`"
        ))
}

pub(crate) fn panicked(what: &str, message: &str) -> Fault {
    Fault::new("error_turned_into_panic")
        .happened(format!("{what}, and the method panicked: {message}"))
        .expected("the error is returned, for the caller to handle")
        .next("pass the error on with `?` or `map_err` instead of `unwrap` or `expect`")
}

pub(crate) fn error_swallowed(happened: impl Into<String>, next: &str) -> Fault {
    Fault::new("error_swallowed")
        .happened(happened)
        .expected("an error of the database is returned to the caller")
        .next(next)
}
