//! Has no limit around the two sales.

use std::sync::Arc;

use async_workbook::probes::schedules::{Choices, interleave};

async fn sell_to_two(
    choices: &mut Choices,
    make: &dyn Fn(usize) -> Arc<dyn Till>,
    wanted: [usize; 2],
) -> Vec<bool> {
    let till = make(STOCK);
    let sales = Vec::from(wanted.map(|tickets| till.sell(tickets)));
    let sold = interleave(choices, sales).await;
    let paid = std::iter::zip(&sold, wanted).filter(|(sold, _)| **sold);
    let paid: usize = paid.map(|(_, tickets)| tickets).sum();
    assert_eq!(till.left() + paid, STOCK);
    sold
}
