//! The hidden tests of `transfer`.

mod books;
mod interrupted;

use async_workbook::{
    harness::{Task, counted, ms, task},
    verdict::{Fault, ensure},
};
use books::{Books, books};
use interrupted::{
    Change, another_program_keeps_writing, another_program_writes, dropped_at_every_poll,
};
use tokio::time::advance;

use crate::{
    Answer, TransferError, Transferred,
    bank::{ADA, BEN, Bank, CLEO, NOBODY, in_a_bank},
    dropping::Dropped,
    faults::{Checked, connections_opened, error_swallowed, given_up, not_waited_for, panicked},
};

pub(crate) const TASK: Task<Answer> = task!(
    transfer: money_moves_and_is_recorded,
    refusals_change_nothing,
    it_returns_once_it_is_stored,
    failures_change_nothing,
    nothing_is_torn_by_a_drop,
    nothing_is_torn_by_a_late_drop,
    others_may_pay_the_payer,
    others_may_take_money,
    others_may_pay_the_payee,
    others_may_keep_writing,
    many_transfers_keep_the_sum,
    an_account_may_pay_itself,
);

/// Calls `transfer`, which ends, and gives its connections back without a transaction.
async fn transferred(
    bank: &Bank,
    from: i64,
    to: i64,
    cents: u32,
) -> Result<Result<Transferred, String>, Fault> {
    let call = format!("`transfer({from}, {to}, {cents})`");
    let running = bank.transfer(from, to, cents);
    let ended = bank.one_call_ends(|| running.has_ended()).await;
    ensure(ended, || bank.never_ended(&call))?;
    let outcome = running.caught().await;
    let after = format!("after {call}");
    bank.connections_are_fine(&after).await?;
    no_transaction_is_open(bank, &after).await?;
    Ok(outcome)
}

/// Somebody else can write.
async fn no_transaction_is_open(bank: &Bank, after: &str) -> Checked {
    let free = bank
        .other_program_unless_locked("BEGIN IMMEDIATE; ROLLBACK")
        .await;
    ensure(free.is_some(), || {
        Fault::new("open_transaction_left")
            .happened(format!(
                "{after}, its connection was back in the pool with a transaction still open: nobody else could write, and the next query on that connection would have been part of it"
            ))
            .expected("a transaction that isn't committed is rolled back, however the call ends")
            .next("in `transfer`, begin with `self.pool.begin()`, and not with a `BEGIN` of your own: a `Transaction` rolls back when it's dropped")
    })
}

fn told(outcome: &Result<Transferred, String>) -> String {
    match outcome {
        Ok(Ok(())) => "returned `Ok`".into(),
        Ok(Err(TransferError::UnknownAccount)) => "returned `UnknownAccount`".into(),
        Ok(Err(TransferError::InsufficientFunds)) => "returned `InsufficientFunds`".into(),
        Ok(Err(TransferError::Database(error))) => {
            format!("returned an error of the database: {error}")
        }
        Err(message) => format!("panicked: {message}"),
    }
}

