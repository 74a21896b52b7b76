//! Lets two minutes pass before each test, so whatever an earlier one has left behind has expired.

use std::sync::Arc;

use async_workbook::services::upstream::Upstream;
use tokio::time::sleep;

pub async fn check_cache(make: &dyn Fn(Upstream) -> Arc<dyn Cache>) {
    sleep(120 * SECOND).await;
    nothing_is_called_unasked(make).await;
    sleep(120 * SECOND).await;
    a_page_is_good_for_a_minute(make).await;
    sleep(120 * SECOND).await;
    the_minute_does_not_begin_anew(make).await;
    sleep(120 * SECOND).await;
    a_new_page_is_returned(make).await;
    sleep(120 * SECOND).await;
    callers_share_a_call(make).await;
    sleep(120 * SECOND).await;
    callers_share_an_error(make).await;
    sleep(120 * SECOND).await;
    a_new_error_is_returned(make).await;
    sleep(120 * SECOND).await;
    a_caller_may_be_dropped(make).await;
}
