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
    pools::{Handler, shares_the_pool},
    town::{Asked, Reply, Town, ask_for, expected},
};

pub(crate) const TASK: Task<Answer> = task!(
    order: the_answer_does_not_wait_for_the_mail,
    it_is_kept_before_anything_else,
    what_comes_to_nothing_is_reported,
    all_handlers_share_one_pool,
    mails_have_no_limit,
);

const MAIL: Duration = Duration::from_secs(2);

struct Ordered {
    reply: Reply,
    /// How many mails were begun when the answer was there or a little later, and in all.
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
        Fault::new("answer_waits_for_the_mail")
            .happened("the mail was under way, and the customer had no answer until it was sent")
            .expected("the answer comes at once, and the mail goes out later")
            .next("have a task of its own wait for the mail's task, and report what came of it")
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

/// Nobody can write for a while: neither the answer nor the mail may come before the order is kept.
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
    // Writing to the disk takes as long as it takes.
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
        Fault::new("returned_before_written")
            .happened("another program was writing to the database, so that the order could not be kept yet; the customer was told that it was accepted")
            .expected("an order is kept, and then it is answered")
            .next("await the `INSERT` in the handler: it is the mail that may wait")
    })?;
    ensure(begun == 0, mail_before_order)?;
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
            .happened("the `INSERT` failed, since the table was gone, and the customer was told that the order was accepted")
            .expected("an order that cannot be kept is a 500")
            .next("pass on what the `INSERT` returns: `.map_err(database_failed)?`")
    })?;
    ensure(further == 0, mail_before_order)?;
    expected("POST /orders, of a broken database", &reply, 500, "")
}

fn mail_before_order() -> Fault {
    Fault::new("mail_before_order")
        .happened(
            "the mail was begun before the order was in the database, where it may never arrive",
        )
        .expected(
            "the order is kept first: nobody gets a mail for an order that the shop does not have",
        )
        .next("await the `INSERT`, and leave with `?` if it fails; spawn the mail after it")
}

fn it_is_kept_before_anything_else(answer: &Answer) {
    examine(async |_| kept_first(answer).await);
}

fn all_handlers_share_one_pool(answer: &Answer) {
    examine(async |_| shares_the_pool(answer, Handler::Order).await);
}

/// Neither on how many are under way at once, nor on how long one may take.
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
        // Each is written to the disk first, which takes as long as it takes.
        while !asked.iter().all(Asked::answered) {
            town.hold.turns(1).await;
        }
        let together = town.hold.until(|| town.mailer.attempts() >= ORDERS);
        ensure(together.await, || {
            too_few(format!(
                "of {ORDERS} mails, each of which takes a while, {} were under way; the others waited for them to end",
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
                    format!("a mail took 3 hours, and `deps.failures` was told {failure:?}")
                }
                Err(_) => format!("each mail took 3 hours, and {sent} of {ORDERS} had gone out"),
            })
        })
    });
}

fn not_kept(happened: String, isbn: &str, address: &str) -> Fault {
    Fault::new("order_not_kept")
        .happened(happened)
        .expected(format!("it holds the order: {:?}", [(isbn, address)]))
        .next("await the database before you answer: it is the mail that may wait")
}

/// The order is accepted and kept, whatever comes of the mail.
fn accepted(ordered: &Ordered, isbn: &str, address: &str) -> Result<(), Fault> {
    expected("POST /orders", &ordered.reply, 202, "")?;
    let row = [(isbn.to_owned(), address.to_owned())];
    ensure(ordered.kept == row, || {
        let happened = format!(
            "after the answer, the table `orders` holds {:?}",
            ordered.kept
        );
        not_kept(happened, isbn, address)
    })?;
    ensure(ordered.attempts <= 1, || {
        Fault::new("second_attempt")
            .happened(format!("for one order, the mailer was called {} times", ordered.attempts))
            .expected("one attempt for each order: whether to try again is for whoever reads of the failure")
            .next("report what the first attempt came to, and leave it at that")
    })
}

