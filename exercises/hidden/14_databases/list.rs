//! The hidden tests of `list`.

use async_workbook::{
    harness::{Task, counted, task},
    verdict::{Fault, ensure},
};

use crate::{
    Answer, ListError, Listed, Payment,
    bank::{ADA, BEN, Bank, in_a_bank},
    faults::{Checked, connections_opened, error_swallowed, given_up, not_waited_for, panicked},
};

pub(crate) const TASK: Task<Answer> = task!(
    list: a_page_is_the_newest_payments,
    names_come_with_the_page,
    limits_are_checked,
    only_the_page_is_fetched,
    ties_stay_in_order,
    each_call_asks_the_database,
    errors_are_passed_on,
    many_callers_share_one_connection,
);

/// A payment of the table, and the page it's expected on.
struct Row {
    id: i64,
    payer: i64,
    name: Option<&'static str>,
    cents: i64,
    made_at: i64,
}

/// In the order of a page: the newest first. The ids and the times disagree, so that no order comes by itself.
const ROWS: [Row; 6] = [
    row(3, ADA, Some("Ada"), 30, 600),
    row(6, BEN, Some("Ben"), 60, 500),
    row(1, ADA, Some("Ada"), 10, 400),
    row(5, ADA, Some("Ada"), 50, 300),
    row(2, BEN, Some("Ben"), 20, 200),
    row(4, BEN, Some("Ben"), 40, 100),
];

/// The account of the third payment is gone.
const WITH_A_CLOSED_ACCOUNT: [Row; 5] = [
    row(1, ADA, Some("Ada"), 10, 500),
    row(2, BEN, Some("Ben"), 20, 400),
    row(3, 9, None, 30, 300),
    row(4, ADA, Some("Ada"), 40, 200),
    row(5, BEN, Some("Ben"), 50, 100),
];

/// Two pairs and a triple of the same second. As a text, 11 would come before 9.
const TIES: [Row; 7] = [
    row(11, ADA, Some("Ada"), 70, 200),
    row(9, BEN, Some("Ben"), 50, 200),
    row(2, ADA, Some("Ada"), 20, 200),
    row(10, BEN, Some("Ben"), 60, 150),
    row(1, ADA, Some("Ada"), 10, 150),
    row(4, BEN, Some("Ben"), 40, 100),
    row(3, ADA, Some("Ada"), 30, 100),
];

const fn row(id: i64, payer: i64, name: Option<&'static str>, cents: i64, made_at: i64) -> Row {
    Row {
        id,
        payer,
        name,
        cents,
        made_at,
    }
}

impl Row {
    fn payment(&self) -> Payment {
        Payment {
            id: self.id,
            payer: self.name.map(str::to_owned),
            cents: self.cents,
        }
    }
}

async fn insert(bank: &Bank, rows: &[Row]) {
    // In the order of their ids, as they would have come.
    let mut rows: Vec<_> = rows.iter().collect();
    rows.sort_by_key(|row| row.id);
    let rows = rows.iter().map(|row| {
        let Row {
            id,
            payer,
            cents,
            made_at,
            ..
        } = row;
        format!("({id}, {payer}, 2, {cents}, {made_at})")
    });
    let rows: Vec<_> = rows.collect();
    let insert = format!("INSERT INTO payments VALUES {}", rows.join(", "));
    bank.other_program(&insert).await;
}

/// Many payments of many payers, a second apart, the newest with the highest id.
async fn insert_many(bank: &Bank, payments: usize) {
    bank.other_program(&format!(
        "WITH RECURSIVE n(n) AS (SELECT 100 UNION ALL SELECT n + 1 FROM n WHERE n < 599)
         INSERT INTO accounts SELECT n, 'number ' || n, 0 FROM n;
         WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {payments})
         INSERT INTO payments SELECT n, 100 + n % 500, 2, n, n FROM n"
    ))
    .await;
}

