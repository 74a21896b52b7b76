//! Each check writes down what it sees, and compares that with a text, as a snapshot test does. The till's orders are
//! random, from seeds that never change.

use std::{fmt::Write as _, future::poll_fn, sync::Arc, task::Poll, time::Duration};

use async_workbook::services::upstream::{Page, Route, Upstream, UpstreamError};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use futures::{
    FutureExt as _,
    future::{BoxFuture, join, join_all},
};
use serde_json::Value;
use tokio::{
    pin,
    time::{Instant, sleep, timeout},
};
use tower::ServiceExt as _;

const HOUR: Duration = Duration::from_secs(3600);

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub trait Cache: Send + Sync {
    fn get(&self) -> BoxFuture<'_, Result<Page, UpstreamError>>;
}

pub async fn check_cache(make: &dyn Fn(Upstream) -> Arc<dyn Cache>) {
    let page = |body: &str| Route::new("rates").latency(ms(1000)).body(body);
    let broken = page("").fails(503);
    let good = log(make, page("new").first(1, page("old"))).await;
    assert_eq!(
        good,
        "made: 0 calls\n\
         3 callers, old old old: 1000 ms, 1 call\n\
         after 59999 ms, old old old: 0 ms, 1 call\n\
         after 2 ms, new new new: 1000 ms, 2 calls\n\
         after 30000 ms, new new new: 0 ms, 2 calls\n\
         after 30001 ms, new new new: 1000 ms, 3 calls\n\
         one left, new\n"
    );
    let at_first = log(make, page("new").first(1, broken.clone())).await;
    assert_eq!(
        at_first,
        "made: 0 calls\n\
         3 callers, error error error: 1000 ms, 1 call\n\
         after 59999 ms, new new new: 1000 ms, 2 calls\n\
         after 2 ms, new new new: 0 ms, 2 calls\n\
         after 30000 ms, new new new: 0 ms, 2 calls\n\
         after 30001 ms, new new new: 1000 ms, 3 calls\n\
         one left, new\n"
    );
    let later = log(make, broken.first(1, page("old"))).await;
    assert!(
        later.contains("after 2 ms, error error error: 1000 ms, 2 calls"),
        "{later}"
    );

    let upstream = Upstream::builder().route(broken_once(page("page"))).build();
    let cache = make(upstream.clone());
    assert!(cache.get().await.is_err());
    assert!(cache.get().await.is_ok());
    assert_eq!(upstream.hits(), 2);

    let caches = ["here", "there"].map(|body| make(Upstream::builder().route(page(body)).build()));
    let bodies = join_all(caches.iter().map(|cache| gotten(&**cache))).await;
    assert_eq!(bodies, ["here", "there"]);
    let bodies = join_all(caches.iter().map(|cache| gotten(&**cache))).await;
    assert_eq!(bodies, ["here", "there"]);
}

fn broken_once(route: Route) -> Route {
    route.clone().first(1, route.fails(503))
}

/// What a cache does in one story, with the time that each `get` took and the calls so far.
async fn log(make: &dyn Fn(Upstream) -> Arc<dyn Cache>, route: Route) -> String {
    let upstream = Upstream::builder().route(route).build();
    let cache = make(upstream.clone());
    sleep(HOUR).await;
    let mut log = format!("made: {} calls\n", upstream.hits());
    for (title, wait) in [
        ("3 callers", 0),
        ("after 59999 ms", 59_999),
        ("after 2 ms", 2),
        ("after 30000 ms", 30_000),
        ("after 30001 ms", 30_001),
    ] {
        sleep(ms(wait)).await;
        let start = Instant::now();
        let bodies = join_all((0..3).map(|_| gotten(&*cache))).await;
        let (bodies, took) = (bodies.join(" "), start.elapsed().as_millis());
        let calls = match upstream.hits() {
            1 => "1 call".to_owned(),
            hits => format!("{hits} calls"),
        };
        writeln!(log, "{title}, {bodies}: {took} ms, {calls}").expect("a String takes every write");
    }
    let calls = upstream.hits();
    sleep(HOUR).await;
    assert_eq!(upstream.hits(), calls);
    let (_left, stays) = join(timeout(ms(500), cache.get()), gotten(&*cache)).await;
    // When it comes depends on whose call it is.
    writeln!(log, "one left, {stays}").expect("a String takes every write");
    log
}

async fn gotten(cache: &dyn Cache) -> String {
    match timeout(HOUR, cache.get()).await {
        Ok(Ok(page)) => page.body,
        Ok(Err(_)) => "error".into(),
        Err(_) => "nothing".into(),
    }
}

