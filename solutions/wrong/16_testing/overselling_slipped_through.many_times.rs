//! Runs twenty tasks, ten times: on one thread that's the same order each time.

use std::sync::Arc;

use tokio::task::JoinSet;

pub async fn check_till(make: &dyn Fn(usize) -> Arc<dyn Till>) {
    for _ in 0..10 {
        let till = make(10);
        let mut sales = JoinSet::new();
        for _ in 0..20 {
            let till = Arc::clone(&till);
            sales.spawn(async move { till.sell(1).await });
        }
        let sold = sales.join_all().await;
        let sold = sold.into_iter().filter(|sold| *sold).count();
        assert_eq!(sold, 10);
        assert_eq!(till.left(), 0);
    }
}
