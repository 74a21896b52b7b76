//! The hidden tests of `cached`.

mod asking;
mod together;

use std::time::Duration;

use asking::{Asked, PATIENCE, ask, is_named, key};
use async_workbook::{
    clock::Readable,
    harness::{Task, counted, ms, task},
    services::key_value::{Call, Store},
    verdict::{Fault, ensure},
};
use together::{
    a_caller_may_be_dropped, callers_share_a_query, claim_left, dropped_at_every_poll,
    many_names_do_not_wait, no_connection_is_held, other_names_do_not_wait, somebody_comes_late,
};

use tokio::time::advance;

use crate::{
    Answer,
    bank::{ADA, BEN, Bank, NOBODY, in_a_bank},
    faults::{Checked, DEADLOCK, error_swallowed, given_up, panicked},
};

pub(crate) const TASK: Task<Answer> = task!(
    cached: the_store_is_asked_first,
    the_database_fills_the_store,
    a_name_expires,
    what_does_not_exist_is_not_stored,
    no_connection_waits_for_the_store,
    a_broken_store_is_passed_over,
    a_slow_store_is_waited_for_a_little,
    errors_of_the_database_are_passed_on,
    callers_make_one_query,
    a_dropped_caller_leaves_nothing,
    a_dropped_caller_keeps_no_connection,
    names_are_looked_up_side_by_side,
    many_names_are_looked_up_side_by_side,
);

const TIME_TO_LIVE: Duration = Duration::from_secs(60);

fn the_store_is_asked_first(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| {
        for (id, name) in [(ADA, "Ada"), (BEN, "Ben")] {
            bank.store
                .keep(key(id), format!("{name} of the store"), TIME_TO_LIVE);
        }
        for (id, name) in [
            (ADA, "Ada of the store"),
            (BEN, "Ben of the store"),
            (ADA, "Ada of the store"),
        ] {
            let asked = ask(bank, id).await?;
            let asked_for: Vec<_> = bank
                .store
                .calls()
                .into_iter()
                .filter(|call| matches!(call, Call::Get(_)))
                .collect();
            let keys: Vec<_> = asked_for.iter().map(|call| call.key().to_owned()).collect();
            ensure(!keys.is_empty(), || {
                Fault::new("store_never_asked")
                    .happened(format!(
                        "`cached({id})` asked the database, and not the store, which had the name"
                    ))
                    .expected("it asks the store first")
                    .next("in `cached`, begin with `self.store.get`")
            })?;
            ensure(keys.contains(&key(id)), || {
                Fault::new("wrong_key_used")
                    .happened(format!("`cached({id})` asked the store for {keys:?}"))
                    .expected(format!(
                        "it asks for `{}`, which other programs use as well",
                        key(id)
                    ))
                    .next("in `cached`, make the key with `format!(\"account:{id}\")`")
            })?;
            ensure(asked.statements == 0, || {
                Fault::new("database_asked_despite_hit")
                    .happened(format!("the store had the name, and `cached({id})` made {}", counted(asked.statements, "query")))
                    .expected("if the store has the name, the database isn't asked")
                    .next("in `cached`, return the store's name as soon as you have it, and query the database only after a miss")
            })?;
            is_named(&asked, id, Some(name))?;
            no_set_after_a_hit(bank, id)?;
        }
        Ok(())
    });
}

fn no_set_after_a_hit(bank: &Bank, id: i64) -> Checked {
    let set = bank
        .store
        .calls()
        .iter()
        .any(|call| matches!(call, Call::Set { .. }));
    ensure(!set, || {
        Fault::new("time_to_live_extended")
            .happened(format!("the store had the name, and `cached({id})` stored it once more, which begins its 60 s anew"))
            .expected("a name is stored when it comes from the database: one that's asked for often has to expire too")
            .next("in `cached`, call `set` only after a query")
    })
}

