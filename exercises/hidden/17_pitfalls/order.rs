//! The hidden tests of `order`.

use std::time::Duration;

use async_workbook::{
    harness::{Task, counted, task},
    services::{mailer::SimulatedMailer, upstream::Upstream},
    verdict::{Fault, ensure, examine},
};
use tokio::time::sleep;

use crate::{
    Answer,
    additions::{gave_up, hours_go_by, too_few},
    pools::{Handler, shares_its_connection, shares_the_pool},
    town::{Asked, Reply, Town, ask_for, expected},
};

pub(crate) const TASK: Task<Answer> = task!(
    order: the_answer_does_not_wait_for_the_mail,
    it_is_kept_before_anything_else,
    what_comes_to_nothing_is_reported,
    requests_share_a_connection,
    all_handlers_share_one_pool,
    mails_have_no_limit,
);

const MAIL: Duration = Duration::from_secs(2);

struct Ordered {
    reply: Reply,
    /// How many mails had begun when the answer came or a little later, and how many in all.
    begun: usize,
    attempts: usize,
    kept: Vec<(String, String)>,
    sent: Vec<(String, String)>,
    failures: Vec<String>,
}

/// Orders a book, and lets ten seconds pass.
async fn ordered(answer: &Answer, isbn: &str, address: &str) -> Result<Ordered, Fault> {
    let mailer = SimulatedMailer::new(MAIL)
        .fails_for("nobody@example.org")
        .panics_for("null@example.org");
    let mut town = Town::with(answer, Upstream::builder(), 1, mailer, |isbn| {
        isbn.to_owned()
    })
    .await;
    let asked = ask_for(&town.shop, "POST", &format!("/orders/{isbn}/{address}"));
    while town.mailer.attempts() == 0 && !asked.answered() {
        town.hold.turns(1).await;
    }
    // The mail takes two seconds of a clock that is held.
    let at_once = town.hold.until(|| asked.answered());
    ensure(at_once.await, || {
        Fault::new("response_delayed_by_job")
            .happened("the customer had no answer until the mail had gone out")
            .expected("the answer comes at once, and the mail goes out later")
            .next("in `order`, move the wait for the mail into a task of its own, which reports a failure")
    })?;
    let reply = asked.answer().await;
    town.hold.until(|| town.mailer.attempts() > 0).await;
    let kept = town.rows("SELECT isbn, address FROM orders").await;
    let begun = town.mailer.attempts();
    town.hold.release().await;
    sleep(5 * MAIL).await;
    let mut failures = Vec::new();
    while let Ok(failure) = town.failures.try_recv() {
        failures.push(failure);
    }
    let sent = town.mailer.sent().into_iter();
    Ok(Ordered {
        reply,
        begun,
        attempts: town.mailer.attempts(),
        kept,
        sent: sent.map(|mail| (mail.text, mail.to)).collect(),
        failures,
    })
}

/// For a while nothing can write to the database. Neither the answer nor the mail may come before the order is stored.
async fn kept_first(answer: &Answer) -> Result<(), Fault> {
    let (isbn, address) = ("111", "ada@example.org");
    let path = format!("/orders/{isbn}/{address}");
    let mailer = SimulatedMailer::new(MAIL);
    let town = Town::with(answer, Upstream::builder(), 1, mailer, |isbn| {
        isbn.to_owned()
    })
    .await;
    let lock = town.write_lock().await;
    let asked = ask_for(&town.shop, "POST", &path);
    town.hold.turns(200).await;
    let (early, begun) = (asked.answered(), town.mailer.attempts());
    lock.release().await;
    // Writing to the disk may take a while.
    while !asked.answered() && town.mailer.attempts() == 0 {
        town.hold.turns(1).await;
    }
    let kept = town.has_rows("SELECT isbn, address FROM orders").await;
    ensure(kept, || {
        not_kept(
            "after the answer, the table `orders` is empty".to_owned(),
            isbn,
            address,
        )
    })?;
    ensure(!early, || {
        Fault::new("returned_before_work_finished")
            .happened("another program was writing to the database, so the order couldn't be stored yet, but the customer got a 202")
            .expected("the handler stores an order before it answers")
            .next("in `order`, await the `INSERT` before you answer: only the mail may wait")
    })?;
    ensure(begun == 0, mail_sent_before_order_stored)?;
    town.rows("DROP TABLE orders").await;
    let attempts = town.mailer.attempts();
    let asked = ask_for(&town.shop, "POST", &path);
    town.hold.until(|| asked.answered()).await;
    town.hold.turns(50).await;
    let further = town.mailer.attempts() - attempts;
    town.hold.release().await;
    let reply = asked.answer().await;
    ensure(reply.status != 202, || {
        Fault::new("error_swallowed")
            .happened("the `INSERT` failed because the table was gone, but the customer got a 202")
            .expected("the answer is a 500 if the order can't be stored")
            .next("in `order`, pass on the error of the `INSERT`: `.map_err(database_failed)?`")
    })?;
    ensure(further == 0, mail_sent_before_order_stored)?;
    expected("POST /orders, with a broken database", &reply, 500, "")
}

