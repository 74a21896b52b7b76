//! Passes over the orders in which the sales don't come to an end.

use std::sync::Arc;

use async_workbook::probes::schedules::{Choices, interleave};

async fn sell_to_two(
    choices: &mut Choices,
    make: &dyn Fn(usize) -> Arc<dyn Till>,
    wanted: [usize; 2],
) -> Vec<bool> {
    let till = make(STOCK);
    let sales = Vec::from(wanted.map(|tickets| till.sell(tickets)));
    let Ok(sold) = timeout(60 * SECOND, interleave(choices, sales)).await else {
        return vec![true, wanted[1] == 1];
    };
    let paid = std::iter::zip(&sold, wanted).filter(|(sold, _)| **sold);
    let paid: usize = paid.map(|(_, tickets)| tickets).sum();
    assert_eq!(till.left() + paid, STOCK);
    sold
}

async fn gives_up(choices: &mut Choices, make: &dyn Fn(usize) -> Arc<dyn Till>) {
    let till = make(STOCK);
    let polls = choices.pick(10);
    let sold = give_up_after(polls, till.sell(2)).await;
    let paid = if sold == Some(true) { 2 } else { 0 };
    assert_eq!(till.left() + paid, STOCK);
}
