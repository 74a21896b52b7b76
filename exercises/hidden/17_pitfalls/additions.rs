//! Additions that the tasks don't ask for: caches, retries, limits, time limits, and state that two services share.
//! They show only when a page is asked for again, by many customers at once, or from a very slow catalogue.

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
/// Longer than any ordinary time limit.
const HOURS: u32 = 3;

/// A page of the service, and what it needs from the catalogue.
pub(crate) struct Page {
    pub(crate) path: &'static str,
    /// The catalogue's paths, and its answers.
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

/// Each request asks the catalogue once, and another service asks with a client of its own.
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
            .expected("two services in one process share nothing")
            .next("move the client from the `static` to `Shop`, since each service makes its own `Shop`")
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
        "for {} of {}, the service asked the catalogue {}",
        counted(requests, "request"),
        page.path,
        counted(hits, "time")
    );
    let expected = format!("it asks {}", counted(due, "time"));
    ensure(hits >= due, || {
        Fault::new("unrequested_cache")
            .happened(&happened)
            .expected(&expected)
            .next("remove the cache, and ask the catalogue for each request: a cached page goes out of date")
    })?;
    ensure(hits <= due, || {
        Fault::new("unrequested_retry")
            .happened(&happened)
            .expected(&expected)
            .next("remove the retry, and call the catalogue once for each page: the caller decides whether to try again")
    })
}

/// However many customers ask at the same time, all their calls are in flight together.
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
            "{customers} customers asked for {} at the same time. Of {calls} calls to the catalogue, {} were in flight, and the others waited for them to end",
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
    Fault::new("unrequested_concurrency_limit")
        .happened(happened)
        .expected("all of them run at the same time: this task asks for no limit")
        .next("remove the semaphore, the lock or the queue that makes them wait for each other")
}

/// However long the catalogue takes, the service waits for its page.
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
    Fault::new("given_up_too_early")
        .happened(happened)
        .expected("the service waits for it: this task asks for no time limit")
        .next("remove the time limit, from the call and from the client that makes it")
}

/// Lets the hours pass that a slow service takes, or fewer if that's enough. The clock is held between two of them, so
/// it never jumps over bytes that are on their way.
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
