//! Makes one till for all orders, so the first order changes the next.

use std::sync::Arc;

use async_workbook::probes::schedules::{every, interleave};

pub async fn check_till(make: &dyn Fn(usize) -> Arc<dyn Till>) {
    let till = make(STOCK);
    every(async |choices| {
        let sales = vec![till.sell(2), till.sell(1)];
        let ended = timeout(60 * SECOND, interleave(choices, sales)).await;
        assert_eq!(ended.expect("no sale hangs"), [true, true]);
        assert_eq!(till.left(), 0);
    })
    .await;
}