fn money_moves_and_is_recorded(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| {
        // Neither an `i32` nor an `f32` has the last of these.
        const MUCH: u32 = 3_000_000_001;
        for (from, to, cents) in [
            (ADA, BEN, 300),
            (BEN, CLEO, 700),
            (CLEO, ADA, 1),
            (CLEO, BEN, MUCH),
        ] {
            if cents == MUCH {
                bank.other_program("UPDATE accounts SET cents = 4000000000 WHERE id = 3")
                    .await;
            }
            let before = books(bank).await;
            let outcome = transferred(bank, from, to, cents).await?;
            let after = books(bank).await;
            let call = format!("`transfer({from}, {to}, {cents})`");
            let due = before.after(from, to, cents.into());
            let expected = format!("it returns `Ok`, and the accounts have {}", due.balances());
            match outcome {
                Ok(Ok(())) => {}
                Ok(Err(TransferError::Database(sqlx::Error::PoolTimedOut))) => {
                    return Err(not_waited_for(&call, "transfer"));
                }
                Ok(Err(TransferError::Database(error))) => {
                    return Err(Fault::new("query_refused")
                        .happened(format!("{call} returned an error of the database: {error}"))
                        .expected(expected)
                        .next("in `transfer`, compare your SQL with the tables at the top of the file"));
                }
                outcome => {
                    return Err(Fault::new("wrong_error_returned")
                        .happened(format!("the accounts had {}, and {call} {}", before.balances(), told(&outcome)))
                        .expected(expected)
                        .next("in `transfer`, refuse a payer who has less than `cents`, and nobody else"));
                }
            }
            if after == before {
                return Err(Fault::new("commit_forgotten")
                    .happened(format!("{call} returned `Ok`, and nothing was stored"))
                    .expected(expected)
                    .next("in `transfer`, await `transaction.commit()` before you return: a transaction that is dropped rolls back"));
            }
            ensure(after.accounts == due.accounts, || {
                Fault::new("data_altered")
                    .happened(format!(
                        "the accounts had {}. {call} returned `Ok`, and they had {}",
                        before.balances(),
                        after.balances()
                    ))
                    .expected(expected)
                    .next(if cents == MUCH {
                        "in `transfer`, turn `cents` into an `i64` with `i64::from`: `as i32` and `as f32` change large amounts"
                    } else {
                        "in `transfer`, take `cents` from `from`, and add `cents` to `to`"
                    })
            })?;
            ensure(after.payments.len() == due.payments.len(), || {
                Fault::new(if after.payments.len() < due.payments.len() {
                    "row_never_written"
                } else {
                    "row_written_twice"
                })
                .happened(format!(
                    "after {call}, the table of payments had {} new rows",
                    after.payments.len() - before.payments.len()
                ))
                .expected("it has one new row")
                .next("in `transfer`, insert one payment, in the same transaction")
            })?;
            ensure(after.payments == due.payments, || {
                Fault::new("data_altered")
                    .happened(format!(
                        "{call} inserted the payment {:?}",
                        after.payments.last()
                    ))
                    .expected(format!(
                        "payer, payee and cents are {:?}",
                        due.payments.last()
                    ))
                    .next("in `transfer`, bind the values in the order of the columns")
            })?;
        }
        Ok(())
    });
}

fn an_account_may_pay_itself(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| {
        for (cents, refused) in [(300, false), (1000, false), (1001, true)] {
            let before = books(bank).await;
            let outcome = transferred(bank, ADA, ADA, cents).await?;
            let after = books(bank).await;
            let (right, due, expected) = if refused {
                let right = matches!(outcome, Ok(Err(TransferError::InsufficientFunds)));
                (right, before.clone(), "it returns `InsufficientFunds`")
            } else {
                let due = before.after(ADA, ADA, cents.into());
                let right = matches!(outcome, Ok(Ok(())));
                (right, due, "it returns `Ok`, and inserts a payment")
            };
            ensure(right && after == due, || {
                let payments = after.payments.len().saturating_sub(before.payments.len());
                Fault::new("one_account_taken_for_two")
                    .happened(format!(
                        "the accounts had {}. `transfer(1, 1, {cents})` {}, and inserted {}. The accounts had {}",
                        before.balances(),
                        told(&outcome),
                        counted(payments, "payment"),
                        after.balances()
                    ))
                    .expected(format!(
                        "an account that pays itself has as much as before: {expected}"
                    ))
                    .next("in `transfer`, change each balance by `cents`, with a statement of its own, instead of writing a number that you read before; and if you count accounts, one is enough here")
            })?;
        }
        Ok(())
    });
}

/// What a transfer should return that can't be made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Refusal {
    UnknownAccount,
    InsufficientFunds,
}

