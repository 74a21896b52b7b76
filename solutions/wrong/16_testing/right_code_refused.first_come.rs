//! Demands that the sale that's first in its list gets the tickets, in every order.

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
        assert_eq!(sold, [true, false]);
    })
    .await;
    every(async |choices| gives_up(choices, make).await).await;
}
