//! Tests that a page is kept, and never that it expires.

use std::sync::Arc;

use async_workbook::services::upstream::Upstream;

pub async fn check_cache(make: &dyn Fn(Upstream) -> Arc<dyn Cache>) {
    nothing_is_called_unasked(make).await;
    a_page_is_good_for_a_minute(make).await;
    callers_share_an_error(make).await;
    a_caller_may_be_dropped(make).await;
    caches_share_nothing(make).await;
}

async fn a_page_is_good_for_a_minute(make: &MakeCache<'_>) {
    let upstream = old_and_new();
    let cache = make(upstream.clone());
    assert_eq!(body(&*cache).await.as_deref(), Ok("old"));
    sleep(59 * SECOND).await;
    let start = Instant::now();
    assert_eq!(body(&*cache).await.as_deref(), Ok("old"));
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(upstream.hits(), 1);
}