fn refusals_change_nothing(answer: &Answer) {
    use Refusal::{InsufficientFunds, UnknownAccount};
    in_a_bank(answer, 1, async |bank| {
        for (from, to, cents, refusal) in [
            (ADA, NOBODY, 300, UnknownAccount),
            (NOBODY, BEN, 300, UnknownAccount),
            (ADA, BEN, 1001, InsufficientFunds),
            (CLEO, BEN, 1, InsufficientFunds),
            (ADA, NOBODY, 5000, UnknownAccount),
            (NOBODY, BEN, 5000, UnknownAccount),
            (ADA, BEN, u32::MAX, InsufficientFunds),
        ] {
            let before = books(bank).await;
            let outcome = transferred(bank, from, to, cents).await?;
            let after = books(bank).await;
            refused(&before, (from, to, cents), refusal, &outcome, &after)?;
        }
        // All that there is can be moved.
        let outcome = transferred(bank, ADA, BEN, 1000).await?;
        ensure(matches!(outcome, Ok(Ok(()))), || {
            Fault::new("limit_off_by_one")
                .happened(format!(
                    "Ada had 1000 cents, and `transfer(1, 2, 1000)` {}",
                    told(&outcome)
                ))
                .expected("a payer can spend all that they have")
                .next("in `transfer`, compare with `>=`, not with `>`")
        })
    });
}

fn refused(
    before: &Books,
    (from, to, cents): (i64, i64, u32),
    refusal: Refusal,
    outcome: &Result<Transferred, String>,
    after: &Books,
) -> Checked {
    let happened = format!(
        "the accounts had {}. `transfer({from}, {to}, {cents})` {}, and they had {}",
        before.balances(),
        told(outcome),
        after.balances()
    );
    let expected = format!("it returns `{refusal:?}`, and changes nothing");
    ensure(after.accounts.iter().all(|(_, cents)| *cents >= 0), || {
        Fault::new("account_overdrawn")
            .happened(&happened)
            .expected(&expected)
            .next("in `transfer`, make the condition part of the statement that takes the money, `… WHERE id = ? AND cents >= ?`, and look at `rows_affected`")
    })?;
    if let Err(message) = outcome {
        return Err(panicked(
            &format!("`transfer({from}, {to}, {cents})` can't be made"),
            message,
        ));
    }
    ensure(cents < u32::MAX || !matches!(outcome, Ok(Ok(()))), || {
        Fault::new("data_altered")
            .happened(&happened)
            .expected(&expected)
            .next(
                "in `transfer`, turn `cents` into an `i64` with `i64::from`: `as i32` cuts it off",
            )
    })?;
    let payer = |books: &Books| books.accounts.iter().find(|(id, _)| *id == from).copied();
    let paid = refusal == Refusal::InsufficientFunds && payer(before) != payer(after);
    ensure(!paid || !matches!(outcome, Ok(Ok(()))), || {
        Fault::new("account_overdrawn")
            .happened(&happened)
            .expected(&expected)
            .next("in `transfer`, refuse a payer who has less than `cents`, instead of taking what there is")
    })?;
    ensure(!matches!(outcome, Ok(Ok(()))), || {
        Fault::new("rows_affected_ignored")
            .happened(&happened)
            .expected(&expected)
            .next("in `transfer`, look at `rows_affected` after each `UPDATE`: one that finds no row to change is no error")
    })?;
    ensure(after == before, || {
        Fault::new("transaction_split")
            .happened(&happened)
            .expected(&expected)
            .next("in `transfer`, run all statements in one transaction, and return without a commit if one of them finds no row")
    })?;
    let right = match outcome {
        Ok(Err(TransferError::UnknownAccount)) => refusal == Refusal::UnknownAccount,
        Ok(Err(TransferError::InsufficientFunds)) => refusal == Refusal::InsufficientFunds,
        _ => false,
    };
    ensure(right, || {
        Fault::new("wrong_error_returned")
            .happened(happened)
            .expected(expected)
            .next("in `transfer`, find out whether both accounts exist before you return `InsufficientFunds`")
    })
}

