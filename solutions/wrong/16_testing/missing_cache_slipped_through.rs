//! Looks at the page that comes back, and never at the calls.

use std::sync::Arc;

use async_workbook::services::upstream::Upstream;

pub async fn check_cache(make: &dyn Fn(Upstream) -> Arc<dyn Cache>) {
    let cache = make(old_and_new());
    let page = cache.get().await;
    assert!(page.is_ok());
    let page = cache.get().await;
    assert!(page.is_ok());
}