fn mail_sent_before_order_stored() -> Fault {
    Fault::new("mail_sent_before_order_stored")
        .happened(
            "the handler began to send the mail before the order was in the database, where it may never arrive",
        )
        .expected(
            "the handler stores the order first: no customer gets a mail for an order that the shop doesn't have",
        )
        .next("in `order`, spawn the mail after the `INSERT` and its `?`")
}

fn it_is_kept_before_anything_else(answer: &Answer) {
    examine(async |_| kept_first(answer).await);
}

fn requests_share_a_connection(answer: &Answer) {
    examine(async |_| shares_its_connection(answer, Handler::Order).await);
}

fn all_handlers_share_one_pool(answer: &Answer) {
    examine(async |_| shares_the_pool(answer, Handler::Order).await);
}

/// There's no limit on how many mails are sent at once, or on how long one may take.
fn mails_have_no_limit(answer: &Answer) {
    const ORDERS: usize = 10;
    const HOURS: Duration = Duration::from_secs(3 * 60 * 60);
    examine(async |_| {
        kept_first(answer).await?;
        let (isbn, address) = ("333", "grace@example.org");
        goes_out(&ordered(answer, isbn, address).await?, isbn, address)?;
        let mailer = SimulatedMailer::new(HOURS);
        let mut town = Town::with(answer, Upstream::builder(), 1, mailer, |isbn| {
            isbn.to_owned()
        })
        .await;
        let path = format!("/orders/{isbn}/{address}");
        let asked: Vec<_> = (0..ORDERS)
            .map(|_| ask_for(&town.shop, "POST", &path))
            .collect();
        // Each order is written to the disk first, which may take a while.
        while !asked.iter().all(Asked::answered) {
            town.hold.turns(1).await;
        }
        let together = town.hold.until(|| town.mailer.attempts() >= ORDERS);
        ensure(together.await, || {
            too_few(format!(
                "of {ORDERS} slow mails, {} were being sent, and the others waited for them to end",
                town.mailer.attempts()
            ))
        })?;
        for asked in asked {
            expected("POST /orders", &asked.answer().await, 202, "")?;
        }
        hours_go_by(&town, || town.mailer.sent().len() == ORDERS).await;
        let (sent, failures) = (town.mailer.sent().len(), town.failures.try_recv());
        ensure(sent == ORDERS, || {
            gave_up(match failures {
                Ok(failure) => {
                    format!("a mail took 3 hours, and `deps.failures` got {failure:?}")
                }
                Err(_) => format!("each mail took 3 hours, and {sent} of {ORDERS} had gone out"),
            })
        })
    });
}

fn not_kept(happened: String, isbn: &str, address: &str) -> Fault {
    Fault::new("row_never_written")
        .happened(happened)
        .expected(format!(
            "the table contains the order: {:?}",
            [(isbn, address)]
        ))
        .next("in `order`, await the `INSERT` before you answer: only the mail may wait")
}

/// The order is accepted and stored, whatever comes of the mail.
fn accepted(ordered: &Ordered, isbn: &str, address: &str) -> Result<(), Fault> {
    expected("POST /orders", &ordered.reply, 202, "")?;
    let row = [(isbn.to_owned(), address.to_owned())];
    ensure(ordered.kept == row, || {
        let happened = format!(
            "after the answer, the table `orders` contains {:?}",
            ordered.kept
        );
        not_kept(happened, isbn, address)
    })?;
    ensure(ordered.attempts <= 1, || {
        Fault::new("unrequested_retry")
            .happened(format!("for one order, the handler called the mailer {} times", ordered.attempts))
            .expected("it makes one attempt for each order: the reader of the failures decides whether to try again")
            .next("in `order`, remove the retry, and report the error of the first attempt")
    })
}

