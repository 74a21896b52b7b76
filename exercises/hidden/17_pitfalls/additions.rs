//! What nobody asked for, and shows only when a page is asked for again, by many, or very slowly: caches, second
//! attempts, limits, time limits, and what two services have in common.

use std::time::Duration;

use async_workbook::{
    clock::Readable,
    harness::counted,
    services::{
        mailer::SimulatedMailer,
        upstream::{Builder, Route, Upstream},
    },
    verdict::{Fault, ensure},
};
use tokio::time::advance;

use crate::{
    Answer,
    town::{Town, ask_for, expected},
};

const HOUR: Duration = Duration::from_secs(60 * 60);
/// Longer than any time limit that somebody might think of.
const HOURS: u32 = 3;

/// A page of the service, with what the catalogue is asked for it.
pub(crate) struct Page {
    pub(crate) path: &'static str,
    /// The paths at the catalogue, and what it says there.
    pub(crate) parts: &'static [(&'static str, &'static str)],
    pub(crate) body: &'static str,
}

impl Page {
    fn catalogue(&self, change: impl Fn(Route) -> Route) -> Builder {
        self.parts
            .iter()
            .fold(Upstream::builder(), |builder, (path, body)| {
                builder.route(change(Route::new(*path).body(*body)))
            })
    }

    async fn town(&self, answer: &Answer, catalogue: Builder) -> Town {
        let mailer = SimulatedMailer::new(Duration::ZERO);
        Town::with(answer, catalogue, 1, mailer, |isbn| isbn.to_owned()).await
    }
}

/// Each request asks the catalogue anew, and once; and another service asks with a client of its own.
pub(crate) async fn each_request_asks_once(answer: &Answer, page: &Page) -> Result<(), Fault> {
    let town = page.town(answer, page.catalogue(|route| route)).await;
    for requests in 1..=3 {
        let reply = town.get(page.path).answer().await;
        expected(page.path, &reply, 200, page.body)?;
        asked_as_often(&town, page, requests)?;
    }
    let before = town.catalogue.connections();
    // A connection is ready for the next request once the client has taken note of the end of this one.
    town.hold.turns(50).await;
    let url = town.catalogue.url().expect("it is over HTTP");
    let second = town.shop_with(url.to_owned());
    let reply = ask_for(&second, "GET", page.path).answer().await;
    expected(page.path, &reply, 200, page.body)?;
    ensure(town.catalogue.connections() > before, || {
        Fault::new("client_in_a_static")
            .happened("a second service called the catalogue over a connection of the first one's client")
            .expected("two services in one process have nothing in common")
            .next("keep the client in `Shop`, which is made for each service, rather than in a `static`")
    })?;
    let failing = page.town(answer, page.catalogue(|route| route.fails(503)));
    let town = failing.await;
    for requests in 1..=2 {
        town.get(page.path).answer().await;
        asked_as_often(&town, page, requests)?;
    }
    Ok(())
}

fn asked_as_often(town: &Town, page: &Page, requests: usize) -> Result<(), Fault> {
    let (hits, due) = (town.catalogue.hits(), requests * page.parts.len());
    let happened = format!(
        "for {} of {}, the catalogue was asked {}",
        counted(requests, "request"),
        page.path,
        counted(hits, "time")
    );
    let expected = format!("it is asked {}", counted(due, "time"));
    ensure(hits >= due, || {
        Fault::new("pages_cached")
            .happened(&happened)
            .expected(&expected)
            .next("ask the catalogue for each request: a page that is kept goes out of date, and nobody has said after how long")
    })?;
    ensure(hits <= due, || {
        Fault::new("second_attempt")
            .happened(&happened)
            .expected(&expected)
            .next("call the catalogue once for each page: whether to try again is for whoever asked you")
    })
}

/// However many ask at the same time, all of them are at the catalogue.
pub(crate) async fn all_are_asked_for_at_once(
    answer: &Answer,
    page: &Page,
    customers: usize,
) -> Result<(), Fault> {
    let calls = customers * page.parts.len();
    let catalogue = page.catalogue(|route| route).gate(calls);
    let town = page.town(answer, catalogue).await;
    let asked: Vec<_> = (0..customers).map(|_| town.get(page.path)).collect();
    let together = town.hold.until(|| town.catalogue.high_water() == calls);
    ensure(together.await, || {
        too_few(format!(
            "{customers} customers asked for {} at the same time, and of {calls} calls to the catalogue {} were under way; the others waited for them to end",
            page.path,
            town.catalogue.high_water()
        ))
    })?;
    for asked in asked {
        expected(page.path, &asked.answer().await, 200, page.body)?;
    }
    Ok(())
}

pub(crate) fn too_few(happened: String) -> Fault {
    Fault::new("too_few_in_flight")
        .happened(happened)
        .expected("all of them are under way at the same time: this task asks for no limit")
        .next("remove the semaphore, the lock or the queue that makes them wait for each other")
}

/// However long the catalogue takes, its page is waited for.
pub(crate) async fn it_is_waited_for(answer: &Answer, page: &Page) -> Result<(), Fault> {
    let slow = page.catalogue(|route| route.latency(HOURS * HOUR));
    let town = page.town(answer, slow).await;
    let asked = town.get(page.path);
    let begun = || town.catalogue.in_flight() == page.parts.len() || asked.answered();
    town.hold.until(begun).await;
    hours_go_by(&town, || asked.answered()).await;
    let reply = asked.answer().await;
    ensure(reply.is(200, page.body), || {
        gave_up(format!(
            "the catalogue took {HOURS} hours for {}, and after {} {}",
            page.path,
            Readable(reply.after),
            reply.told()
        ))
    })
}

pub(crate) fn gave_up(happened: String) -> Fault {
    Fault::new("gave_up_too_early")
        .happened(happened)
        .expected("it is waited for: this task asks for no time limit")
        .next("remove the time limit, from the call and from the client that makes it")
}

/// Lets the hours pass that a slow service takes, or until there is no need. The clock is held between two of them,
/// so that it never jumps over what is on its way.
pub(crate) async fn hours_go_by(town: &Town, done: impl Fn() -> bool) {
    for _ in 0..HOURS {
        town.hold.turns(50).await;
        if done() {
            return;
        }
        advance(HOUR).await;
    }
    town.hold.until(done).await;
}
