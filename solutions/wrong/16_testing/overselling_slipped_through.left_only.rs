//! Looks at what is left, which is never below zero, and not at what was sold.

use std::sync::Arc;

use async_workbook::probes::schedules::{Choices, every, interleave};

pub async fn check_till(make: &dyn Fn(usize) -> Arc<dyn Till>) {
    every(async |choices| {
        let sold = sell_to_two(choices, make, [2, 2]).await;
        assert!(sold[0] || sold[1]);
    })
    .await;
    every(async |choices| {
        let sold = sell_to_two(choices, make, [2, 1]).await;
        assert_eq!(sold, [true, true]);
    })
    .await;
}

async fn sell_to_two(
    choices: &mut Choices,
    make: &dyn Fn(usize) -> Arc<dyn Till>,
    wanted: [usize; 2],
) -> Vec<bool> {
    let till = make(STOCK);
    let sales = Vec::from(wanted.map(|tickets| till.sell(tickets)));
    let ended = timeout(60 * SECOND, interleave(choices, sales)).await;
    assert!(till.left() <= 1);
    ended.expect("no sale hangs")
}