/// Calls `list`, which ends, and gives its connections back.
async fn listed(bank: &Bank, skip: u32, limit: u32) -> Result<Listed, Fault> {
    let call = format!("`list({skip}, {limit})`");
    let running = bank.list(skip, limit);
    let ended = bank.patiently(|| running.has_ended()).await;
    ensure(ended, || bank.never_ended(&call))?;
    let listed = running.output().await;
    bank.connections_are_fine(&format!("after {call}")).await?;
    Ok(listed)
}

/// Calls `list`, which returns a page.
async fn page(bank: &Bank, skip: u32, limit: u32) -> Result<Vec<Payment>, Fault> {
    match listed(bank, skip, limit).await? {
        Ok(payments) => Ok(payments),
        Err(ListError::LimitOutOfRange) => Err(Fault::new("good_limit_refused")
            .happened(format!(
                "`list({skip}, {limit})` returned `LimitOutOfRange`"
            ))
            .expected("a limit from 1 to 100 is fine, both included, and whatever is skipped")
            .next("in `list`, refuse only what is outside `1..=100`")),
        Err(ListError::Database(sqlx::Error::PoolTimedOut)) => {
            Err(not_waited_for(&format!("`list({skip}, {limit})`"), "list"))
        }
        Err(ListError::Database(error)) => Err(Fault::new("query_refused")
            .happened(format!(
                "`list({skip}, {limit})` returned an error of the database: {error}"
            ))
            .expected("a page of payments")
            .next("in `list`, compare your SQL with the tables at the top of the file")),
    }
}

/// Compares pages of any size with what is in the table.
async fn pages_of(bank: &Bank, rows: &[Row]) -> Checked {
    let count = u32::try_from(rows.len()).expect("there are few");
    for (skip, limit) in [(0, 100), (0, 2), (2, 2), (1, 3), (count - 1, 5), (count, 5)] {
        let got = page(bank, skip, limit).await?;
        judge(rows, skip, limit, &got)?;
    }
    Ok(())
}

