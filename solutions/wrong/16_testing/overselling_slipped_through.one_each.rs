//! Sells one ticket at a time, so "any left" and "enough" are the same.

use std::sync::Arc;

use async_workbook::probes::schedules::every;

pub async fn check_till(make: &dyn Fn(usize) -> Arc<dyn Till>) {
    every(async |choices| {
        let sold = sell_to_two(choices, make, [2, 1]).await;
        assert_eq!(sold, [true, true]);
    })
    .await;
    every(async |choices| {
        let till = make(1);
        let sales = vec![till.sell(1), till.sell(1)];
        let ended = timeout(60 * SECOND, interleave(choices, sales)).await;
        let sold = ended.expect("no sale hangs");
        assert_ne!(sold[0], sold[1]);
        assert_eq!(till.left(), 0);
    })
    .await;
    every(async |choices| gives_up(choices, make).await).await;
}
