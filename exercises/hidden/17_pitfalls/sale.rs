//! The hidden tests of `sale`, the one handler that is sound as it comes: it has to stay so. What a transaction promises
//! shows when something fails half-way.

use std::time::Duration;

use async_workbook::{
    harness::{Task, task},
    services::{mailer::SimulatedMailer, upstream::Upstream},
    verdict::{Fault, ensure, examine},
};

use crate::{
    Answer,
    pools::{Handler, shares_its_connection, shares_the_pool},
    town::{Asked, Reply, Town, ask_for, expected},
};

pub(crate) const TASK: Task<Answer> = task!(
    sale: all_books_are_sold_or_none,
    a_refused_commit_is_no_sale,
    no_copy_is_sold_twice,
    requests_share_a_connection,
    all_handlers_share_one_pool,
);

/// A town whose service has one connection to the database.
async fn town(answer: &Answer) -> Town {
    let mailer = SimulatedMailer::new(Duration::ZERO);
    Town::with(answer, Upstream::builder(), 1, mailer, |isbn| {
        isbn.to_owned()
    })
    .await
}

fn sell(town: &Town, isbns: &str) -> Asked {
    ask_for(&town.shop, "POST", &format!("/sales/{isbns}"))
}

/// Each book with its copies.
async fn stock(town: &Town) -> Vec<(String, String)> {
    let query = "SELECT isbn, CAST(copies AS TEXT) FROM books ORDER BY isbn";
    town.rows(query).await
}

fn sold_in_part(happened: String) -> Fault {
    Fault::new("transaction_split")
        .happened(happened)
        .expected("all books of a sale are sold, or none")
        .next("in `sale`, run every statement on one transaction, and commit it at the end: it keeps its connection while it waits for the database, and for nothing else")
}

fn all_books_are_sold_or_none(answer: &Answer) {
    examine(async |_| {
        let town = town(answer).await;
        let reply = sell(&town, "111,333").answer().await;
        expected("/sales/111,333", &reply, 204, "")?;
        let sold = "SELECT isbn, 'sold' FROM books WHERE isbn = '333' AND copies = 11";
        ensure(town.has_rows(sold).await, || {
            Fault::new("commit_forgotten")
                .happened("the handler answered 204, and the table `books` was as it had been before")
                .expected("after a 204, there is one copy less of each book of the sale")
                .next("in `sale`, await `transaction.commit()` before you answer: a transaction that is dropped takes all of its statements back")
        })?;
        // Sold out, and unknown: after one book that there is, or after two.
        for isbns in ["111,222", "333,111,444"] {
            let before = stock(&town).await;
            let reply = sell(&town, isbns).answer().await;
            expected(&format!("/sales/{isbns}"), &reply, 409, "")?;
            nothing_was_sold(&town, &before, &reply, isbns).await?;
        }
        let before = stock(&town).await;
        town.rows(
            "CREATE TRIGGER damaged BEFORE UPDATE ON books WHEN new.isbn = '333' BEGIN SELECT RAISE(ABORT, 'damaged'); END",
        )
        .await;
        let reply = sell(&town, "111,333").answer().await;
        expected("/sales/111,333, with a broken database", &reply, 500, "")?;
        nothing_was_sold(&town, &before, &reply, "111,333").await?;
        // What failed leaves nothing behind that the next customer has to suffer from.
        town.rows("DROP TRIGGER damaged").await;
        let reply = sell(&town, "111,333").answer().await;
        expected("/sales/111,333", &reply, 204, "")
    });
}

async fn nothing_was_sold(
    town: &Town,
    before: &[(String, String)],
    reply: &Reply,
    isbns: &str,
) -> Result<(), Fault> {
    let after = stock(town).await;
    ensure(after == before, || {
        sold_in_part(format!(
            "a sale of {isbns} failed half-way, and {}. The table `books` had {before:?} before, and {after:?} afterwards",
            reply.told()
        ))
    })
}

/// The statements succeed, and the commit doesn't: only then does the database look whether each receipt has its book.
fn a_refused_commit_is_no_sale(answer: &Answer) {
    examine(async |_| {
        let town = town(answer).await;
        for statement in [
            "CREATE TABLE receipts (isbn TEXT REFERENCES books (isbn) DEFERRABLE INITIALLY DEFERRED)",
            "CREATE TRIGGER receipt AFTER UPDATE ON books BEGIN INSERT INTO receipts VALUES ('none'); END",
        ] {
            town.rows(statement).await;
        }
        let reply = sell(&town, "111").answer().await;
        // The test before this one had the first service of this process.
        town.has_own_pool(&reply)?;
        ensure(reply.status != 204, || {
            Fault::new("error_swallowed")
                .happened("the database refused to commit the sale, but the answer was a 204 all the same")
                .expected("the answer is a 500 if the sale can't be committed")
                .next("in `sale`, await the commit in the handler itself, and pass on its error: `.map_err(database_failed)?`")
        })?;
        expected("/sales/111, with a commit that fails", &reply, 500, "")
    });
}

fn no_copy_is_sold_twice(answer: &Answer) {
    const COPIES: usize = 3;
    const CUSTOMERS: usize = 10;
    examine(async |_| {
        let town = town(answer).await;
        let asked: Vec<_> = (0..CUSTOMERS).map(|_| sell(&town, "111")).collect();
        let mut served = 0;
        for asked in asked {
            let reply = asked.answer().await;
            if reply.status == 204 {
                served += 1;
            } else {
                expected("/sales/111", &reply, 409, "")?;
            }
        }
        ensure(served == COPIES, || {
            sold_in_part(format!(
                "{CUSTOMERS} customers came at the same time for a book with {COPIES} copies, and {served} of them bought one"
            ))
        })
    });
}

fn requests_share_a_connection(answer: &Answer) {
    examine(async |_| shares_its_connection(answer, Handler::Sale).await);
}

fn all_handlers_share_one_pool(answer: &Answer) {
    examine(async |_| shares_the_pool(answer, Handler::Sale).await);
}