fn the_database_fills_the_store(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| {
        for (id, name) in [(ADA, "Ada"), (BEN, "Ben")] {
            let asked = ask(bank, id).await?;
            is_named(&asked, id, Some(name))?;
            let sets: Vec<_> = bank
                .store
                .calls()
                .into_iter()
                .filter(|call| matches!(call, Call::Set { key: set, .. } if *set == key(id)))
                .collect();
            let Some(Call::Set {
                value,
                time_to_live,
                ..
            }) = sets.first()
            else {
                let other = bank
                    .store
                    .calls()
                    .into_iter()
                    .rfind(|call| matches!(call, Call::Set { .. }));
                return Err(match other {
                    Some(other) if id == ADA => Fault::new("wrong_key_used")
                        .happened(format!("`cached({id})` stored the name under `{}`", other.key()))
                        .expected(format!("its key is `{}`, which other programs use as well", key(id)))
                        .next("in `cached`, use the same key for `get` and `set`: `account:<id>`"),
                    _ => Fault::new("result_never_stored")
                        .happened(format!("`cached({id})` found the name in the database, and didn't store it"))
                        .expected("the name is stored for 60 s, so that the next caller finds it there")
                        .next("in `cached`, await `self.store.set` after the query: a future that nobody awaits stores nothing"),
                });
            };
            ensure(value == name, || {
                Fault::new("data_altered")
                    .happened(format!("`cached({id})` stored {value:?}"))
                    .expected(format!("it stores {name:?}"))
                    .next("in `cached`, store the name as the database has it")
            })?;
            ensure(*time_to_live == TIME_TO_LIVE, || {
                Fault::new("wrong_time_to_live")
                    .happened(format!(
                        "`cached({id})` stored the name for {}",
                        Readable(*time_to_live)
                    ))
                    .expected("a name is kept for 1 min: 60 s")
                    .next("in `cached`, pass `Duration::from_secs(60)` to `set`")
            })?;
            bank.other_program("UPDATE accounts SET name = 'new ' || name")
                .await;
            let again = ask(bank, id).await?;
            ensure(again.statements == 0, || {
                Fault::new("database_asked_despite_hit")
                    .happened(format!(
                        "the second `cached({id})` asked the database again"
                    ))
                    .expected("the store has the name by then")
                    .next("in `cached`, return the store's name as soon as you have it")
            })?;
            is_named(&again, id, Some(name))?;
            bank.other_program("UPDATE accounts SET name = replace(name, 'new ', '')")
                .await;
        }
        Ok(())
    });
}

fn a_name_expires(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| {
        is_named(&ask(bank, ADA).await?, ADA, Some("Ada"))?;
        bank.other_program("UPDATE accounts SET name = 'Ada L.' WHERE id = 1")
            .await;
        for _ in 0..3 {
            advance(ms(19_000)).await;
            is_named(&ask(bank, ADA).await?, ADA, Some("Ada"))?;
        }
        advance(ms(3_001)).await;
        let late = ask(bank, ADA).await?;
        ensure(late.statements > 0, || {
            Fault::new("unrequested_cache")
                .happened(format!("60 s after the name had been stored, `cached(1)` still returned {:?}, and the database wasn't asked", late.outcome))
                .expected("the store is the only cache: once the name has expired there, the database is asked")
                .next("in `Repo`, keep no names yourself")
        })?;
        is_named(&late, ADA, Some("Ada L."))?;
        // What another program removes from the store is gone.
        bank.store.forget(&key(ADA));
        bank.other_program("UPDATE accounts SET name = 'Ada' WHERE id = 1")
            .await;
        let after = ask(bank, ADA).await?;
        ensure(after.statements > 0, || {
            Fault::new("unrequested_cache")
                .happened("another program had removed the name from the store, and `cached(1)` returned it all the same")
                .expected("the store is the only cache")
                .next("in `Repo`, keep no names yourself")
        })?;
        is_named(&after, ADA, Some("Ada"))
    });
}

fn what_does_not_exist_is_not_stored(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| {
        is_named(&ask(bank, NOBODY).await?, NOBODY, None)?;
        let set = bank
            .store
            .calls()
            .into_iter()
            .find(|call| matches!(call, Call::Set { .. }));
        ensure(set.is_none(), || {
            Fault::new("absence_stored")
                .happened(format!(
                    "there's no account 404, and `cached(404)` made the call {set:?}"
                ))
                .expected("what doesn't exist isn't stored: the account may be opened in a moment")
                .next("in `cached`, call `set` only if the query has found a name")
        })?;
        bank.other_program("INSERT INTO accounts VALUES (404, 'Dora', 0)")
            .await;
        let asked = ask(bank, NOBODY).await?;
        ensure(asked.statements > 0, || {
            Fault::new("absence_stored")
                .happened("account 404 had been opened, and `cached(404)` didn't ask the database")
                .expected("what doesn't exist isn't kept anywhere")
                .next("in `Repo`, don't remember what wasn't found")
        })?;
        is_named(&asked, NOBODY, Some("Dora"))
    });
}

