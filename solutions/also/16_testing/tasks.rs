//! Callers and clients are tasks, whose results are awaited and expected. The cache's tests are one story, with the moments
//! at which something is asked. The till's customers are polled by hand, in orders that a number stands for.

use std::{
    sync::Arc,
    task::{Context, Waker},
    time::Duration,
};

use async_workbook::services::upstream::{Page, Route, Upstream, UpstreamError};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, Response},
};
use futures::{FutureExt as _, future::BoxFuture};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, sleep_until, timeout},
};
use tower::{Service as _, ServiceExt};

pub trait Cache: Send + Sync {
    fn get(&self) -> BoxFuture<'_, Result<Page, UpstreamError>>;
}

const HOUR: Duration = Duration::from_secs(3600);

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

/// So many callers at the same moment. What they get, if it's the same for all.
async fn asked(cache: &Arc<dyn Cache>, callers: usize) -> Result<String, u16> {
    let mut tasks = JoinSet::new();
    for _ in 0..callers {
        let cache = Arc::clone(cache);
        tasks.spawn(async move { timeout(HOUR, cache.get()).await });
    }
    let mut gotten: Vec<_> = tasks.join_all().await;
    let last = gotten.pop().expect("somebody asks").expect("`get` ends");
    for other in gotten {
        assert_eq!(other.as_ref(), Ok(&last));
    }
    match last {
        Ok(page) => Ok(page.body),
        Err(UpstreamError::Status { status, .. }) => Err(status),
        Err(error) => panic!("{error}"),
    }
}

fn route(body: &str) -> Route {
    Route::new("rates").latency(seconds(0.5)).body(body)
}

fn failing() -> Route {
    route("").fails(500)
}

pub async fn check_cache(make: &dyn Fn(Upstream) -> Arc<dyn Cache>) {
    let pages = route("second").first(1, route("first"));
    let upstream = Upstream::builder().route(pages).build();
    let cache = make(upstream.clone());
    sleep(HOUR).await;
    assert_eq!(upstream.hits(), 0);

    let start = Instant::now();
    assert_eq!(asked(&cache, 3).await.as_deref(), Ok("first"));
    for (moment, hits, callers, body) in [
        (0.6, 1, 2, "first"),
        (30.6, 1, 2, "first"),
        (60.4, 1, 1, "first"),
        (60.6, 2, 3, "second"),
        (121.0, 2, 3, "second"),
        (121.2, 3, 3, "second"),
    ] {
        sleep_until(start + seconds(moment)).await;
        let (before, asks) = (upstream.hits(), Instant::now());
        assert_eq!(
            asked(&cache, callers).await.as_deref(),
            Ok(body),
            "at {moment} s"
        );
        assert_eq!(upstream.hits(), hits, "at {moment} s");
        if before == hits {
            assert_eq!(asks.elapsed(), Duration::ZERO, "at {moment} s");
        }
    }
    sleep(HOUR).await;
    assert_eq!(upstream.hits(), 3);
    an_error_is_shared_and_forgotten(make).await;

    let cache = make(
        Upstream::builder()
            .route(failing().first(1, route("page")))
            .build(),
    );
    assert_eq!(asked(&cache, 1).await.as_deref(), Ok("page"));
    sleep(HOUR).await;
    assert_eq!(asked(&cache, 2).await, Err(500));

    the_first_caller_may_leave(make).await;
    let one = make(Upstream::builder().route(route("one")).build());
    let other = make(Upstream::builder().route(route("other")).build());
    assert_eq!(asked(&one, 1).await.as_deref(), Ok("one"));
    assert_eq!(asked(&other, 1).await.as_deref(), Ok("other"));
}

async fn an_error_is_shared_and_forgotten(make: &dyn Fn(Upstream) -> Arc<dyn Cache>) {
    let upstream = Upstream::builder()
        .route(route("page").first(1, failing()))
        .build();
    let cache = make(upstream.clone());
    assert_eq!(asked(&cache, 4).await, Err(500));
    assert_eq!(upstream.hits(), 1);
    assert_eq!(asked(&cache, 4).await.as_deref(), Ok("page"));
    assert_eq!(upstream.hits(), 2);
}

async fn the_first_caller_may_leave(make: &dyn Fn(Upstream) -> Arc<dyn Cache>) {
    let cache = make(Upstream::builder().route(route("page")).build());
    let first = Arc::clone(&cache);
    let first = tokio::spawn(async move { first.get().await.is_ok() });
    sleep(seconds(0.1)).await;
    let second = Arc::clone(&cache);
    let second = tokio::spawn(async move { timeout(HOUR, second.get()).await });
    sleep(seconds(0.1)).await;
    first.abort();
    let page = second.await.expect("it doesn't panic").expect("`get` ends");
    assert_eq!(page.expect("the call succeeds").body, "page");
}

/// As axum serves it: ready, and then called.
async fn respond(mut service: Router, path: &str) -> Response<Body> {
    let request = Request::get(path)
        .body(Body::empty())
        .expect("the path is sound");
    let service = ServiceExt::<Request<Body>>::ready(&mut service).await;
    let Ok(service) = service;
    let response = timeout(HOUR, service.call(request)).await;
    let Ok(response) = response.expect("it responds");
    response
}

