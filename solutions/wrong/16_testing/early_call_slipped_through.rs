//! Never looks before the first `get`.

use std::sync::Arc;

use async_workbook::services::upstream::Upstream;

pub async fn check_cache(make: &dyn Fn(Upstream) -> Arc<dyn Cache>) {
    a_page_is_good_for_a_minute(make).await;
    the_minute_does_not_begin_anew(make).await;
    a_new_page_is_returned(make).await;
    callers_share_a_call(make).await;
    callers_share_an_error(make).await;
    a_new_error_is_returned(make).await;
    a_caller_may_be_dropped(make).await;
    caches_share_nothing(make).await;
}
