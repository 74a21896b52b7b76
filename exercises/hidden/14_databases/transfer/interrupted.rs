//! A transfer that is dropped half way, and one that another program comes between.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_workbook::verdict::{Fault, ensure};

use super::{
    books::{Books, books, opened_anew},
    no_transaction_is_open, told,
};
use crate::{
    TransferError, Transferred,
    bank::{ADA, BEN, Bank, Running},
    dropping::{Dropped, Over, polled},
    faults::{Checked, connection_leaked},
};

/// No answer needs more polls than this.
const MANY: usize = 500;

/// A call that is polled so many times, and then dropped.
fn transfer_for(
    bank: &Bank,
    cents: u32,
    polls: usize,
    dropped: Dropped,
) -> Running<Option<Transferred>> {
    let repo = Arc::clone(&bank.repo);
    let cents = cents.try_into().expect("a test transfers something");
    Running::spawn(async move { polled(repo.call_transfer(ADA, BEN, cents), polls, dropped).await })
}

/// Drops transfers after one poll, after two, and so on, until one comes to its end.
pub(super) async fn dropped_at_every_poll(bank: &Bank, dropped: Dropped) -> Checked {
    let mut over = Over::default();
    for polls in 1..MANY {
        let before = opened_anew(bank).await;
        let running = transfer_for(bank, 300, polls, dropped);
        let ended = bank.patiently(|| running.has_ended()).await;
        ensure(ended, || bank.never_ended("`transfer(1, 2, 300)`"))?;
        let outcome = running.output().await;
        let after = format!("after `transfer(1, 2, 300)` had been dropped at its poll {polls}");
        ensure(bank.settles().await, || connection_leaked(&after))?;
        no_transaction_is_open(bank, &after).await?;
        whole(&before, &books(bank).await, &after)?;
        if over.note(outcome.is_some()) {
            break;
        }
        // Whoever comes next finds everything as it should be.
        if polls % 3 == 0 {
            let next = bank.transfer(BEN, ADA, 1);
            let ended = bank.patiently(|| next.has_ended()).await;
            ensure(ended, || connection_leaked(&after))?;
            let next = next.caught().await;
            ensure(bank.settles().await, || {
                connection_leaked("after the next transfer")
            })?;
            ensure(matches!(next, Ok(Ok(()))), || {
                failed_beside_others(&format!("{after}, the next transfer {}", told(&next)))
            })?;
        }
    }
    Ok(())
}

/// All of the transfer is stored, or nothing.
fn whole(before: &Books, now: &Books, after: &str) -> Checked {
    let made = before.after(ADA, BEN, 300);
    ensure(*now == *before || *now == made, || {
        let payments = match now.payments.len() {
            0 => "no payment",
            _ => "a payment",
        };
        Fault::new("transaction_split")
            .happened(format!(
                "the accounts had {}; {after}, they had {}, and there was {payments}",
                before.balances(),
                now.balances()
            ))
            .expected("all of a transfer is stored, or nothing, wherever it's dropped")
            .next("in `transfer`, run all statements in one transaction: on `&mut *transaction`, between `begin` and `commit`")
    })
}

/// What another program does.
#[derive(Clone, Copy)]
pub(super) struct Change {
    pub(super) sql: &'static str,
    /// What Ada and Ben have more.
    pub(super) cents: [i64; 2],
    pub(super) what: &'static str,
}

/// After each number of polls, another program writes, if it can.
pub(super) async fn another_program_writes(bank: &Bank, change: Change) -> Checked {
    let Change { sql, cents, what } = change;
    let mut over = Over::default();
    for polls in 0..MANY {
        opened_anew(bank).await;
        let (stepped, go_on) = (Stepped::default(), Stepped::default());
        let running = transfer_in_two(bank, 300, polls, &stepped, &go_on);
        let reached = bank
            .patiently(|| stepped.is_set() || running.has_ended())
            .await;
        ensure(reached, || bank.never_ended("`transfer(1, 2, 300)`"))?;
        let over = over.note(running.has_ended());
        let written = bank.other_program_unless_locked(sql).await == Some(1);
        go_on.set();
        let ended = bank.ends(|| running.has_ended()).await;
        ensure(ended, || bank.never_ended("`transfer(1, 2, 300)`"))?;
        let outcome = running.caught().await;
        let happened = format!(
            "another program {what} while the transfer of 300 was under way, and `transfer` {}",
            told(&outcome)
        );
        bank.connections_are_fine("after `transfer(1, 2, 300)`")
            .await?;
        let (ada, ben) = {
            let books = books(bank).await;
            (books.cents(ADA), books.cents(BEN))
        };
        let change = if written { cents } else { [0, 0] };
        judge(&outcome, happened, [ada, ben], change)?;
        if over {
            break;
        }
    }
    Ok(())
}

