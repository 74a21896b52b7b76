//! Chapter 16, testing: the reference solution.

use std::{sync::Arc, time::Duration};

use async_workbook::{
    probes::schedules::{Choices, every, give_up_after, interleave},
    services::upstream::{Page, Route, Upstream, UpstreamError},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header::CONTENT_TYPE},
};
use futures::{
    FutureExt as _,
    future::{BoxFuture, join_all},
};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};
use tower::ServiceExt as _;

const SECOND: Duration = Duration::from_secs(1);
const MS: Duration = Duration::from_millis(1);

pub trait Cache: Send + Sync {
    fn get(&self) -> BoxFuture<'_, Result<Page, UpstreamError>>;
}

type MakeCache<'a> = dyn Fn(Upstream) -> Arc<dyn Cache> + 'a;

/// One function for each sentence of the contract, each with a cache and an upstream of its own: what fails, says what's
/// wrong, and no test depends on what another left behind.
pub async fn check_cache(make: &dyn Fn(Upstream) -> Arc<dyn Cache>) {
    nothing_is_called_unasked(make).await;
    a_page_is_good_for_a_minute(make).await;
    the_minute_does_not_begin_anew(make).await;
    a_new_page_is_returned(make).await;
    callers_share_a_call(make).await;
    callers_share_an_error(make).await;
    a_new_error_is_returned(make).await;
    a_caller_may_be_dropped(make).await;
    caches_share_nothing(make).await;
}

/// How long a call of the upstream takes.
const CALL: Duration = Duration::from_secs(2);

fn rates(body: &str) -> Route {
    Route::new("rates").latency(CALL).body(body)
}

/// An upstream with the page `old` for the first call, and `new` for all others.
fn old_and_new() -> Upstream {
    let route = rates("new").first(1, rates("old"));
    Upstream::builder().route(route).build()
}

/// What the cache returns, if it does so within a minute.
async fn body(cache: &dyn Cache) -> Result<String, UpstreamError> {
    let page = timeout(60 * SECOND, cache.get()).await;
    page.expect("`get` returns").map(|page| page.body)
}

async fn nothing_is_called_unasked(make: &MakeCache<'_>) {
    let upstream = old_and_new();
    let cache = make(upstream.clone());
    sleep(120 * SECOND).await;
    assert_eq!(upstream.hits(), 0, "nobody has asked");
    let _page = body(&*cache).await;
    sleep(120 * SECOND).await;
    assert_eq!(upstream.hits(), 1, "nobody has asked again");
}

/// Just before the end of the minute, and just after it: a limit has two sides.
async fn a_page_is_good_for_a_minute(make: &MakeCache<'_>) {
    let upstream = old_and_new();
    let cache = make(upstream.clone());
    assert_eq!(body(&*cache).await.as_deref(), Ok("old"));
    sleep(60 * SECOND - MS).await;
    let start = Instant::now();
    assert_eq!(body(&*cache).await.as_deref(), Ok("old"));
    assert_eq!(start.elapsed(), Duration::ZERO, "the page is there");
    assert_eq!(upstream.hits(), 1);
    sleep(2 * MS).await;
    let _page = body(&*cache).await;
    assert_eq!(upstream.hits(), 2, "the minute is over");
}

async fn the_minute_does_not_begin_anew(make: &MakeCache<'_>) {
    let upstream = old_and_new();
    let cache = make(upstream.clone());
    for _ in 0..4 {
        let _page = body(&*cache).await;
        sleep(20 * SECOND + MS).await;
    }
    assert_eq!(upstream.hits(), 2, "60 s from when the page came");
}

async fn a_new_page_is_returned(make: &MakeCache<'_>) {
    let cache = make(old_and_new());
    assert_eq!(body(&*cache).await.as_deref(), Ok("old"));
    sleep(61 * SECOND).await;
    assert_eq!(body(&*cache).await.as_deref(), Ok("new"));
}

async fn callers_share_a_call(make: &MakeCache<'_>) {
    let upstream = old_and_new();
    let cache = make(upstream.clone());
    for hits in [1, 2] {
        let bodies = join_all((0..5).map(|_| body(&*cache))).await;
        assert!(bodies.iter().all(Result::is_ok));
        assert_eq!(upstream.hits(), hits, "five callers, one call");
        sleep(61 * SECOND).await;
    }
}

