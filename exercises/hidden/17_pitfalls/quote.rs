//! The hidden tests of `quote`.

use std::time::Duration;

use async_workbook::{
    harness::{Task, counted, task},
    services::{
        mailer::SimulatedMailer,
        upstream::{Builder, Route, Upstream},
    },
    verdict::{Fault, ensure, examine},
};

use crate::{
    Answer,
    additions::{Page, each_request_asks_once, it_is_waited_for, too_few},
    pools::{Handler, shares_its_connection, shares_the_pool},
    town::{Town, connection_limit_exceeded, expected},
};

pub(crate) const TASK: Task<Answer> = task!(
    quote: requests_share_a_connection,
    no_connection_is_held_during_the_call,
    it_is_kept_before_it_is_answered,
    the_quote_is_right_and_is_kept,
    all_handlers_share_one_pool,
    nothing_is_added,
);

async fn town(answer: &Answer, builder: Builder) -> Town {
    let mailer = SimulatedMailer::new(Duration::ZERO);
    Town::with(answer, builder, 1, mailer, |isbn| isbn.to_owned()).await
}

fn rates() -> Builder {
    Upstream::builder()
        .route(Route::new("rates/usd").body("110"))
        .route(Route::new("rates/isk").body("14200"))
}

fn no_connection_is_held_during_the_call(answer: &Answer) {
    examine(async |_| {
        for quotes in [2, 20] {
            wait_together(answer, quotes).await?;
        }
        Ok(())
    });
}

/// This many quotes wait for their rates at once, with one connection to the database.
async fn wait_together(answer: &Answer, quotes: usize) -> Result<(), Fault> {
    let town = town(answer, rates().gate(quotes)).await;
    // The first quote's call is in flight before the other requests begin.
    let mut asked = vec![town.get("/quotes/111/usd")];
    while town.catalogue.in_flight() == 0 && !asked[0].answered() {
        town.hold.turns(1).await;
    }
    asked.extend((1..quotes).map(|_| town.get("/quotes/222/isk")));
    let together = town.hold.until(|| town.catalogue.high_water() == quotes);
    let together = together.await;
    let opened = town.database.opened();
    ensure(opened <= 1, || connection_limit_exceeded(opened, 1))?;
    if !together && !town.is_first {
        // A connection that an earlier service's runtime took with it is not given back.
        town.opened_a_connection("its quotes waited for a connection that never came")?;
    }
    ensure(together, || {
        let calls = town.catalogue.high_water();
        if quotes > 2 {
            return too_few(format!(
                "customers asked for {quotes} quotes at the same time. There were {} for the rate in flight, and the other quotes waited for them to end",
                counted(calls, "call")
            ));
        }
        Fault::new("connection_held_while_waiting")
                    .happened(format!(
                        "while {} for the rate was in flight, the one connection was taken, although the database was idle: the next quote waits for it until the pool times out",
                        counted(calls, "call")
                    ))
                    .expected(format!("all {quotes} quotes wait for their rates at the same time, and none of them holds a connection meanwhile"))
                    .next("in `quote`, look at each step between taking the connection and giving it back: which of them needs the database?")
    })?;
    for (index, asked) in asked.into_iter().enumerate() {
        let quoted = if index == 0 { "1100" } else { "362100" };
        expected("/quotes", &asked.answer().await, 200, quoted)?;
    }
    Ok(())
}