fn judge(rows: &[Row], skip: u32, limit: u32, got: &[Payment]) -> Checked {
    let from = |skip: u64| {
        let skip = usize::try_from(skip).expect("it fits");
        let page = rows.iter().skip(skip).take(limit as usize);
        page.map(Row::payment).collect::<Vec<_>>()
    };
    let due = from(skip.into());
    if got == due {
        return Ok(());
    }
    let happened = format!("`list({skip}, {limit})` returned the payments {}", ids(got));
    let expected = format!("it returns {}", ids(&due));
    let by_page = from(u64::from(skip) * u64::from(limit));
    let one_page_on = from((u64::from(skip).max(1) - 1) * u64::from(limit));
    ensure(skip == 0 || (got != by_page && got != one_page_on), || {
        Fault::new("skip_taken_as_page")
            .happened(&happened)
            .expected(format!(
                "it skips {}: {}",
                counted(skip as usize, "payment"),
                ids(&due)
            ))
            .next("in `list`, use `skip` as the offset, without multiplying it by the limit")
    })?;
    let all: Vec<_> = rows.iter().map(Row::payment).collect();
    let ids_of = |payments: &[Payment]| {
        payments
            .iter()
            .map(|payment| payment.id)
            .collect::<Vec<_>>()
    };
    let (got_ids, due_ids) = (ids_of(got), ids_of(&due));
    if got_ids == due_ids {
        let named = |payment: &Payment| payment.payer.is_some();
        let pairs = || std::iter::zip(got, &due);
        let (misconception, next) = if pairs().any(|(got, due)| named(got) && !named(due)) {
            (
                "result_invented",
                "leave the name of a closed account `None`",
            )
        } else if pairs().any(|(got, due)| !named(got) && named(due)) {
            (
                "results_missing",
                "give each payment the name of its payer, however many payments the payer has made",
            )
        } else {
            (
                "data_altered",
                "select `payments.id`, the payer's name and `payments.cents`, and change none of them",
            )
        };
        return Err(Fault::new(misconception)
            .happened(format!("`list({skip}, {limit})` returned {got:?}"))
            .expected(format!("it returns {due:?}"))
            .next(format!("in `list`, {next}")));
    }
    // The rows with a name, where one has none.
    let named: Vec<_> = all
        .iter()
        .filter(|payment| payment.payer.is_some())
        .collect();
    let named_page: Vec<_> = named
        .iter()
        .skip(skip as usize)
        .take(limit as usize)
        .map(|payment| payment.id)
        .collect();
    ensure(named.len() == all.len() || got_ids != named_page, || {
        Fault::new("rows_lost_in_join")
            .happened(format!(
                "{happened}: the payment whose payer has closed the account isn't among them"
            ))
            .expected(&expected)
            .next("in `list`, use a `LEFT JOIN`, which keeps a payment without an account")
    })?;
    let same_rows = {
        let mut sorted = [got_ids.clone(), due_ids.clone()];
        sorted.iter_mut().for_each(|ids| ids.sort_unstable());
        sorted[0] == sorted[1]
    };
    let times = |ids: &[i64]| -> Vec<Option<i64>> {
        let time = |id| rows.iter().find(|row| row.id == id).map(|row| row.made_at);
        ids.iter().map(|&id| time(id)).collect()
    };
    let ties_differ = times(&got_ids) == times(&due_ids);
    ensure(!ties_differ, || {
        Fault::new("ties_left_unordered")
            .happened(format!("{happened}: those of the same second are in another order"))
            .expected(format!("{expected}: of the same second, the higher id comes first"))
            .next("in `list`, add the id to your `ORDER BY`, after the time: `made_at DESC, payments.id DESC`")
    })?;
    ensure(got_ids.len() >= due_ids.len(), || {
        Fault::new("results_missing")
            .happened(&happened)
            .expected(&expected)
            .next("in `list`, fetch all rows of the page, with `LIMIT` for the limit and `OFFSET` for what is skipped")
    })?;
    ensure(got_ids.len() <= due_ids.len(), || {
        Fault::new("more_than_a_page_returned")
            .happened(&happened)
            .expected(&expected)
            .next("in `list`, end the query with `LIMIT ? OFFSET ?`, and bind both")
    })?;
    Err(if same_rows {
        Fault::new("page_in_wrong_order")
            .happened(&happened)
            .expected(format!("{expected}, the newest first"))
            .next("in `list`, sort by `made_at DESC`")
    } else {
        Fault::new("page_cut_before_sorting")
            .happened(format!("{happened}, which are other payments than those of the page"))
            .expected(format!("{expected}: the newest first, then as many as were asked for"))
            .next("in `list`, let one query sort by `made_at DESC` and take the page: rows that are cut off first can't be sorted in any more")
    })
}

fn ids(payments: &[Payment]) -> String {
    if payments.is_empty() {
        return "[]".into();
    }
    let ids: Vec<_> = payments
        .iter()
        .map(|payment| payment.id.to_string())
        .collect();
    format!("[{}]", ids.join(", "))
}

fn a_page_is_the_newest_payments(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| {
        insert(bank, &ROWS).await;
        pages_of(bank, &ROWS).await
    });
}

fn names_come_with_the_page(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| {
        insert(bank, &WITH_A_CLOSED_ACCOUNT).await;
        pages_of(bank, &WITH_A_CLOSED_ACCOUNT).await
    });
}

