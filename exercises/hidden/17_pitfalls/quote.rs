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
    pools::{Handler, shares_the_pool},
    town::{Town, expected, more_connections},
};

pub(crate) const TASK: Task<Answer> = task!(
    quote: no_connection_is_held_during_the_call,
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

/// So many quotes wait for their rates at once, with one connection to the database.
async fn wait_together(answer: &Answer, quotes: usize) -> Result<(), Fault> {
    let town = town(answer, rates().gate(quotes)).await;
    // The first is at the catalogue before the others are asked for.
    let mut asked = vec![town.get("/quotes/111/usd")];
    while town.catalogue.in_flight() == 0 && !asked[0].answered() {
        town.hold.turns(1).await;
    }
    asked.extend((1..quotes).map(|_| town.get("/quotes/222/isk")));
    let together = town.hold.until(|| town.catalogue.high_water() == quotes);
    let together = together.await;
    let opened = town.database.opened();
    ensure(opened <= 1, || more_connections(opened, 1))?;
    if !together && !town.is_first {
        // A connection that an earlier service's runtime took with it is not given back.
        town.opened_a_connection("its quotes waited for a connection that never came")?;
    }
    ensure(together, || {
        let calls = town.catalogue.high_water();
        if quotes > 2 {
            return too_few(format!(
                "{quotes} quotes were asked for at the same time, and {} for the rate were under way; the others waited for them to end",
                counted(calls, "call")
            ));
        }
        Fault::new("connection_held")
                    .happened(format!(
                        "while {} for the rate was under way, the one connection was taken, although the database was idle: the quote that came next waited for it, until the pool times out",
                        counted(calls, "call")
                    ))
                    .expected(format!("all {quotes} quotes wait for their rates at the same time, and none of them holds a connection meanwhile"))
                    .next("look at all that happens between taking the connection and giving it back, and at which of it needs the database")
    })?;
    for (index, asked) in asked.into_iter().enumerate() {
        let quoted = if index == 0 { "1100" } else { "362100" };
        expected("/quotes", &asked.answer().await, 200, quoted)?;
    }
    Ok(())
}

/// Nobody can write for a while: there is no answer before there is a row, and no call before there is a book.
async fn kept_before_answered(answer: &Answer) -> Result<(), Fault> {
    wait_together(answer, 2).await?;
    let town = town(answer, rates()).await;
    let lock = town.write_lock().await;
    let quote = town.get("/quotes/111/usd");
    let called = || town.catalogue.hits() == 1 && town.catalogue.in_flight() == 0;
    town.hold.until(|| called() || quote.answered()).await;
    town.hold.turns(100).await;
    let early = quote.answered();
    // The one connection is busy with that quote, and so this one has to wait before it knows its book.
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
        Fault::new("returned_before_written")
            .happened("another program was writing to the database, so that the quote could not be kept yet; it was answered all the same")
            .expected("a quote is kept, and then it is answered")
            .next("await the `INSERT` in the handler: a task that nobody awaits may fail, or never run")
    })?;
    ensure(calls <= 1, || {
        Fault::new("call_before_lookup")
            .happened("the catalogue was asked for the rate before the database had said whether there is such a book")
            .expected("an unknown book is a 404, for which the catalogue is not asked")
            .next("await the price first, and ask for the rate once the book is known")
    })?;
    expected("/quotes/444/isk", &unknown.answer().await, 404, "")?;
    ensure(town.catalogue.hits() == 1, || {
        Fault::new("call_before_lookup")
            .happened("the catalogue was asked for the rate of a book that does not exist")
            .expected("an unknown book is a 404, for which the catalogue is not asked")
            .next("await the price first, and ask for the rate once the book is known")
    })?;
    town.rows("DROP TABLE quotes").await;
    let reply = town.get("/quotes/111/usd").answer().await;
    ensure(reply.status != 200, || {
        Fault::new("error_swallowed")
            .happened("the `INSERT` failed, since the table was gone, and the quote was answered all the same")
            .expected("a quote that cannot be kept is a 500")
            .next("pass on what the `INSERT` returns: `.map_err(database_failed)?`")
    })?;
    expected("/quotes, of a broken database", &reply, 500, "")
}

fn not_kept(happened: String) -> Fault {
    Fault::new("quote_not_kept")
        .happened(happened)
        .expected("one row for each quote that was answered")
        .next("keep the quote before it is answered, on a connection that is taken after the call")
}

fn it_is_kept_before_it_is_answered(answer: &Answer) {
    examine(async |_| kept_before_answered(answer).await);
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
        ensure(opened <= 1, || more_connections(opened, 1))?;
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
                    "of three quotes, the table `quotes` holds {kept:?}"
                ))
            },
        )
    });
}