fn a_broken_store_is_passed_over(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| {
        bank.store.goes_down();
        for (id, name) in [(ADA, Some("Ada")), (NOBODY, None)] {
            let asked = ask(bank, id).await?;
            failure_passed_over(&asked, "the store was down")?;
            is_named(&asked, id, name)?;
        }
        // It works again as soon as the store does.
        bank.store.comes_back();
        is_named(&ask(bank, ADA).await?, ADA, Some("Ada"))?;
        ensure(bank.store.value(&key(ADA)).is_some(), || {
            Fault::new("result_never_stored")
                .happened("the store had been down and was up again, and `cached(1)` didn't store the name")
                .expected("each call tries the store anew")
                .next("in `Repo`, don't remember that the store was down")
        })?;
        store_is_asked_again(bank, "been down and was up again").await?;
        fails_halfway(bank, "went down", Store::goes_down).await
    });
}

/// The store has failed before, and has a name now.
async fn store_is_asked_again(bank: &Bank, had: &str) -> Checked {
    bank.store.keep(key(BEN), "Ben of the store", TIME_TO_LIVE);
    let asked = ask(bank, BEN).await?;
    ensure(asked.statements == 0, || {
        Fault::new("error_kept")
            .happened(format!(
                "the store had {had}, and had the name, and `cached(2)` asked the database"
            ))
            .expected("each call asks the store first, whatever came of the calls before")
            .next("in `Repo`, don't remember that the store has failed")
    })?;
    is_named(&asked, BEN, Some("Ben of the store"))?;
    bank.store.forget(&key(BEN));
    Ok(())
}

/// The store fails while one caller waits for the database, and another one for the first.
async fn fails_halfway(bank: &Bank, what: &str, fails: fn(&Store)) -> Checked {
    let why = format!("the store {what} between two calls");
    let taken = bank.take_all_connections().await;
    let first = bank.cached(BEN);
    bank.tasks_take_turns().await;
    let second = bank.cached(BEN);
    bank.tasks_take_turns().await;
    fails(&bank.store);
    drop(taken);
    let second = asking::asked_beside_others(bank, BEN, second).await?;
    for asked in [second, asking::asked(bank, BEN, first).await?] {
        in_time(&asked, &why)?;
        failure_passed_over(&asked, &why)?;
        is_named(&asked, BEN, Some("Ben"))?;
    }
    bank.store.comes_back();
    Ok(())
}

/// The store has failed, and the call hasn't.
fn failure_passed_over(asked: &Asked, why: &str) -> Checked {
    ensure(matches!(asked.outcome, Ok(Ok(_))), || {
        Fault::new("store_failure_passed_on")
            .happened(format!("{why}, and `cached` {}", asked.told()))
            .expected("the answer comes from the database: the service needs no store to be right, only to be fast")
            .next("in `cached`, treat an error of `get` like a miss, and ignore an error of `set`")
    })
}

fn a_slow_store_is_waited_for_a_little(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| {
        // In time.
        bank.store.keep(key(ADA), "Ada of the store", TIME_TO_LIVE);
        bank.store.latency_for(key(ADA), ms(45));
        let asked = ask(bank, ADA).await?;
        ensure(asked.statements == 0, || {
            Fault::new("given_up_too_early")
                .happened("the store answered after 45 ms, and `cached(1)` had asked the database by then")
                .expected("the store has 50 ms for each call")
                .next("in `cached`, pass `Duration::from_millis(50)` to `timeout`")
        })?;
        is_named(&asked, ADA, Some("Ada of the store"))?;
        // Never.
        bank.store.goes_silent();
        let asked = ask(bank, BEN).await?;
        in_time(&asked, "the store didn't answer at all")?;
        failure_passed_over(&asked, "the store didn't answer")?;
        is_named(&asked, BEN, Some("Ben"))?;
        bank.store.comes_back();
        store_is_asked_again(bank, "been silent and answered again").await?;
        // Only `set` isn't answered: the store falls silent while the caller waits for a connection.
        let taken = bank.pool.acquire().await.expect("it is free");
        let running = bank.cached(BEN);
        bank.tasks_take_turns().await;
        bank.store.goes_silent();
        drop(taken);
        let asked = asking::asked(bank, BEN, running).await?;
        in_time(&asked, "the store didn't answer to `set`")?;
        failure_passed_over(&asked, "the store didn't answer to `set`")?;
        is_named(&asked, BEN, Some("Ben"))?;
        bank.store.comes_back();
        fails_halfway(bank, "fell silent", Store::goes_silent).await
    });
}