fn limits_are_checked(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| {
        insert_many(bank, 150).await;
        // As a `u8` or a `u16`, the fourth is 1.
        for limit in [0, 101, 200, 65_537, u32::MAX] {
            bank.database.forget_statements();
            let taken = bank.take_all_connections().await;
            let running = bank.list(0, limit);
            bank.tasks_take_turns().await;
            let at_once = running.has_ended();
            drop(taken);
            let ended = bank.patiently(|| running.has_ended()).await;
            ensure(ended, || bank.never_ended(&format!("`list(0, {limit})`")))?;
            let listed = running.output().await;
            let happened = match &listed {
                Ok(payments) => format!("it returned {}", counted(payments.len(), "payment")),
                Err(ListError::Database(error)) => format!("it asked the database: {error}"),
                Err(ListError::LimitOutOfRange) => {
                    let before = if bank.statements().is_empty() {
                        "waited for a connection"
                    } else {
                        "asked the database"
                    };
                    ensure(at_once && bank.statements().is_empty(), || {
                        Fault::new("limit_checked_after_query")
                            .happened(format!("`list(0, {limit})` returned `LimitOutOfRange`, and had {before} before"))
                            .expected("a limit that's out of range is refused at once, without a connection")
                            .next("in `list`, check the limit first")
                    })?;
                    continue;
                }
            };
            return Err(Fault::new("bad_limit_accepted")
                .happened(format!("`list(0, {limit})` should have been refused, but {happened}"))
                .expected("a limit outside 1 to 100 is the error `LimitOutOfRange`")
                .next("in `list`, return the error if `(1..=100).contains(&limit)` is false: a limit that is changed in silence gives callers other pages than they asked for"));
        }
        for (skip, limit, due) in [
            (0, 1, 1),
            (0, 99, 99),
            (0, 100, 100),
            (100, 100, 50),
            (u32::MAX, 100, 0),
        ] {
            let got = page(bank, skip, limit).await?;
            ensure(got.len() == due, || {
                Fault::new(if got.len() < due {
                    "results_missing"
                } else {
                    "more_than_a_page_returned"
                })
                .happened(format!(
                    "of 150 payments, `list({skip}, {limit})` returned {}",
                    got.len()
                ))
                .expected(format!("it returns {due}"))
                .next("in `list`, pass `limit` and `skip` to the query unchanged")
            })?;
        }
        Ok(())
    });
}

fn only_the_page_is_fetched(answer: &Answer) {
    const LIMIT: u32 = 40;
    const SKIPPED: u32 = 1500;
    in_a_bank(answer, 1, async |bank| {
        insert_many(bank, 2000).await;
        page(bank, SKIPPED, LIMIT).await?;
        bank.database.forget_statements();
        page(bank, SKIPPED, LIMIT).await?;
        let statements = bank.statements();
        ensure(statements.len() < LIMIT as usize, || {
            Fault::new("query_per_row")
                .happened(format!(
                    "for a page of {LIMIT} payments, the database was asked {}",
                    counted(statements.len(), "time")
                ))
                .expected("one query brings the page with its names, or two: their number doesn't depend on the limit")
                .next("in `list`, join `payments` with `accounts` in the query of the page")
        })?;
        let rows: u64 = statements.iter().map(|statement| statement.returned).sum();
        // The payments, a name for each, and no more than that.
        ensure(rows <= 3 * u64::from(LIMIT), || {
            Fault::new("whole_table_fetched")
                .happened(format!("for a page of {LIMIT} payments, the database returned {rows} rows"))
                .expected("the database returns the payments of the page with their names, and no others")
                .next("in `list`, have the query skip and stop, with `LIMIT` and `OFFSET`, and look for no names but those on the page")
        })
    });
}

fn ties_stay_in_order(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| {
        insert(bank, &TIES).await;
        pages_of(bank, &TIES).await?;
        // An index may give rows of the same second in another order.
        bank.other_program("CREATE INDEX by_time ON payments (made_at)")
            .await;
        pages_of(bank, &TIES).await?;
        bank.other_program("DROP INDEX by_time; CREATE INDEX by_time ON payments (made_at DESC)")
            .await;
        pages_of(bank, &TIES).await
    });
}