/// The status, and the fields of the JSON, which are texts: `200 currency=EUR rate=1.1`.
async fn line(service: &Router, currency: &str) -> String {
    let service = service.clone();
    let path = format!("/rates/{currency}");
    let task = tokio::spawn(async move {
        let response = respond(service, &path).await;
        assert_eq!(response.headers()["content-type"], "application/json");
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 1 << 20)
            .await
            .expect("it's short");
        let json: serde_json::Map<String, serde_json::Value> =
            serde_json::from_slice(&body).expect("it's a JSON object");
        let mut fields: Vec<String> = json
            .iter()
            .map(|(name, value)| format!("{name}={}", value.as_str().expect("it's a text")))
            .collect();
        fields.sort();
        format!("{status} {}", fields.join(" "))
    });
    task.await.expect("the assertions hold")
}

pub async fn check_service(make: &dyn Fn(Upstream) -> Router) {
    let route = |currency: &str| Route::new(format!("rates/{currency}")).latency(seconds(2.0));
    let upstream = Upstream::builder()
        .route(route("EUR").body("1.1"))
        .route(route("GBP").body("1.3"))
        .route(route("BAD").fails(418))
        .route(route("NOW").latency(seconds(4.9)).body("1"))
        .route(route("LATE").latency(HOUR))
        .route(route("HRK").latency(HOUR))
        .build();
    let service = make(upstream.clone());
    for wrong in ["usd", "US", "USDX", "LATE", "U.D", "Usd", "%C3%89UR"] {
        let line = line(&service, wrong).await;
        assert!(line.starts_with("400 error="), "{line}");
    }
    assert_eq!(upstream.hits(), 0);

    let start = Instant::now();
    let (euro, pound) = tokio::join!(line(&service, "EUR"), line(&service, "GBP"));
    assert_eq!(start.elapsed(), seconds(2.0));
    assert_eq!(euro, "200 currency=EUR rate=1.1");
    assert_eq!(pound, "200 currency=GBP rate=1.3");
    assert_eq!(line(&service, "NOW").await, "200 currency=NOW rate=1");
    assert_eq!(line(&service, "GBP").await, "200 currency=GBP rate=1.3");
    assert_eq!(upstream.hits(), 4);

    for (currency, expected) in [
        ("ABC", "404 error="),
        ("BAD", "502 error="),
        ("HRK", "504 error="),
    ] {
        let start = Instant::now();
        let line = line(&service, currency).await;
        let text = line
            .strip_prefix(expected)
            .expect("it's the status that the contract says");
        assert!(!text.contains("rates/") && !text.contains("418") && !text.contains("404"));
        if expected.starts_with("504") {
            assert_eq!(start.elapsed(), seconds(5.0));
        }
    }
    sleep(seconds(0.001)).await;
    assert_eq!(upstream.in_flight(), 0);
}

pub trait Till: Send + Sync {
    fn sell(&self, tickets: usize) -> BoxFuture<'_, bool>;
    fn left(&self) -> usize;
}

/// The bits of `order` say who is polled next. When they are used up, both are polled in turn. One may be dropped after
/// so many polls.
fn sold(
    sales: [BoxFuture<'_, bool>; 2],
    order: u32,
    drops: Option<(usize, usize)>,
) -> [Option<bool>; 2] {
    let (mut sales, mut results) = (sales.map(Some), [None; 2]);
    let mut polls = [0; 2];
    let mut context = Context::from_waker(Waker::noop());
    for turn in 0..200_usize {
        let who = match turn {
            0..16 => (order >> turn) as usize & 1,
            _ => turn % 2,
        };
        if drops == Some((who, polls[who])) {
            sales[who] = None;
        }
        if let Some(sale) = &mut sales[who] {
            polls[who] += 1;
            if let std::task::Poll::Ready(sold) = sale.poll_unpin(&mut context) {
                (results[who], sales[who]) = (Some(sold), None);
            }
        }
        if sales.iter().all(Option::is_none) {
            return results;
        }
    }
    panic!("a sale hangs in the order {order:b}");
}

pub async fn check_till(make: &dyn Fn(usize) -> Arc<dyn Till>) {
    for order in 0..1 << 10 {
        for (wanted, least) in [([2, 1], 2), ([2, 2], 1)] {
            let till = make(3);
            let results = sold(wanted.map(|tickets| till.sell(tickets)), order, None);
            let sales = results.iter().filter(|sold| **sold == Some(true)).count();
            assert_eq!(sales, least);
            counted(&*till, results, wanted).await;
        }
    }
    for order in 0..1 << 8 {
        for drops in (0..2).flat_map(|who| (0..9).map(move |polls| (who, polls))) {
            let till = make(3);
            let sales = [2, 1].map(|tickets| till.sell(tickets));
            counted(&*till, sold(sales, order, Some(drops)), [2, 1]).await;
        }
    }
}

async fn counted(till: &dyn Till, results: [Option<bool>; 2], wanted: [usize; 2]) {
    let sold = std::iter::zip(results, wanted).filter(|(sold, _)| *sold == Some(true));
    let sold: usize = sold.map(|(_, tickets)| tickets).sum();
    assert_eq!(till.left() + sold, 3);
    // What comes next has a budget of its own.
    tokio::task::yield_now().await;
    assert_eq!(timeout(HOUR, till.sell(3 - sold)).await, Ok(true));
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_testing::grade!();
