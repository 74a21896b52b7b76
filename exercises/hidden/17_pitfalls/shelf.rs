//! The hidden tests of `shelf`.

use std::time::Duration;

use async_workbook::{
    clock::Hold,
    harness::{Task, counted, task},
    services::upstream::{Builder, Route, Upstream},
    verdict::{Fault, ensure, examine},
};
use tokio::time::sleep;

use crate::{
    Answer,
    additions::{Page, each_request_asks_once, it_is_waited_for},
    town::{Town, ask_for, expected},
};

/// How many calls all shelves together may have, even if an answer changes its own `AT_ONCE`.
const AT_ONCE: usize = 4;

pub(crate) const TASK: Task<Answer> = task!(
    shelf: all_requests_share_the_limit,
    titles_come_in_their_order,
    permits_come_back,
    nothing_is_added,
);

fn catalogue(books: usize) -> Builder {
    (0..books).fold(Upstream::builder(), |builder, isbn| {
        builder.route(Route::new(format!("titles/{isbn}")).body(format!("title {isbn}")))
    })
}

fn path(books: std::ops::Range<usize>) -> String {
    let isbns: Vec<_> = books.map(|isbn| isbn.to_string()).collect();
    format!("/shelves/{}", isbns.join(","))
}

fn too_few(at_most: usize) -> Fault {
    Fault::new("limit_too_low")
        .happened(format!(
            "the catalogue had {} in flight, and no more came, although there was more to ask for",
            counted(at_most, "call")
        ))
        .expected(format!(
            "{AT_ONCE} calls are in flight while there's enough to ask for"
        ))
        .next(
            "in `shelf`, take a permit just before each call, and hold it only until the call ends",
        )
}

/// How many calls shelves of these sizes have in flight at once, when the catalogue answers none of them.
async fn at_once(answer: &Answer, shelves: &[usize]) -> usize {
    // This many are never in flight, so the catalogue never answers.
    let town = Town::new(answer, catalogue(0).gate(1_000)).await;
    let asked = shelves.iter().map(|&books| town.get(&path(0..books)));
    let asked: Vec<_> = asked.collect();
    town.hold
        .until(|| town.catalogue.in_flight() >= AT_ONCE)
        .await;
    // Calls over the limit come at once: nothing else is running.
    town.hold.turns(200).await;
    drop(asked);
    town.catalogue.high_water()
}

/// How many calls two services have in flight together, each with a shelf of seven books.
async fn in_two_services(answer: &Answer) -> usize {
    let town = Town::new(answer, catalogue(0).gate(1_000)).await;
    let url = town.catalogue.url().expect("it is over HTTP");
    let second = town.shop_with(url.to_owned());
    let asked = [town.get(&path(0..7)), ask_for(&second, "GET", &path(0..7))];
    town.hold
        .until(|| town.catalogue.in_flight() >= 2 * AT_ONCE)
        .await;
    town.hold.turns(200).await;
    drop(asked);
    town.catalogue.high_water()
}

fn nothing_is_added(answer: &Answer) {
    const PAGE: Page = Page {
        path: "/shelves/1",
        parts: &[("titles/1", "title 1")],
        body: "title 1",
    };
    examine(async |_| {
        each_request_asks_once(answer, &PAGE).await?;
        it_is_waited_for(answer, &PAGE).await
    });
}