/// No call to the store took longer than 50 ms.
fn in_time(asked: &Asked, why: &str) -> Checked {
    ensure(asked.ended && asked.longest_call <= PATIENCE, || {
        let happened = if asked.ended {
            format!(
                "{why}, and `cached` waited for a call of it for {} or more",
                Readable(asked.longest_call)
            )
        } else {
            format!(
                "{why}, and `cached` still waited for it after {}",
                Readable(asked.took)
            )
        };
        Fault::new("timeout_missing")
            .happened(happened)
            .expected("it gives the store 50 ms for a call, and goes on without it")
            .next("in `cached`, put `timeout(Duration::from_millis(50), …)` around each call to the store, `set` as well as `get`")
    })
}

fn errors_of_the_database_are_passed_on(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| {
        bank.other_program("ALTER TABLE accounts RENAME TO away")
            .await;
        let asked = ask(bank, ADA).await?;
        match &asked.outcome {
            Ok(Err(_)) => {}
            Ok(Ok(name)) => {
                return Err(error_swallowed(
                    format!("the table of accounts was gone, and `cached(1)` returned {name:?}"),
                    "in `cached`, pass on the error of the query with `?`",
                ));
            }
            Err(message) => return Err(panicked("the table of accounts was gone", message)),
        }
        bank.other_program("ALTER TABLE away RENAME TO accounts")
            .await;
        let again = match ask(bank, ADA).await {
            Err(fault) if fault.misconception == DEADLOCK => {
                return Err(claim_left(
                    "an earlier call had failed, since the database had",
                ));
            }
            again => again?,
        };
        ensure(matches!(again.outcome, Ok(Ok(_))), || {
            Fault::new("error_kept")
                .happened(format!(
                    "the database worked again, and `cached(1)` {}",
                    again.told()
                ))
                .expected("an error is for the caller who got it: the next call asks again")
                .next("in `cached`, keep no errors: neither in the store nor in `Repo`")
        })?;
        is_named(&again, ADA, Some("Ada"))?;
        let own = matches!(asked.outcome, Ok(Err(sqlx::Error::Database(_))));
        ensure(own, || {
            Fault::new("wrong_error_returned")
                .happened(format!("the table of accounts was gone, and `cached(1)` returned another error than the database's: {:?}", asked.outcome))
                .expected("it returns the error of the database as it is: the caller may want to know which it was")
                .next("in `cached`, pass on the error that the query returned, with `?`; a caller who waited for somebody else's query can ask again")
        })?;
        // A slow database is waited for: there's nobody else to ask.
        let running = bank.waiting_for_a_connection("cached", 1, || bank.cached(BEN));
        for running in running.await? {
            let late = asking::asked(bank, BEN, running).await?;
            ensure(matches!(late.outcome, Ok(Ok(Some(_)))), || {
                given_up(&format!("`cached(2)` {}", late.told()), "cached")
            })?;
            is_named(&late, BEN, Some("Ben"))?;
        }
        Ok(())
    });
}

fn no_connection_waits_for_the_store(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| no_connection_is_held(bank).await);
}

fn callers_make_one_query(answer: &Answer) {
    for connections in [1, 5] {
        in_a_bank(answer, connections, async |bank| {
            callers_share_a_query(bank).await?;
            somebody_comes_late(bank).await
        });
    }
}

fn a_dropped_caller_leaves_nothing(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| a_caller_may_be_dropped(bank).await);
}

fn a_dropped_caller_keeps_no_connection(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| dropped_at_every_poll(bank).await);
}

fn names_are_looked_up_side_by_side(answer: &Answer) {
    in_a_bank(answer, 2, async |bank| other_names_do_not_wait(bank).await);
}

fn many_names_are_looked_up_side_by_side(answer: &Answer) {
    in_a_bank(answer, 2, async |bank| many_names_do_not_wait(bank).await);
}

fn never_returned(bank: &Bank, id: i64) -> Fault {
    bank.never_ended(&format!("`cached({id})`"))
}
