//! Makes the futures of its tests, and awaits none of them.

use std::sync::Arc;

use async_workbook::services::upstream::Upstream;

pub async fn check_cache(make: &dyn Fn(Upstream) -> Arc<dyn Cache>) {
    let _good = a_page_is_good_for_a_minute(make);
    let _shared = callers_share_a_call(make);
    let _dropped = a_caller_may_be_dropped(make);
}
