//! What a wrong implementation does, in the simplest scene that shows it. It's for the verdict on a check that accepted it.

use std::time::Duration;

use async_workbook::{
    clock::Readable,
    services::upstream::{Route, Upstream},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header::CONTENT_TYPE},
};
use futures::future::{join, join_all};
use tokio::time::{Instant, sleep, timeout};
use tower::ServiceExt as _;

use crate::{
    caches::{self, Cache},
    services,
};

const SECOND: Duration = Duration::from_secs(1);

/// Uses a cache of this kind. What it does shows on the timeline.
pub(crate) async fn of_cache(kind: caches::Kind) {
    use caches::Kind;

    let rates = |body: &str| Route::new("rates").latency(2 * SECOND).body(body);
    let route = match kind {
        Kind::ErrorKept => rates("new").first(1, rates("").fails(503)),
        Kind::ErrorHidden => rates("").fails(503).first(1, rates("old")),
        Kind::ErrorRetried => rates("").fails(503),
        _ => rates("new").first(1, rates("old")),
    };
    let upstream = || Upstream::builder().route(route.clone()).build();
    let cache = Cache::new(upstream(), kind);
    // How many seconds there are between two that ask.
    let waits: &[u32] = match kind {
        Kind::Eager => {
            sleep(3 * SECOND).await;
            return;
        }
        Kind::SharesOnce => {
            let _page = cache.get().await;
            sleep(61 * SECOND).await;
            let _pages = join_all((0..3).map(|_| cache.get())).await;
            return;
        }
        Kind::Renews => {
            let _page = cache.get().await;
            sleep(100 * SECOND).await;
            return;
        }
        Kind::OneEach | Kind::ErrorRetried => {
            let _pages = join_all((0..3).map(|_| cache.get())).await;
            return;
        }
        Kind::LeaderGone | Kind::FollowersFail => {
            let leaves = timeout(SECOND, cache.get());
            let stays = timeout(10 * SECOND, cache.get());
            let _pages = join(leaves, stays).await;
            return;
        }
        Kind::OneForAll => {
            let other = Cache::new(upstream(), kind);
            let _pages = (cache.get().await, other.get().await);
            return;
        }
        Kind::ForEver | Kind::Stale | Kind::ErrorHidden => &[61],
        Kind::HalfAMinute => &[40],
        Kind::FromTheCall => &[59],
        Kind::Sliding => &[30, 40],
        _ => &[1],
    };
    let _page = cache.get().await;
    for wait in waits {
        sleep(*wait * SECOND).await;
        let _page = cache.get().await;
    }
}

/// Sends requests to a service of this kind. What they were answered, in lines of text.
pub(crate) async fn of_service(kind: services::Kind) -> String {
    use services::Kind;

    let rate = |currency: &str| Route::new(format!("rates/{currency}")).latency(SECOND);
    let upstream = Upstream::builder()
        .route(rate("EUR").body("1.08"))
        .route(rate("USD").body("1.00"))
        .route(rate("OLD").fails(503))
        .route(rate("TEA").fails(418))
        .route(rate("LAT").latency(5 * SECOND - Duration::from_millis(1)))
        .route(rate("SLO").latency(3600 * SECOND))
        .build();
    let service = services::service(upstream, kind);
    let currencies: &[&str] = match kind {
        Kind::OneAtATime => {
            return join_all((0..3).map(|_| exchange(&service, "EUR")))
                .await
                .concat();
        }
        Kind::FirstRate => &["EUR", "USD"],
        Kind::RemembersEach => &["EUR", "EUR"],
        Kind::AnyThree | Kind::CallsFirst => &["eur"],
        Kind::AnyAlphabet => &["%C3%84%C3%96%C3%9C"],
        Kind::AnyClientErrorIsMissing => &["TEA"],
        Kind::AnyCapitals => &["EURO"],
        Kind::NotFoundIsBadGateway => &["XXX"],
        Kind::RateAsText => &["EUR"],
        Kind::EarlyTimeout => &["LAT"],
        Kind::NoTimeout | Kind::LateTimeout | Kind::CallGoesOn => &["SLO"],
        _ => &["OLD"],
    };
    let mut exchanges = String::new();
    for currency in currencies {
        exchanges += &exchange(&service, currency).await;
    }
    if kind == Kind::CallGoesOn {
        sleep(5 * SECOND).await;
    }
    exchanges
}

async fn exchange(service: &Router, currency: &str) -> String {
    let start = Instant::now();
    let request = Request::get(format!("/rates/{currency}")).body(Body::empty());
    let request = request.expect("the path is sound");
    let Ok(response) = service.clone().oneshot(request).await;
    let status = response.status();
    let header = response.headers().get(CONTENT_TYPE).cloned();
    let content_type = header.as_ref().and_then(|header| header.to_str().ok());
    let body = to_bytes(response.into_body(), usize::MAX).await;
    let body = body.expect("it's in memory");
    format!(
        "GET /rates/{currency}\n  {status}, after {}\n  {}: {}\n",
        Readable(start.elapsed()),
        content_type.unwrap_or("no type"),
        String::from_utf8_lossy(&body).trim_end(),
    )
}
