//! One call of `cached`, and what came of it.

use std::time::Duration;

use async_workbook::{
    harness::ms,
    verdict::{Fault, ensure},
};
use tokio::time::{Instant, advance};

use super::never_returned;
use crate::{
    Cached,
    bank::{Bank, Running},
    faults::{Checked, connection_leaked, panicked},
};

/// What the store has for a call.
pub(super) const PATIENCE: Duration = Duration::from_millis(50);

/// The clock is moved by this much at a time.
const STEP: Duration = ms(5);

pub(super) struct Asked {
    /// What it returned, or the message of its panic.
    pub(super) outcome: Result<Cached, String>,
    pub(super) ended: bool,
    pub(super) took: Duration,
    /// How long it was seen to wait for one call to the store.
    pub(super) longest_call: Duration,
    /// How many statements SQLite ran meanwhile.
    pub(super) statements: usize,
}

impl Asked {
    pub(super) fn told(&self) -> String {
        match &self.outcome {
            Ok(Ok(name)) => format!("returned {name:?}"),
            Ok(Err(error)) => format!("returned an error: {error}"),
            Err(message) => format!("panicked: {message}"),
        }
    }
}

pub(super) fn key(id: i64) -> String {
    format!("account:{id}")
}

pub(super) async fn ask(bank: &Bank, id: i64) -> Result<Asked, Fault> {
    bank.database.forget_statements();
    let running = bank.cached(id);
    asked(bank, id, running).await
}

/// Waits for a call. The clock moves while nothing else is left to wait for, and no further than a second.
pub(super) async fn asked(bank: &Bank, id: i64, running: Running<Cached>) -> Result<Asked, Fault> {
    let mut asked = asked_beside_others(bank, id, running).await?;
    let in_flight = bank.store.in_flight();
    ensure(in_flight == 0 || !asked.ended, || {
        Fault::new("task_left_running")
            .happened(format!(
                "`cached({id})` had returned, and a call of it to the store was still under way"
            ))
            .expected("nothing goes on once it has returned: who would see it fail?")
            .next("in `cached`, await the call to the store instead of spawning it")
    })?;
    let after = format!("after `cached({id})`");
    ensure(bank.settles().await, || connection_leaked(&after))?;
    // SQLite's thread notes a statement a moment after its last row has arrived.
    asked.statements = bank.statements().len();
    Ok(asked)
}

/// The same, while others may be using the store and the connections.
pub(super) async fn asked_beside_others(
    bank: &Bank,
    id: i64,
    running: Running<Cached>,
) -> Result<Asked, Fault> {
    let start = Instant::now();
    let mut longest_call = Duration::ZERO;
    let (mut calls, mut since) = (0, start);
    while !ended_or_rests(bank, &running).await? {
        let sent = bank.store.calls().len();
        if sent != calls || bank.store.in_flight() == 0 {
            (calls, since) = (sent, Instant::now());
        }
        longest_call = longest_call.max(since.elapsed());
        if start.elapsed() >= ms(1000) {
            return Ok(Asked {
                outcome: Err("it hadn't ended".into()),
                ended: false,
                took: start.elapsed(),
                longest_call,
                statements: bank.statements().len(),
            });
        }
        // Neither the store nor the database is asked for anything: nothing will happen any more.
        ensure(
            bank.store.in_flight() > 0 || start.elapsed() < ms(200),
            || never_returned(bank, id),
        )?;
        advance(STEP).await;
    }
    let took = start.elapsed();
    Ok(Asked {
        outcome: running.caught().await,
        ended: true,
        took,
        longest_call,
        statements: bank.statements().len(),
    })
}

/// Gives way until the call has ended, or all that is left to wait for is the clock. Returns whether it has ended.
async fn ended_or_rests<T: Send + 'static>(
    bank: &Bank,
    running: &Running<T>,
) -> Result<bool, Fault> {
    rests(bank, || running.has_ended()).await?;
    Ok(running.has_ended())
}

/// Gives way until this holds, or all that is left to wait for is the clock.
pub(super) async fn rests(bank: &Bank, ended: impl Fn() -> bool) -> Checked {
    for _ in 0..2 {
        bank.tasks_take_turns().await;
        // While a connection is in use, SQLite may be at work.
        let at_rest = bank
            .patiently(|| ended() || bank.all_connections_are_back())
            .await;
        ensure(at_rest || bank.store.in_flight() == 0, || {
            Fault::new("connection_held_while_waiting")
                .happened("while a call of `cached` waited for the store, it held a connection of the pool, and the database had nothing to do")
                .expected("the connection is back in the pool before the store is asked, so that others can use it")
                .next("in `cached`, query on `&self.pool`, or drop the connection before you ask the store: who needs it meanwhile?")
        })?;
    }
    Ok(())
}

/// What a call returned is the name of the account.
pub(super) fn is_named(asked: &Asked, id: i64, name: Option<&str>) -> Checked {
    match &asked.outcome {
        Ok(Ok(found)) => ensure(found.as_deref() == name, || {
            let fault = match (found, name) {
                (None, Some(_)) => Fault::new("results_missing"),
                (Some(_), None) => Fault::new("result_invented"),
                _ => Fault::new("data_altered"),
            };
            fault
                .happened(format!("`cached({id})` returned {found:?}"))
                .expected(format!("it returns {name:?}"))
                .next("in `cached`, return the name as the store or the database has it")
        }),
        Ok(Err(sqlx::Error::RowNotFound)) if name.is_none() => {
            Err(Fault::new("wrong_error_returned")
                .happened(format!(
                    "there's no account {id}, and `cached({id})` returned the error `RowNotFound`"
                ))
                .expected("what doesn't exist is no error: it returns `None`")
                .next("in `cached`, query with `fetch_optional`, which returns an `Option`"))
        }
        Ok(Err(error)) => Err(Fault::new("query_refused")
            .happened(format!(
                "`cached({id})` returned an error of the database: {error}"
            ))
            .expected(format!("it returns {name:?}"))
            .next("in `cached`, compare your SQL with the tables at the top of the file")),
        Err(message) if !asked.ended => Err(Fault::new("timeout_missing")
            .happened(format!(
                "after a second, `cached({id})` still waited: {message}"
            ))
            .expected(format!("it returns {name:?}"))
            .next("in `cached`, put a `timeout` around each call to the store")),
        Err(message) => Err(panicked(&format!("the account was {id}"), message)),
    }
}
