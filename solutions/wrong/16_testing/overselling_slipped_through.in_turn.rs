//! Awaits one sale before it makes the next.

use std::sync::Arc;

pub async fn check_till(make: &dyn Fn(usize) -> Arc<dyn Till>) {
    let till = make(STOCK);
    assert!(till.sell(2).await);
    assert!(!till.sell(2).await);
    assert!(till.sell(1).await);
    assert_eq!(till.left(), 0);
}