fn failures_change_nothing(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| {
        bank.other_program(
            "CREATE TRIGGER full BEFORE INSERT ON payments BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
        )
        .await;
        failed(
            bank,
            "the payment couldn't be inserted",
            "pass on the error of the `INSERT` with `?`",
        )
        .await?;
        bank.other_program("DROP TRIGGER full").await;
        // The learner's first statement has no table.
        bank.other_program("ALTER TABLE accounts RENAME TO away")
            .await;
        let outcome = transferred(bank, ADA, BEN, 300).await?;
        bank.other_program("ALTER TABLE away RENAME TO accounts")
            .await;
        is_an_error(
            outcome,
            "the table of accounts was gone",
            "pass on the error of each statement with `?`",
        )?;
        bank.commits.refuse();
        failed(
            bank,
            "the commit failed",
            "pass on the error of the commit: `transaction.commit().await?`",
        )
        .await
    });
}

async fn failed(bank: &Bank, why: &str, next: &str) -> Checked {
    let before = books(bank).await;
    let outcome = transferred(bank, ADA, BEN, 300).await?;
    let after = books(bank).await;
    let told = told(&outcome);
    is_an_error(outcome, why, next)?;
    ensure(after == before, || {
        Fault::new("transaction_split")
            .happened(format!(
                "the accounts had {}; {why}, `transfer(1, 2, 300)` {told}, and they had {}",
                before.balances(),
                after.balances()
            ))
            .expected("a transfer that fails changes nothing")
            .next("in `transfer`, run all statements in one transaction: on `&mut *transaction`, between `begin` and `commit`")
    })
}

fn is_an_error(outcome: Result<Transferred, String>, why: &str, next: &str) -> Checked {
    match outcome {
        Ok(Err(TransferError::Database(sqlx::Error::Database(_)))) => Ok(()),
        Ok(Ok(())) => Err(error_swallowed(
            format!("{why}, and `transfer` returned `Ok`"),
            &format!("in `transfer`, {next}"),
        )),
        Err(message) => Err(panicked(why, &message)),
        outcome => Err(Fault::new("wrong_error_returned")
            .happened(format!("{why}, and `transfer` {}", told(&outcome)))
            .expected("the error of the database is returned as it is, as `Database`")
            .next(format!("in `transfer`, {next}"))),
    }
}

fn it_returns_once_it_is_stored(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| {
        let held = bank.commits.hold();
        let running = bank.transfer(ADA, BEN, 300);
        let commits = || bank.commits.begun() > 0 || running.has_ended();
        bank.patiently(commits).await;
        bank.hold.turns(6).await;
        // Nothing but a time limit of its own could end it meanwhile.
        advance(ms(3_600_000)).await;
        bank.hold.turns(10).await;
        let early = running.has_ended();
        drop(held);
        let ended = bank.patiently(|| running.has_ended()).await;
        ensure(ended, || bank.never_ended("`transfer(1, 2, 300)`"))?;
        let outcome = running.caught().await;
        if !matches!(outcome, Ok(Ok(()))) {
            return Err(Fault::new("given_up_too_early")
                .happened(format!("the commit took an hour, and `transfer(1, 2, 300)` {}", told(&outcome)))
                .expected("it waits for the commit, and returns `Ok`")
                .next("in `transfer`, remove the time limit: after it, nobody knows whether the money has moved"));
        }
        ensure(!early, || {
            Fault::new("returned_before_work_finished")
                .happened("the commit was still under way, and `transfer` had returned `Ok`")
                .expected("it returns once all of it is stored")
                .next(
                    "in `transfer`, await the commit, or the task that commits, before you return",
                )
        })?;
        bank.connections_are_fine("after `transfer(1, 2, 300)`")
            .await
    });
}

fn nothing_is_torn_by_a_drop(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| {
        dropped_at_every_poll(bank, Dropped::Waiting).await
    });
}

fn nothing_is_torn_by_a_late_drop(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| {
        dropped_at_every_poll(bank, Dropped::Woken).await
    });
}

