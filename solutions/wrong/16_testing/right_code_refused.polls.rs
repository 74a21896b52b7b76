//! Demands that a sale is over at its first poll.

use std::sync::Arc;

use async_workbook::probes::schedules::every;

pub async fn check_till(make: &dyn Fn(usize) -> Arc<dyn Till>) {
    every(async |choices| {
        let sold = sell_to_two(choices, make, [2, 1]).await;
        assert_eq!(sold, [true, true]);
    })
    .await;
    every(async |choices| {
        let sold = sell_to_two(choices, make, [2, 2]).await;
        assert_ne!(sold[0], sold[1]);
    })
    .await;
    every(async |choices| gives_up(choices, make).await).await;
    let till = make(STOCK);
    assert_eq!(give_up_after(1, till.sell(1)).await, Some(true));
}