fn judge(
    outcome: &Result<Transferred, String>,
    happened: String,
    [ada, ben]: [i64; 2],
    change: [i64; 2],
) -> Checked {
    ensure(ada >= 0, || {
        Fault::new("account_overdrawn")
            .happened(format!("{happened}: Ada has {ada} cents"))
            .expected("no account has less than nothing, whatever else changes accounts at the same time")
            .next("in `transfer`, check the balance in the statement that takes the money, `… AND cents >= ?`, and not in a query before it")
    })?;
    let moved = match outcome {
        Ok(Ok(())) => 300,
        Ok(Err(TransferError::InsufficientFunds)) if change[0] < 0 => 0,
        _ => return Err(failed_beside_others(&happened)),
    };
    let due = [1000 + change[0] - moved, 500 + change[1] + moved];
    ensure([ada, ben] == due, || {
        Fault::new("update_lost")
            .happened(format!("{happened}. Ada had 1000 cents and Ben 500, and now they have {ada} and {ben}"))
            .expected(format!("Ada has {}, and Ben {}", due[0], due[1]))
            .next("in `transfer`, let the database compute the new balance, `SET cents = cents - ?`, instead of writing a number that you read before")
    })
}

/// After each poll, another program writes, over and over, but no account that the transfer is about.
pub(super) async fn another_program_keeps_writing(bank: &Bank) -> Checked {
    /// More than anybody expects who tries again a few times.
    const WRITES: usize = 30;
    opened_anew(bank).await;
    let mut other = bank.hasty_connection().await;
    let repo = Arc::clone(&bank.repo);
    let at_work = Stepped::default();
    let its_work = at_work.clone();
    let running = Running::spawn(async move {
        let cents = 300.try_into().expect("it's more than zero");
        let mut transfer = repo.call_transfer(ADA, BEN, cents);
        let mut writes = 0;
        while writes < WRITES {
            if let Some(outcome) = polled(&mut transfer, 1, Dropped::Woken).await {
                return (outcome, writes);
            }
            its_work.set();
            let written = sqlx::query("UPDATE accounts SET name = name || '.' WHERE id = 3")
                .execute(&mut other)
                .await;
            its_work.clear();
            writes += usize::from(written.is_ok());
        }
        (transfer.await, writes)
    });
    let ended = bank.ends_beside(|| at_work.is_set(), || running.has_ended());
    ensure(ended.await, || bank.never_ended("`transfer(1, 2, 300)`"))?;
    let (outcome, writes) = running.output().await;
    let outcome = Ok(outcome);
    ensure(matches!(outcome, Ok(Ok(()))), || {
        failed_beside_others(&format!(
            "another program wrote {writes} times while the transfer of 300 was under way, and `transfer` {}",
            told(&outcome)
        ))
    })?;
    bank.connections_are_fine("after `transfer(1, 2, 300)`")
        .await
}

pub(super) fn failed_beside_others(happened: &str) -> Fault {
    Fault::new("read_upgraded_to_write")
        .happened(happened)
        .expected("the transfer is made: it doesn't fail because somebody else writes")
        .next("in `transfer`, write before you read: begin the transaction with an `UPDATE`, or with `begin_with(\"BEGIN IMMEDIATE\")`; a transaction that has read can't write any more once somebody else has")
}

/// A call that stops after so many polls, until it may go on.
fn transfer_in_two(
    bank: &Bank,
    cents: u32,
    polls: usize,
    stepped: &Stepped,
    go_on: &Stepped,
) -> Running<Transferred> {
    let repo = Arc::clone(&bank.repo);
    let cents = cents.try_into().expect("a test transfers something");
    let (stepped, go_on) = (stepped.clone(), go_on.clone());
    Running::spawn(async move {
        let mut transfer = repo.call_transfer(ADA, BEN, cents);
        if let Some(outcome) = polled(&mut transfer, polls, Dropped::Woken).await {
            return outcome;
        }
        stepped.set();
        while !go_on.is_set() {
            tokio::task::yield_now().await;
        }
        transfer.await
    })
}

/// A step that has been taken.
#[derive(Clone, Debug, Default)]
struct Stepped(Arc<AtomicBool>);

impl Stepped {
    fn set(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn clear(&self) {
        self.0.store(false, Ordering::SeqCst);
    }

    fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