pub async fn check_service(make: &dyn Fn(Upstream) -> Router) {
    let rate = |currency: &str, latency| {
        let route = Route::new(format!("rates/{currency}"));
        route
            .latency(ms(latency))
            .body(format!("rate of {currency}"))
    };
    let upstream = Upstream::builder()
        .route(rate("EUR", 10))
        .route(rate("JPY", 4_990))
        .route(rate("BAD", 10).fails(500))
        .route(rate("TEA", 10).fails(418))
        .route(rate("FAR", 5_010))
        .build();
    let service = make(upstream.clone());
    let asked = [
        "EUR", "JPY", "Eur", "EURO", "E", "E1R", "E%C3%9CR", "ABC", "BAD", "TEA", "FAR",
    ];
    let lines = join_all(asked.map(|currency| line(&service, currency))).await;
    assert_eq!(
        lines.concat(),
        "EUR: 200, currency EUR, rate rate of EUR, after 10 ms\n\
         JPY: 200, currency JPY, rate rate of JPY, after 4990 ms\n\
         Eur: 400, error …, after 0 ms\n\
         EURO: 400, error …, after 0 ms\n\
         E: 400, error …, after 0 ms\n\
         E1R: 400, error …, after 0 ms\n\
         E%C3%9CR: 400, error …, after 0 ms\n\
         ABC: 404, error …, after 0 ms\n\
         BAD: 502, error …, after 10 ms\n\
         TEA: 502, error …, after 10 ms\n\
         FAR: 504, error …, after 5000 ms\n"
    );
    sleep(ms(1)).await;
    assert_eq!(upstream.in_flight(), 0);
    // The five wrong ones reached nothing.
    assert_eq!(upstream.hits(), 6);
    let again = line(&service, "EUR").await;
    assert_eq!(
        again,
        "EUR: 200, currency EUR, rate rate of EUR, after 10 ms\n"
    );
    assert_eq!(upstream.hits(), 7);
}

/// What varies, and may, is redacted: the words of an error.
async fn line(service: &Router, currency: &str) -> String {
    let start = Instant::now();
    let request = Request::get(format!("/rates/{currency}")).body(Body::empty());
    let response = service.clone().oneshot(request.expect("the path is sound"));
    let Ok(response) = timeout(HOUR, response).await.expect("it responds");
    let status = response.status().as_u16();
    assert_eq!(response.headers()["content-type"], "application/json");
    let body = to_bytes(response.into_body(), usize::MAX).await;
    let json: Value = serde_json::from_slice(&body.expect("it's in memory")).expect("it's JSON");
    let mut line = format!("{currency}: {status}");
    for (name, value) in json.as_object().expect("it's an object") {
        let value = value.as_str().expect("it's a text");
        let shown = if name == "error" { "…" } else { value };
        if name == "error" {
            assert!(!value.contains("rates/") && !value.contains("404"));
            assert!(!value.contains("500") && !value.contains("418"));
        }
        write!(line, ", {name} {shown}").expect("a String takes every write");
    }
    let took = start.elapsed().as_millis();
    line + &format!(", after {took} ms\n")
}

pub trait Till: Send + Sync {
    fn sell(&self, tickets: usize) -> BoxFuture<'_, bool>;
    fn left(&self) -> usize;
}

/// Numbers that look random, and are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % limit
    }
}

/// Polls a future now and then, and drops it after so many polls.
async fn now_and_then<T>(seed: u64, mut polls: u64, future: impl Future<Output = T>) -> Option<T> {
    let mut random = Random(seed);
    // How often it's passed over at a time: often, seldom.
    let patience = 2 + random.below(6);
    pin!(future);
    poll_fn(|context| {
        if polls == 0 {
            return Poll::Ready(None);
        }
        context.waker().wake_by_ref();
        if random.below(patience) > 0 {
            return Poll::Pending;
        }
        polls -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

pub async fn check_till(make: &dyn Fn(usize) -> Arc<dyn Till>) {
    for seed in 0..1_500_u64 {
        let mut random = Random(seed);
        let (stock, wanted) = (
            3,
            [1 + random.below(2), 1 + random.below(2)].map(|n| n as usize),
        );
        let leaves = random.below(3);
        let polls = [0, 1].map(|who| {
            if who == leaves {
                random.below(9)
            } else {
                1_000_000
            }
        });
        let till = make(stock);
        let sales = join(
            now_and_then(random.below(1 << 30), polls[0], till.sell(wanted[0])),
            now_and_then(random.below(1 << 30), polls[1], till.sell(wanted[1])),
        );
        let ended = timed_out(sales.boxed()).await;
        let (first, second) = ended.unwrap_or_else(|| panic!("seed {seed}: a sale hangs"));
        let results = [first, second];
        let sold = std::iter::zip(results, wanted).filter(|(sold, _)| *sold == Some(true));
        let sold: usize = sold.map(|(_, tickets)| tickets).sum();
        assert_eq!(till.left() + sold, stock, "seed {seed}");
        let rest = timed_out(till.sell(stock - sold)).await;
        assert_eq!(rest, Some(true), "seed {seed}");
        if leaves == 2 {
            assert!(sold > 0, "seed {seed}");
            let are_enough = wanted[0] + wanted[1] <= stock;
            assert!(!are_enough || sold == wanted[0] + wanted[1], "seed {seed}");
        }
    }
}

/// The sales wake themselves at each poll, so no time passes while they go on. What takes ten thousand turns hangs.
async fn timed_out<T>(mut sales: BoxFuture<'_, T>) -> Option<T> {
    for _ in 0..10_000 {
        if let Some(ended) = sales.as_mut().now_or_never() {
            return Some(ended);
        }
        tokio::task::yield_now().await;
    }
    None
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_testing::grade!();
