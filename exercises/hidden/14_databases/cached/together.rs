//! Several callers at the same time.

use std::sync::Arc;

use async_workbook::{
    harness::{counted, ms},
    services::key_value::Call,
    verdict::{Fault, ensure},
};
use tokio::time::advance;

use super::asking::{asked, asked_beside_others, is_named, key, rests};
use crate::{
    Cached,
    bank::{ADA, BEN, Bank, Running},
    dropping::{Dropped, Over, polled},
    faults::{Checked, connection_leaked},
};

const CALLERS: usize = 20;

/// A caller waits for the store, with the name from the database in its hands. Others can use the connection.
pub(super) async fn no_connection_is_held(bank: &Bank) -> Checked {
    bank.store.latency_for(key(ADA), ms(40));
    let running = bank.cached(ADA);
    is_named(&asked(bank, ADA, running).await?, ADA, Some("Ada"))?;
    ensure(bank.store.value(&key(ADA)).is_some(), || {
        Fault::new("given_up_too_early")
            .happened("each call to the store took 40 ms, and `cached(1)` had given one up: the name wasn't stored")
            .expected("the store has 50 ms for each call")
            .next("in `cached`, give each call to the store a `timeout` of its own")
    })
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
            bank.never_ended(&format!("one of {CALLERS} calls of `cached(1)`"))
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

/// The database has no connection for a while, and then the store takes a while to take the name. Whoever comes in
/// between makes no query of its own.
pub(super) async fn somebody_comes_late(bank: &Bank) -> Checked {
    bank.store.forget(&key(ADA));
    bank.database.forget_statements();
    let running = bank.waiting_for_a_connection("cached", CALLERS, || bank.cached(ADA));
    let running = running.await?;
    all_answered(bank, running, "the database had been busy for a while").await?;
    one_query(
        bank,
        &format!("{CALLERS} callers wanted the same name, and no connection was free for 10 s"),
        "take a lock for this name after a miss, and wait for it as long as it takes",
    )?;
    bank.store.forget(&key(ADA));
    bank.database.forget_statements();
    let taken = bank.take_all_connections().await;
    let first = bank.cached(ADA);
    bank.tasks_take_turns().await;
    bank.store.latency_for(key(ADA), ms(40));
    drop(taken);
    rests(bank, || first.has_ended()).await?;
    // By now it stores the name.
    bank.store.latency_for(key(ADA), ms(0));
    let second = bank.cached(ADA);
    rests(bank, || second.has_ended()).await?;
    all_answered(bank, vec![first, second], "another caller stored the name").await?;
    one_query(
        bank,
        "the first of two callers had the name from the database and was storing it, when the second came",
        "keep the lock of this name until the name is stored: until then, others miss it",
    )
}

fn one_query(bank: &Bank, happened: &str, next: &str) -> Checked {
    let queries = bank.statements().len();
    ensure(queries <= 1, || {
        Fault::new("check_then_fetch")
            .happened(format!(
                "{happened}: the database was asked {}",
                counted(queries, "time")
            ))
            .expected("one of them asks the database, and the others wait for its answer")
            .next(format!("in `cached`, {next}"))
    })
}

/// One of several callers is dropped while it waits for the database. Some wait for it, and some come later.
pub(super) async fn a_caller_may_be_dropped(bank: &Bank) -> Checked {
    bank.nothing_outlives("cached", || bank.cached(ADA)).await?;
    let taken = bank.take_all_connections().await;
    let first = bank.cached(ADA);
    bank.tasks_take_turns().await;
    let mut others = Vec::new();
    for _ in 0..4 {
        others.push(bank.cached(ADA));
        bank.tasks_take_turns().await;
    }
    drop(first);
    bank.tasks_take_turns().await;
    for _ in 0..4 {
        others.push(bank.cached(ADA));
        bank.tasks_take_turns().await;
    }
    drop(taken);
    let happened = "the first of several callers was dropped while it waited for the database";
    all_answered(bank, others, happened).await?;
    one_query(
        bank,
        &format!("{happened}, and eight others wanted the same name"),
        "let one of those who wait go on in place of the one that's gone, and all others wait for it: a lock does that, if nobody takes it out of its map while others wait for it",
    )?;
    // The next one, which finds nobody.
    bank.store.forget(&key(ADA));
    let third = bank.cached(ADA);
    answered(
        bank,
        third,
        "an earlier caller had been dropped while it waited for the database",
    )
    .await?;
    // Once more, while it waits for the store to take the name, which changes then.
    bank.store.forget(&key(ADA));
    bank.store.goes_silent();
    let first = bank.cached(ADA);
    for _ in 0..2 {
        bank.tasks_take_turns().await;
        advance(ms(50)).await;
        rests(bank, || first.has_ended()).await?;
        if matches!(bank.store.calls().last(), Some(Call::Set { .. })) {
            break;
        }
    }
    drop(first);
    bank.tasks_take_turns().await;
    bank.store.comes_back();
    asks_anew(bank, "while it waited for the store").await
}

/// Somebody was dropped, and the name has changed since. The next one gets the new name.
async fn asks_anew(bank: &Bank, dropped: &str) -> Checked {
    bank.other_program("UPDATE accounts SET name = name || ' L.' WHERE id = 1")
        .await;
    bank.store.forget(&key(ADA));
    bank.database.forget_statements();
    let happened = format!("an earlier caller had been dropped {dropped}");
    let next = bank.cached(ADA);
    ends_in_time(bank, || next.has_ended(), &happened).await?;
    let next = asked(bank, ADA, next).await?;
    ensure(next.statements > 0, || {
        Fault::new("unrequested_cache")
            .happened(format!("{happened}, and the name had changed since. `cached(1)` {}, and the database wasn't asked", next.told()))
            .expected("the store is the only cache: whatever a dropped caller has found is gone with it")
            .next("in `Repo`, keep no names yourself, also if a caller is dropped: a `Weak` is gone with the last of its callers, and a guard is dropped with them")
    })?;
    ensure(matches!(next.outcome, Ok(Ok(Some(_)))), || {
        Fault::new("claim_left_behind")
            .happened(format!("{happened}, and the next one {}", next.told()))
            .expected("it returns the name")
            .next("in `cached`, ask the database again if whoever asked before is gone")
    })?;
    bank.other_program("UPDATE accounts SET name = 'Ada' WHERE id = 1")
        .await;
    bank.store.forget(&key(ADA));
    Ok(())
}

/// Drops a caller after one poll, after two, and so on, until one comes to its end.
pub(super) async fn dropped_at_every_poll(bank: &Bank) -> Checked {
    const MANY: usize = 100;
    for dropped in Dropped::BOTH {
        let mut over = Over::default();
        for polls in 1..MANY {
            bank.store.forget(&key(ADA));
            let repo = Arc::clone(&bank.repo);
            let running =
                Running::spawn(async move { polled(repo.call_cached(ADA), polls, dropped).await });
            let ended = bank.patiently(|| running.has_ended()).await;
            ensure(ended, || bank.never_ended("`cached(1)`"))?;
            let outcome = running.output().await;
            let after = format!("after `cached(1)` had been dropped at its poll {polls}");
            ensure(bank.settles().await, || connection_leaked(&after))?;
            if outcome.is_none() {
                asks_anew(bank, "while it waited for the database").await?;
            }
            if over.note(outcome.is_some()) {
                break;
            }
        }
    }
    Ok(())
}

pub(super) fn claim_left(happened: &str) -> Fault {
    Fault::new("claim_left_behind")
        .happened(format!("{happened}, and the next one never had an answer"))
        .expected("somebody else asks the database then")
        .next("in `cached`, mark what is being looked up with a guard, such as that of a lock: it's dropped with its caller")
}

async fn answered(bank: &Bank, running: Running<Cached>, happened: &str) -> Checked {
    all_answered(bank, vec![running], happened).await
}

/// All of them get the name.
async fn all_answered(bank: &Bank, running: Vec<Running<Cached>>, happened: &str) -> Checked {
    ends_in_time(bank, || running.iter().all(Running::has_ended), happened).await?;
    for running in running {
        is_named(&asked(bank, ADA, running).await?, ADA, Some("Ada"))?;
    }
    Ok(())
}

/// The clock moves by 300 ms at most.
async fn ends_in_time(bank: &Bank, ended: impl Fn() -> bool, happened: &str) -> Checked {
    for _ in 0..60 {
        rests(bank, &ended).await?;
        if ended() {
            return Ok(());
        }
        advance(ms(5)).await;
    }
    Err(claim_left(happened))
}

/// One name takes a while, at the store and then at the database, and another one is asked for meanwhile.
pub(super) async fn other_names_do_not_wait(bank: &Bank) -> Checked {
    bank.store.latency_for(key(ADA), ms(40));
    let slow = bank.cached(ADA);
    for step in 0..3 {
        bank.tasks_take_turns().await;
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

/// While one name is waited for, many others are asked for. A lock that several names share would hold some of them up.
pub(super) async fn many_names_do_not_wait(bank: &Bank) -> Checked {
    const FIRST: i64 = 1000;
    const NAMES: i64 = 300;
    bank.other_program(&format!(
        "WITH RECURSIVE n(n) AS (SELECT {FIRST} UNION ALL SELECT n + 1 FROM n WHERE n < {})
         INSERT INTO accounts SELECT n, 'number ' || n, 0 FROM n",
        FIRST + NAMES - 1
    ))
    .await;
    bank.store.latency_for(key(ADA), ms(40));
    // The second of them waits for the first.
    let slow = bank.cached(ADA);
    let waiting = bank.cached(ADA);
    rests(bank, || slow.has_ended()).await?;
    advance(ms(40)).await;
    rests(bank, || slow.has_ended()).await?;
    let others: Vec<_> = (FIRST..FIRST + NAMES).map(|id| bank.cached(id)).collect();
    bank.patiently(|| others.iter().all(Running::has_ended))
        .await;
    let left = others.iter().filter(|other| !other.has_ended()).count();
    ensure(left == 0, || {
        Fault::new("lock_held_while_waiting")
            .happened(format!("`cached(1)` waited for the store, and of {NAMES} callers who wanted other names, {left} waited until that had ended"))
            .expected("callers who want other names don't wait")
            .next("in `cached`, have a lock for each name, and let go of the lock around the map of locks before you await the lock of the name: a guard made in the middle of a statement lives until its end")
    })?;
    all_answered(
        bank,
        vec![slow, waiting],
        "the store took 40 ms for each call",
    )
    .await
}