async fn callers_share_an_error(make: &MakeCache<'_>) {
    let route = rates("new").first(1, rates("").fails(503));
    let upstream = Upstream::builder().route(route).build();
    let cache = make(upstream.clone());
    let bodies = join_all((0..5).map(|_| body(&*cache))).await;
    assert!(bodies.iter().all(Result::is_err));
    assert_eq!(upstream.hits(), 1, "five callers, one call");
    assert_eq!(body(&*cache).await.as_deref(), Ok("new"));
}

async fn a_new_error_is_returned(make: &MakeCache<'_>) {
    let route = rates("").fails(503).first(1, rates("old"));
    let cache = make(Upstream::builder().route(route).build());
    assert_eq!(body(&*cache).await.as_deref(), Ok("old"));
    sleep(61 * SECOND).await;
    assert!(body(&*cache).await.is_err());
}

/// The first caller is the one who makes the call, if anybody does.
async fn a_caller_may_be_dropped(make: &MakeCache<'_>) {
    let cache = make(old_and_new());
    let leaves = timeout(SECOND, cache.get());
    let (left, stays) = futures::join!(leaves, body(&*cache));
    assert!(left.is_err(), "the call takes longer");
    // From which call is up to the cache.
    assert!(stays.is_ok(), "{stays:?}");
}

async fn caches_share_nothing(make: &MakeCache<'_>) {
    for name in ["one", "other"] {
        let upstream = Upstream::builder().route(rates(name)).build();
        assert_eq!(body(&*make(upstream)).await.as_deref(), Ok(name));
    }
}

type MakeService<'a> = dyn Fn(Upstream) -> Router + 'a;

pub async fn check_service(make: &dyn Fn(Upstream) -> Router) {
    it_returns_each_rate(make).await;
    it_checks_the_currency(make).await;
    it_tells_failures_apart(make).await;
    it_gives_up_after_five_seconds(make).await;
    it_handles_requests_together(make).await;
}

struct Reply {
    status: StatusCode,
    json: Value,
}