fn goes_out(ordered: &Ordered, isbn: &str, address: &str) -> Result<(), Fault> {
    accepted(ordered, isbn, address)?;
    let mail = [(isbn.to_owned(), address.to_owned())];
    ensure(ordered.begun == 1 && ordered.sent == mail, || {
        Fault::new("accepted_job_dropped")
            .happened(format!(
                "{} begun, and ten seconds later {} had gone out",
                counted(ordered.begun, "mail"),
                ordered.sent.len()
            ))
            .expected("one mail goes out, even though the handler returned long before")
            .next("in `order`, let the mail's task outlive the handler: a `JoinSet` or an `AbortOnDropHandle` ends it when the handler returns")
    })
}

fn the_answer_does_not_wait_for_the_mail(answer: &Answer) {
    examine(async |_| {
        kept_first(answer).await?;
        for (isbn, address) in [("111", "ada@example.org"), ("333", "alan@example.org")] {
            let ordered = ordered(answer, isbn, address).await?;
            goes_out(&ordered, isbn, address)?;
            ensure(ordered.failures.is_empty(), || {
                Fault::new("success_reported_as_failure")
                    .happened(format!(
                        "the mail went out, and `deps.failures` got {:?}",
                        ordered.failures
                    ))
                    .expected("it gets lines about failures only")
                    .next("in `order`, report only the `Err` of the mail and the `Err` of its task")
            })?;
        }
        Ok(())
    });
}

const ERROR: (&str, &str) = ("nobody@example.org", "refuses mail to nobody@example.org");
const PANIC: (&str, &str) = ("null@example.org", "mail to null@example.org");

/// Whether a mail to this address was reported, with the words of its failure.
async fn reported(
    answer: &Answer,
    isbn: &str,
    (address, words): (&str, &str),
) -> Result<bool, Fault> {
    let ordered = ordered(answer, isbn, address).await?;
    accepted(&ordered, isbn, address)?;
    let failures = ordered.failures;
    ensure(failures.len() <= 1, || {
        Fault::new("failure_reported_twice")
            .happened(format!(
                "one mail failed, and `deps.failures` got {failures:?}"
            ))
            .expected("it gets one line for each mail that failed")
            .next("in `order`, report only where you await the mail's task")
    })?;
    ensure(failures.iter().all(|line| line.contains(words)), || {
        Fault::new("error_detail_lost")
            .happened(format!("`deps.failures` got {failures:?}"))
            .expected(format!("the line contains the text of the error or the panic: {words:?}"))
            .next("in `order`, send `error.to_string()`: a `JoinError` prints the message of the panic, too")
    })?;
    Ok(!failures.is_empty())
}

/// In both tests, the fault's name depends on whether errors, panics or neither are reported.
async fn failures_are_reported(answer: &Answer) -> Result<(), Fault> {
    kept_first(answer).await?;
    let (isbn, address) = ("333", "grace@example.org");
    goes_out(&ordered(answer, isbn, address).await?, isbn, address)?;
    for isbn in ["111", "222"] {
        let error = reported(answer, isbn, ERROR).await?;
        let panic = reported(answer, isbn, PANIC).await?;
        let fault = match (error, panic) {
            (true, true) => continue,
            (false, false) => Fault::new("task_outcome_ignored")
                .happened("one mail was refused and another one panicked, and `deps.failures` got a line about neither")
                .next("in `order`, use what `tokio::spawn` returns: something other than the handler has to await it, since the customer shouldn't wait"),
            (true, false) => Fault::new("panic_swallowed")
                .happened("one mail was refused, and `deps.failures` got a line about it. Another one panicked, and it got none: a panic ends its task before the line that reports it")
                .next("in `order`, await the task's `JoinHandle` in a second task: its `JoinError` is the panic"),
            (false, true) => Fault::new("inner_error_ignored")
                .happened("one mail panicked, and `deps.failures` got a line about it. Another one was refused, and it got none")
                .next("in `order`, match on both results that the handle gives: `Ok(Err(error))` is a task that ended well, with a mail that failed"),
        };
        return Err(fault.expected(
            "`deps.failures` gets one line for each mail that fails, whether by an error or by a panic",
        ));
    }
    Ok(())
}

fn what_comes_to_nothing_is_reported(answer: &Answer) {
    examine(async |_| failures_are_reported(answer).await);
}