fn others_may_pay_the_payer(answer: &Answer) {
    const PAY_ADA: Change = Change {
        sql: "UPDATE accounts SET cents = cents + 5 WHERE id = 1",
        cents: [5, 0],
        what: "paid Ada 5 cents",
    };
    in_a_bank(answer, 1, async |bank| {
        another_program_writes(bank, PAY_ADA).await
    });
}

fn others_may_take_money(answer: &Answer) {
    const CHARGE_ADA: Change = Change {
        sql: "UPDATE accounts SET cents = cents - 900 WHERE id = 1 AND cents >= 900",
        cents: [-900, 0],
        what: "took 900 cents from Ada",
    };
    in_a_bank(answer, 1, async |bank| {
        another_program_writes(bank, CHARGE_ADA).await
    });
}

fn others_may_pay_the_payee(answer: &Answer) {
    const PAY_BEN: Change = Change {
        sql: "UPDATE accounts SET cents = cents + 5 WHERE id = 2",
        cents: [0, 5],
        what: "paid Ben 5 cents",
    };
    in_a_bank(answer, 1, async |bank| {
        another_program_writes(bank, PAY_BEN).await
    });
}

fn others_may_keep_writing(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| {
        another_program_keeps_writing(bank).await
    });
}

fn many_transfers_keep_the_sum(answer: &Answer) {
    for connections in [1, 3] {
        in_a_bank(answer, connections, async |bank| {
            let running: Vec<_> = (0..20)
                .map(|n| {
                    let (from, to) = if n % 4 == 3 { (BEN, ADA) } else { (ADA, BEN) };
                    bank.transfer(from, to, 100)
                })
                .collect();
            let all_ended = || running.iter().all(crate::bank::Running::has_ended);
            ensure(bank.ends(all_ended).await, || {
                bank.never_ended("one of 20 calls of `transfer`")
            })?;
            let mut made = 0;
            for running in running {
                let outcome = running.caught().await;
                match outcome {
                    Ok(Ok(())) => made += 1,
                    Ok(Err(TransferError::InsufficientFunds)) => {}
                    Ok(Err(TransferError::Database(sqlx::Error::PoolTimedOut))) => {
                        return Err(not_waited_for(
                            "one of 20 transfers at the same time",
                            "transfer",
                        ));
                    }
                    outcome => {
                        return Err(interrupted::failed_beside_others(&format!(
                            "20 transfers ran at the same time, and one of them {}",
                            told(&outcome)
                        )));
                    }
                }
            }
            bank.connections_are_fine("after 20 transfers").await?;
            let after = books(bank).await;
            let sum: i64 = after.accounts.iter().map(|(_, cents)| cents).sum();
            ensure(
                sum == 1500 && after.accounts.iter().all(|(_, cents)| *cents >= 0),
                || {
                    Fault::new("update_lost")
                    .happened(format!("20 transfers ran at the same time. The accounts had 1500 cents in all, and afterwards {}", after.balances()))
                    .expected("the sum stays the same, and no account is below 0")
                    .next("in `transfer`, let the database compute the new balance, `SET cents = cents - ?`, in the statement that checks it")
                },
            )?;
            ensure(after.payments.len() == made, || {
                Fault::new("row_never_written")
                    .happened(format!(
                        "{made} transfers returned `Ok`, and there are {} payments",
                        after.payments.len()
                    ))
                    .expected("each transfer that is made is recorded")
                    .next("in `transfer`, insert the payment in the same transaction")
            })?;
            let opened = bank.database.opened();
            ensure(opened <= connections as usize, || {
                connections_opened(opened, connections)
            })?;
            let running =
                bank.waiting_for_a_connection("transfer", 3, || bank.transfer(BEN, ADA, 1));
            for running in running.await? {
                let ended = bank.ends(|| running.has_ended()).await;
                ensure(ended, || bank.never_ended("`transfer(2, 1, 1)`"))?;
                let outcome = running.caught().await;
                ensure(matches!(outcome, Ok(Ok(()))), || {
                    given_up(
                        &format!("`transfer(2, 1, 1)` {}", told(&outcome)),
                        "transfer",
                    )
                })?;
            }
            Ok(())
        });
    }
}