fn goes_out(ordered: &Ordered, isbn: &str, address: &str) -> Result<(), Fault> {
    accepted(ordered, isbn, address)?;
    let mail = [(isbn.to_owned(), address.to_owned())];
    ensure(ordered.begun == 1 && ordered.sent == mail, || {
        Fault::new("mail_lost")
            .happened(format!(
                "{} begun, and ten seconds later {} had gone out",
                counted(ordered.begun, "mail"),
                ordered.sent.len()
            ))
            .expected("one mail, which goes out although the handler has long returned")
            .next("look at who owns the mail's task: a `JoinSet` or a handle that aborts when it is dropped ends it with the handler")
    })
}

fn the_answer_does_not_wait_for_the_mail(answer: &Answer) {
    examine(async |_| {
        kept_first(answer).await?;
        for (isbn, address) in [("111", "ada@example.org"), ("333", "alan@example.org")] {
            let ordered = ordered(answer, isbn, address).await?;
            goes_out(&ordered, isbn, address)?;
            ensure(ordered.failures.is_empty(), || {
                Fault::new("success_reported")
                    .happened(format!(
                        "the mail went out, and `deps.failures` was told {:?}",
                        ordered.failures
                    ))
                    .expected("it is told of failures only")
                    .next("report the `Err` of the mail, and that of its task, and nothing else")
            })?;
        }
        Ok(())
    });
}

const ERROR: (&str, &str) = ("nobody@example.org", "refuses mail to nobody@example.org");
const PANIC: (&str, &str) = ("null@example.org", "mail to null@example.org");

/// What was reported of a mail to this address, with the words of its failure.
async fn reported(
    answer: &Answer,
    isbn: &str,
    (address, words): (&str, &str),
) -> Result<bool, Fault> {
    let ordered = ordered(answer, isbn, address).await?;
    accepted(&ordered, isbn, address)?;
    let failures = ordered.failures;
    ensure(failures.len() <= 1, || {
        Fault::new("reported_twice")
            .happened(format!(
                "one mail failed, and `deps.failures` was told {failures:?}"
            ))
            .expected("one line for each mail that came to nothing")
            .next("report in one place: where the mail's task is awaited")
    })?;
    ensure(failures.iter().all(|line| line.contains(words)), || {
        Fault::new("reason_missing")
            .happened(format!("`deps.failures` was told {failures:?}"))
            .expected(format!("the line has the words of the error or the panic: {words:?}"))
            .next("the `Display` of the mail's error has its words, and that of a `JoinError` has those of the panic")
    })?;
    Ok(!failures.is_empty())
}

/// Which of an error and a panic are reported decides what the fault is called, in both tests alike.
async fn failures_are_reported(answer: &Answer) -> Result<(), Fault> {
    kept_first(answer).await?;
    let (isbn, address) = ("333", "grace@example.org");
    goes_out(&ordered(answer, isbn, address).await?, isbn, address)?;
    for isbn in ["111", "222"] {
        let error = reported(answer, isbn, ERROR).await?;
        let panic = reported(answer, isbn, PANIC).await?;
        let fault = match (error, panic) {
            (true, true) => continue,
            (false, false) => Fault::new("failure_vanishes")
                .happened("a mail was refused, and another one panicked: `deps.failures` was told of neither")
                .next("look at what `tokio::spawn` returns, and at who could wait for it, since the customer should not"),
            (true, false) => Fault::new("panic_vanishes")
                .happened("a mail was refused, and that was reported; another one panicked, and nobody was told: a panic ends its task before the line that reports it")
                .next("await the task's `JoinHandle` in another task: its `JoinError` is the panic"),
            (false, true) => Fault::new("error_vanishes")
                .happened("a mail panicked, and that was reported; another one was refused, and nobody was told")
                .next("the handle gives a `Result` in a `Result`: `Ok(Err(error))` is a task that ended well, and a mail that did not"),
        };
        return Err(fault.expected(
            "one line for each mail that came to nothing, whether by an error or by a panic",
        ));
    }
    Ok(())
}

fn what_comes_to_nothing_is_reported(answer: &Answer) {
    examine(async |_| failures_are_reported(answer).await);
}