/// No socket is needed: a router is a function from a request to a response.
async fn ask(service: &Router, currency: &str) -> Reply {
    let request = Request::get(format!("/rates/{currency}")).body(Body::empty());
    let request = request.expect("the path is sound");
    let reply = timeout(60 * SECOND, service.clone().oneshot(request)).await;
    let Ok(response) = reply.expect("the service answers");
    assert!(is_json(response.headers()), "{:?}", response.headers());
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await;
    let json = serde_json::from_slice(&body.expect("it's in memory"));
    Reply {
        status,
        json: json.expect("the body is JSON"),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    value.is_some_and(|value| value.starts_with("application/json"))
}

/// Asks for a currency that fails, and returns the text of the error.
async fn refused(service: &Router, currency: &str, status: u16) -> String {
    let reply = ask(service, currency).await;
    assert_eq!(reply.status.as_u16(), status, "{currency}");
    let error = reply.json["error"].as_str();
    error.expect("the error has a text").to_owned()
}

/// EUR and USD have a rate. LAT comes just in time, SLO takes an hour, OLD fails, and ITL is gone.
fn bank() -> Upstream {
    let rate = |name: &str, rate: &str| {
        Route::new(format!("rates/{name}"))
            .latency(SECOND)
            .body(rate)
    };
    Upstream::builder()
        .route(rate("EUR", "1.08"))
        .route(rate("USD", "1.00"))
        .route(rate("OLD", "").fails(503))
        .route(rate("ITL", "").fails(410))
        .route(rate("SLO", "9.99").latency(3600 * SECOND))
        .route(rate("LAT", "4.99").latency(5 * SECOND - MS))
        .build()
}

/// The JSON is parsed, so neither spaces nor the order of its fields matter.
async fn it_returns_each_rate(make: &MakeService<'_>) {
    let upstream = bank();
    let service = make(upstream.clone());
    let rates = [("EUR", "1.08"), ("USD", "1.00"), ("LAT", "4.99")];
    for (currency, rate) in rates.into_iter().chain(rates) {
        let reply = ask(&service, currency).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(reply.json["currency"], json!(currency));
        assert_eq!(reply.json["rate"], json!(rate));
    }
    assert_eq!(upstream.hits(), 6, "nothing is kept");
}

async fn it_checks_the_currency(make: &MakeService<'_>) {
    let upstream = bank();
    let service = make(upstream.clone());
    // The last one is `ÄÖÜ`.
    for currency in ["eur", "EU1", "EU", "EURO", "%C3%84%C3%96%C3%9C"] {
        refused(&service, currency, 400).await;
    }
    assert_eq!(upstream.hits(), 0, "there was nothing to ask for");
}

async fn it_tells_failures_apart(make: &MakeService<'_>) {
    let service = make(bank());
    let missing = refused(&service, "ZZZ", 404).await;
    let failed = refused(&service, "OLD", 502).await;
    let gone = refused(&service, "ITL", 502).await;
    for detail in ["rates/", "404", "503", "410"] {
        for error in [&missing, &failed, &gone] {
            assert!(!error.contains(detail), "{error}");
        }
    }
}

async fn it_gives_up_after_five_seconds(make: &MakeService<'_>) {
    let upstream = bank();
    let service = make(upstream.clone());
    let start = Instant::now();
    refused(&service, "SLO", 504).await;
    assert_eq!(start.elapsed(), 5 * SECOND);
    sleep(MS).await;
    assert_eq!(upstream.in_flight(), 0, "nobody waits for this call");
}

async fn it_handles_requests_together(make: &MakeService<'_>) {
    let service = make(bank());
    let start = Instant::now();
    join_all((0..3).map(|_| ask(&service, "EUR"))).await;
    assert_eq!(start.elapsed(), SECOND, "as long as one");
}

pub trait Till: Send + Sync {
    fn sell(&self, tickets: usize) -> BoxFuture<'_, bool>;
    fn left(&self) -> usize;
}

/// A property holds in every order: what was sold and what is left are what there was. It's asserted for enough tickets and
/// for too few, and for a customer who gives up at each await.
pub async fn check_till(make: &dyn Fn(usize) -> Arc<dyn Till>) {
    every(async |choices| {
        let sold = sell_to_two(choices, make, [2, 1]).await;
        assert_eq!(sold, [true, true], "there are enough");
    })
    .await;
    every(async |choices| {
        let sold = sell_to_two(choices, make, [2, 2]).await;
        assert_ne!(sold[0], sold[1], "there are enough for one");
    })
    .await;
    every(async |choices| gives_up(choices, make).await).await;
}

const STOCK: usize = 3;

async fn sell_to_two(
    choices: &mut Choices,
    make: &dyn Fn(usize) -> Arc<dyn Till>,
    wanted: [usize; 2],
) -> Vec<bool> {
    let till = make(STOCK);
    let sales = Vec::from(wanted.map(|tickets| till.sell(tickets)));
    let ended = timeout(60 * SECOND, interleave(choices, sales)).await;
    let sold = ended.expect("no sale hangs");
    let paid = std::iter::zip(&sold, wanted).filter(|(sold, _)| **sold);
    let paid: usize = paid.map(|(_, tickets)| tickets).sum();
    assert_eq!(till.left() + paid, STOCK, "in the order {choices}");
    sold
}

async fn gives_up(choices: &mut Choices, make: &dyn Fn(usize) -> Arc<dyn Till>) {
    let till = make(STOCK);
    // More polls than any sale here takes.
    let polls = choices.pick(10);
    let sales = vec![
        till.sell(1).map(Some).boxed(),
        give_up_after(polls, till.sell(2)).boxed(),
    ];
    let ended = timeout(60 * SECOND, interleave(choices, sales)).await;
    let sold = ended.expect("no sale hangs");
    let paid: usize = std::iter::zip(sold, [1, 2])
        .map(|(sold, tickets)| if sold == Some(true) { tickets } else { 0 })
        .sum();
    assert_eq!(
        till.left() + paid,
        STOCK,
        "after {polls} polls, in the order {choices}"
    );
    let rest = timeout(60 * SECOND, till.sell(till.left())).await;
    assert_eq!(rest, Ok(true), "what is left can be bought");
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_testing::grade!();