/// For a while nothing can write to the database. There must be no answer without a row, and no call without a book.
async fn kept_before_answered(answer: &Answer) -> Result<(), Fault> {
    wait_together(answer, 2).await?;
    let town = town(answer, rates()).await;
    let lock = town.write_lock().await;
    let quote = town.get("/quotes/111/usd");
    let called = || town.catalogue.hits() == 1 && town.catalogue.in_flight() == 0;
    town.hold.until(|| called() || quote.answered()).await;
    town.hold.turns(100).await;
    let early = quote.answered();
    // The one connection is busy with that quote, so this quote has to wait before it knows its book.
    let unknown = town.get("/quotes/444/isk");
    town.hold.turns(100).await;
    let calls = town.catalogue.hits();
    lock.release().await;
    let reply = quote.answer().await;
    town.has_own_pool(&reply)?;
    expected("/quotes/111/usd", &reply, 200, "1100")?;
    let kept = town
        .has_rows("SELECT isbn, CAST(cents AS TEXT) FROM quotes")
        .await;
    ensure(kept, || not_kept("the table `quotes` is empty".to_owned()))?;
    ensure(!early, || {
        Fault::new("returned_before_work_finished")
            .happened("another program was writing to the database, so the quote couldn't be stored yet, but the handler answered all the same")
            .expected("the handler stores a quote before it answers")
            .next("in `quote`, await the `INSERT` in the handler itself, not in a task: a task may fail, or never run")
    })?;
    ensure(calls <= 1, || {
        Fault::new("call_made_before_lookup")
            .happened("the handler asked the catalogue for the rate before it knew whether the book exists")
            .expected("it answers 404 for an unknown book, without asking the catalogue")
            .next("in `quote`, await the price first, and ask for the rate only once you have it")
    })?;
    expected("/quotes/444/isk", &unknown.answer().await, 404, "")?;
    ensure(town.catalogue.hits() == 1, || {
        Fault::new("call_made_before_lookup")
            .happened("the handler asked the catalogue for the rate of a book that doesn't exist")
            .expected("it answers 404 for an unknown book, without asking the catalogue")
            .next("in `quote`, await the price first, and ask for the rate only once you have it")
    })?;
    town.rows("DROP TABLE quotes").await;
    let reply = town.get("/quotes/111/usd").answer().await;
    ensure(reply.status != 200, || {
        Fault::new("error_swallowed")
            .happened("the `INSERT` failed because the table was gone, but the handler answered with a quote all the same")
            .expected("the answer is a 500 if the quote can't be stored")
            .next("in `quote`, pass on the error of the `INSERT`: `.map_err(database_failed)?`")
    })?;
    expected("/quotes, with a broken database", &reply, 500, "")
}

fn not_kept(happened: String) -> Fault {
    Fault::new("row_never_written")
        .happened(happened)
        .expected("the table has one row for each quote that was answered")
        .next("in `quote`, store the quote before you answer, on a connection that you take after the call")
}

fn it_is_kept_before_it_is_answered(answer: &Answer) {
    examine(async |_| kept_before_answered(answer).await);
}

fn requests_share_a_connection(answer: &Answer) {
    examine(async |_| shares_its_connection(answer, Handler::Quote).await);
}

fn all_handlers_share_one_pool(answer: &Answer) {
    examine(async |_| shares_the_pool(answer, Handler::Quote).await);
}

fn nothing_is_added(answer: &Answer) {
    const PAGE: Page = Page {
        path: "/quotes/111/usd",
        parts: &[("rates/usd", "110")],
        body: "1100",
    };
    examine(async |_| {
        each_request_asks_once(answer, &PAGE).await?;
        it_is_waited_for(answer, &PAGE).await
    });
}

fn the_quote_is_right_and_is_kept(answer: &Answer) {
    examine(async |_| {
        kept_before_answered(answer).await?;
        let town = town(
            answer,
            rates()
                .route(Route::new("rates/xxx").fails(503))
                .route(Route::new("rates/yyy").body("much")),
        )
        .await;
        for (path, status, body) in [
            ("/quotes/111/usd", 200, "1100"),
            ("/quotes/222/usd", 200, "2805"),
            ("/quotes/333/isk", 200, "100110"),
            ("/quotes/444/usd", 404, ""),
            ("/quotes/111/xxx", 502, ""),
            ("/quotes/111/yyy", 502, ""),
        ] {
            expected(path, &town.get(path).answer().await, status, body)?;
        }
        let opened = town.database.opened();
        ensure(opened <= 1, || connection_limit_exceeded(opened, 1))?;
        let kept = town
            .rows("SELECT isbn, CAST(cents AS TEXT) FROM quotes ORDER BY isbn")
            .await;
        let right = [("111", "1100"), ("222", "2805"), ("333", "100110")];
        ensure(
            kept.iter()
                .map(|(isbn, cents)| (&**isbn, &**cents))
                .eq(right),
            || {
                not_kept(format!(
                    "after three quotes, the table `quotes` contains {kept:?}"
                ))
            },
        )
    });
}
