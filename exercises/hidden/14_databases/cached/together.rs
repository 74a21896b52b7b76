//! Several callers at the same time.

use async_workbook::{
    harness::{counted, ms},
    verdict::{Fault, ensure},
};
use tokio::time::advance;

use super::asking::{asked, asked_beside_others, is_named, key, rests};
use crate::{
    Cached,
    bank::{ADA, BEN, Bank, Running},
    faults::{Checked, never_ended},
};

const CALLERS: usize = 20;

/// A caller waits for the store, with the name from the database in its hands. Others can use the connection.
pub(super) async fn no_connection_is_held(bank: &Bank) -> Checked {
    bank.store.latency_for(key(ADA), ms(40));
    let running = bank.cached(ADA);
    is_named(&asked(bank, ADA, running).await?, ADA, Some("Ada"))
}

/// The store has nothing. All callers learn that before the first one has asked the database.
pub(super) async fn callers_share_a_query(bank: &Bank) -> Checked {
    for round in 1..=2 {
        bank.database.forget_statements();
        bank.store.forget(&key(ADA));
        bank.store.latency_for(key(ADA), ms(5));
        let running: Vec<_> = (0..CALLERS).map(|_| bank.cached(ADA)).collect();
        let done = || running.iter().all(Running::has_ended);
        rests(bank, done).await?;
        bank.store.latency_for(key(ADA), ms(0));
        for _ in 0..100 {
            advance(ms(5)).await;
            rests(bank, done).await?;
            if done() {
                break;
            }
        }
        ensure(done(), || {
            never_ended(
                &format!("one of {CALLERS} calls of `cached(1)`"),
                bank.pool.num_idle() == 0,
            )
        })?;
        for running in running {
            is_named(&asked(bank, ADA, running).await?, ADA, Some("Ada"))?;
        }
        let queries = bank.statements().len();
        ensure(queries >= 1, || {
            Fault::new("unrequested_cache")
                .happened(format!("in round {round} the store had lost the name, and {CALLERS} callers got one without a query"))
                .expected("once the store has lost the name, the database is asked")
                .next("in `Repo`, forget a shared query when it has ended")
        })?;
        ensure(queries <= 1, || {
            Fault::new("check_then_fetch")
                .happened(format!("{CALLERS} callers wanted the same name, which the store didn't have: the database was asked {}", counted(queries, "time")))
                .expected("the first of them asks the database, and the others wait for its answer")
                .next("in `cached`, take a lock for this name after a miss, and ask the store once more when you have it")
        })?;
    }
    Ok(())
}

/// One caller is dropped while it waits for the database. Another one waits for it.
pub(super) async fn a_caller_may_be_dropped(bank: &Bank) -> Checked {
    let taken = bank.pool.acquire().await.expect("it is free");
    let first = bank.cached(ADA);
    bank.hold.turns(10).await;
    let second = bank.cached(ADA);
    bank.hold.turns(10).await;
    drop(first);
    bank.hold.turns(10).await;
    drop(taken);
    answered(
        bank,
        second,
        "the first of two callers was dropped while it waited for the database",
    )
    .await?;
    // The next one, which finds nobody.
    bank.store.forget(&key(ADA));
    let third = bank.cached(ADA);
    answered(
        bank,
        third,
        "an earlier caller had been dropped while it waited for the database",
    )
    .await?;
    // Once more, while it waits for the store to take the name.
    bank.store.forget(&key(ADA));
    bank.store.goes_silent();
    let first = bank.cached(ADA);
    bank.hold.turns(10).await;
    advance(ms(50)).await;
    bank.hold.turns(10).await;
    drop(first);
    bank.store.comes_back();
    let second = bank.cached(ADA);
    answered(
        bank,
        second,
        "an earlier caller had been dropped while it waited for the store",
    )
    .await
}

pub(super) fn claim_left(happened: &str) -> Fault {
    Fault::new("claim_left_behind")
        .happened(format!("{happened}, and the next one never had an answer"))
        .expected("somebody else asks the database then")
        .next("in `cached`, mark what is being looked up with a guard, such as that of a lock: it's dropped with its caller")
}

async fn answered(bank: &Bank, running: Running<Cached>, happened: &str) -> Checked {
    for _ in 0..60 {
        rests(bank, || running.has_ended()).await?;
        if running.has_ended() {
            break;
        }
        advance(ms(5)).await;
    }
    ensure(running.has_ended(), || claim_left(happened))?;
    is_named(&asked(bank, ADA, running).await?, ADA, Some("Ada"))
}

/// One name takes a while, at the store and then at the database, and another one is asked for meanwhile.
pub(super) async fn other_names_do_not_wait(bank: &Bank) -> Checked {
    bank.store.latency_for(key(ADA), ms(40));
    let slow = bank.cached(ADA);
    for step in 0..3 {
        bank.hold.turns(6).await;
        if slow.has_ended() {
            break;
        }
        bank.store.forget(&key(BEN));
        let fast = asked_beside_others(bank, BEN, bank.cached(BEN)).await?;
        ensure(fast.took.is_zero(), || {
            Fault::new("lock_held_while_waiting")
                .happened(format!("`cached(1)` waited for the store (its call {}), and `cached(2)` waited until that had ended", step + 1))
                .expected("callers who want other names don't wait")
                .next("in `cached`, have a lock for each name, and hold the lock around the map of locks only while you look one up")
        })?;
        is_named(&fast, BEN, Some("Ben"))?;
        advance(ms(40)).await;
        rests(bank, || slow.has_ended()).await?;
    }
    is_named(&asked(bank, ADA, slow).await?, ADA, Some("Ada"))
}
