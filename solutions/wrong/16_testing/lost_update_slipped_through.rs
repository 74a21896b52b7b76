//! Adds up what was sold, and never looks at what is left.

use std::sync::Arc;

use async_workbook::probes::schedules::{Choices, every, interleave};

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
}

async fn sell_to_two(
    choices: &mut Choices,
    make: &dyn Fn(usize) -> Arc<dyn Till>,
    wanted: [usize; 2],
) -> Vec<bool> {
    let till = make(STOCK);
    let sales = Vec::from(wanted.map(|tickets| till.sell(tickets)));
    let ended = timeout(60 * SECOND, interleave(choices, sales)).await;
    let sold = ended.expect("no sale hangs");
    let paid = std::iter::zip(&sold, wanted).filter(|(sold, _)| **sold);
    let paid: usize = paid.map(|(_, tickets)| tickets).sum();
    assert!(paid <= STOCK);
    sold
}