fn all_requests_share_the_limit(answer: &Answer) {
    examine(async |_| {
        let alone = at_once(answer, &[12]).await;
        ensure(alone <= AT_ONCE, || {
            Fault::new("limit_not_enforced")
                .happened(format!("one shelf of 12 books had {alone} calls in flight at once"))
                .expected(format!("all shelves together have at most {AT_ONCE} calls in flight"))
                .next("in `shelf`, keep a permit of the semaphore in a named variable until the call ends: a client and its pool don't limit the calls")
        })?;
        ensure(alone == AT_ONCE, || too_few(alone))?;
        let together = at_once(answer, &[7, 7, 7]).await;
        ensure(together <= AT_ONCE, || {
            Fault::new("limit_per_call")
                .happened(format!("one shelf had {alone} calls in flight at once, and three shelves at the same time had {together}"))
                .expected(format!("all shelves together have at most {AT_ONCE} calls in flight"))
                .next("in `shelf`, count the semaphores that exist while three customers look at shelves")
        })?;
        ensure(together == AT_ONCE, || too_few(together))?;
        let small = at_once(answer, &[3, 3]).await;
        ensure(small == AT_ONCE, || {
            Fault::new("permits_taken_in_bulk")
                .happened(format!("two shelves of 3 books each had {} in flight at once: the second shelf waited for all its permits, although one was free", counted(small, "call")))
                .expected(format!("{AT_ONCE} calls are in flight while there's enough to ask for"))
                .next("in `shelf`, take a permit for each call instead of `acquire_many` for the whole shelf")
        })?;
        let both = in_two_services(answer).await;
        ensure(both == 2 * AT_ONCE, || {
            Fault::new("limit_shared_too_widely")
                .happened(format!("two services in one process had {} in flight together", counted(both, "call")))
                .expected(format!("each of them has {AT_ONCE}: two services share nothing"))
                .next("move the semaphore from the `static` to `Shop`, since each service makes its own `Shop`")
        })
    });
}

fn titles_come_in_their_order(answer: &Answer) {
    examine(async |_| {
        let town = Town::new(answer, catalogue(30).gate(AT_ONCE)).await;
        let shelves = [0..9, 9..10, 10..30];
        let asked = shelves.clone().map(|books| (path(books.clone()), books));
        let asked = asked.map(|(path, books)| (town.get(&path), path, books));
        town.hold
            .until(|| asked.iter().all(|(asked, ..)| asked.answered()))
            .await;
        let most = town.catalogue.high_water();
        ensure(most >= AT_ONCE, || too_few(most))?;
        for (asked, path, books) in asked {
            let titles: Vec<_> = books.map(|isbn| format!("title {isbn}")).collect();
            expected(&path, &asked.answer().await, 200, &titles.join("\n"))?;
        }
        Ok(())
    });
}

/// The catalogue fails and customers hang up. Neither may cost a permit.
fn permits_come_back(answer: &Answer) {
    examine(async |_| {
        let hour = Duration::from_secs(3600);
        let slow = (0..AT_ONCE).fold(catalogue(12), |builder, isbn| {
            builder.page(format!("titles/{isbn}"), hour)
        });
        let mut town = Town::new(answer, slow).await;
        let hasty = town.get(&path(0..8));
        let calls = town.hold.until(|| town.catalogue.in_flight() >= AT_ONCE);
        ensure(calls.await, || too_few(town.catalogue.in_flight()))?;
        drop(hasty);
        // An answer may let the calls go on without a customer, if their permits come back when they end.
        town.hold.release().await;
        sleep(2 * hour).await;
        town.hold = Hold::new();
        town.hold.until(|| town.catalogue.in_flight() == 0).await;
        let mut failed = 0;
        for _ in 0..2 * AT_ONCE {
            // One of these books doesn't exist.
            let asked = town.get(&path(10..13));
            if town.hold.until(|| asked.answered()).await {
                expected(&path(10..13), &asked.answer().await, 502, "")?;
                failed += 1;
            }
        }
        let asked = town.get(&path(8..11));
        let answered = town.hold.until(|| asked.answered()).await;
        ensure(answered, || {
            Fault::new("permit_leaked")
                .happened(format!(
                    "a customer had hung up, and {failed} of {} shelves had failed: the service made no more calls, and never answered a shelf",
                    2 * AT_ONCE
                ))
                .expected("a permit comes back however its call ends: with a page, with a failure, or dropped half way")
                .next("in `shelf`, keep the permit as a guard, which gives itself back, instead of `forget`, `add_permits` or a counter")
        })?;
        let titles = "title 8\ntitle 9\ntitle 10";
        expected("/shelves/8,9,10", &asked.answer().await, 200, titles)
    });
}
