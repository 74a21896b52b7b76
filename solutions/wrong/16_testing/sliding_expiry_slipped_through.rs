//! Looks once before the end of the minute and once after it, each time with a new cache.

use std::sync::Arc;

use async_workbook::services::upstream::Upstream;

pub async fn check_cache(make: &dyn Fn(Upstream) -> Arc<dyn Cache>) {
    nothing_is_called_unasked(make).await;
    a_page_is_good_for_a_minute(make).await;
    a_new_page_is_returned(make).await;
    callers_share_a_call(make).await;
    callers_share_an_error(make).await;
    a_new_error_is_returned(make).await;
    a_caller_may_be_dropped(make).await;
    caches_share_nothing(make).await;
}

async fn a_page_is_good_for_a_minute(make: &MakeCache<'_>) {
    for (wait, hits) in [(60 * SECOND - MS, 1), (60 * SECOND + MS, 2)] {
        let upstream = old_and_new();
        let cache = make(upstream.clone());
        let _page = body(&*cache).await;
        sleep(wait).await;
        let start = Instant::now();
        let _page = body(&*cache).await;
        assert_eq!(start.elapsed(), CALL * (hits - 1));
        assert_eq!(upstream.hits(), hits as usize);
    }
}
