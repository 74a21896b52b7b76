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
    town::{Town, expected, more_connections},
};

pub(crate) const TASK: Task<Answer> = task!(
    quote: no_connection_is_held_during_the_call,
    the_quote_is_right_and_is_kept,
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
        for quotes in [2, 5] {
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
            ensure(together, || {
                let calls = town.catalogue.high_water();
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
        }
        Ok(())
    });
}

fn the_quote_is_right_and_is_kept(answer: &Answer) {
    examine(async |_| {
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
                Fault::new("quote_not_kept")
                    .happened(format!("the table `quotes` holds {kept:?}"))
                    .expected(format!("one row for each quote that was answered: {right:?}"))
                    .next("keep the quote before it is answered, on a connection that is taken after the call")
            },
        )
    });
}