fn each_call_asks_the_database(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| {
        insert(bank, &ROWS).await;
        for limit in [1, 3] {
            page(bank, 0, limit).await?;
        }
        bank.other_program("INSERT INTO payments VALUES (9, 1, 2, 90, 900); UPDATE accounts SET name = 'Ada L.' WHERE id = 1").await;
        let got = page(bank, 0, 1).await?;
        let [newest] = &*got else {
            return Err(Fault::new("results_missing")
                .happened(format!(
                    "`list(0, 1)` returned {}",
                    counted(got.len(), "payment")
                ))
                .expected("it returns the newest one")
                .next("in `list`, pass `limit` to the query unchanged"));
        };
        ensure(
            newest.id == 9 && newest.payer.as_deref() == Some("Ada L."),
            || {
                Fault::new("unrequested_cache")
                .happened(format!("there was a new payment by Ada, who had changed her name to Ada L., and `list` returned {newest:?}"))
                .expected("each call asks the database")
                .next("in `list`, remove the cache, and query the database each time")
            },
        )
    });
}

fn errors_are_passed_on(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| {
        bank.other_program("DROP TABLE payments").await;
        let running = bank.list(0, 10);
        let ended = bank.patiently(|| running.has_ended()).await;
        ensure(ended, || bank.never_ended("`list(0, 10)`"))?;
        match running.caught().await {
            Ok(Err(ListError::Database(sqlx::Error::Database(_)))) => {}
            Ok(Err(ListError::Database(error))) => {
                return Err(Fault::new("wrong_error_returned")
                    .happened(format!("the table of payments was gone, and `list(0, 10)` returned another error than the database's: {error:?}"))
                    .expected("it returns the error of the database as it is")
                    .next("in `list`, pass on the error that the query returned: `.map_err(ListError::Database)`"));
            }
            Ok(Err(ListError::LimitOutOfRange)) => {
                return Err(Fault::new("wrong_error_returned")
                    .happened("the table of payments was gone, and `list(0, 10)` returned `LimitOutOfRange`")
                    .expected("it returns the error of the database, as `Database`")
                    .next("in `list`, map the error of the query to `ListError::Database`"));
            }
            Ok(Ok(payments)) => {
                return Err(error_swallowed(
                    format!(
                        "the table of payments was gone, and `list(0, 10)` returned {}",
                        counted(payments.len(), "payment")
                    ),
                    "in `list`, pass on the error of the query: `.map_err(ListError::Database)`",
                ));
            }
            Err(message) => return Err(panicked("the table of payments was gone", &message)),
        }
        bank.connections_are_fine("after `list` had failed").await
    });
}

fn many_callers_share_one_connection(answer: &Answer) {
    in_a_bank(answer, 1, async |bank| {
        insert(bank, &ROWS).await;
        let running: Vec<_> = (0..20).map(|_| bank.list(0, 3)).collect();
        let all_ended = || running.iter().all(crate::bank::Running::has_ended);
        ensure(bank.patiently(all_ended).await, || {
            bank.never_ended("one of 20 calls of `list`")
        })?;
        for running in running {
            let listed = running.output().await;
            let Ok(payments) = listed else {
                return Err(Fault::new("given_up_too_early")
                    .happened(format!(
                        "of 20 calls of `list` at once, one failed: {listed:?}"
                    ))
                    .expected("each waits until it has a connection")
                    .next("in `list`, wait for a connection of `self.pool`"));
            };
            judge(&ROWS, 0, 3, &payments)?;
        }
        let opened = bank.database.opened();
        ensure(opened <= 1, || connections_opened(opened, 1))?;
        bank.connections_are_fine("after 20 calls of `list`")
            .await?;
        let running = bank.waiting_for_a_connection("list", 3, || bank.list(0, 3));
        for running in running.await? {
            let ended = bank.patiently(|| running.has_ended()).await;
            ensure(ended, || bank.never_ended("`list(0, 3)`"))?;
            let listed = running.output().await;
            ensure(listed.is_ok(), || {
                given_up(&format!("`list(0, 3)` returned {listed:?}"), "list")
            })?;
        }
        bank.nothing_outlives("list", || bank.list(0, 3)).await
    });
}
