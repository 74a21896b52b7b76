//! Tests that it never sells too much, and never that it sells enough.

use std::sync::Arc;

use async_workbook::probes::schedules::every;

pub async fn check_till(make: &dyn Fn(usize) -> Arc<dyn Till>) {
    every(async |choices| {
        sell_to_two(choices, make, [2, 1]).await;
    })
    .await;
    every(async |choices| {
        let sold = sell_to_two(choices, make, [2, 2]).await;
        assert_ne!(sold[0], sold[1]);
    })
    .await;
    every(async |choices| gives_up(choices, make).await).await;
}
