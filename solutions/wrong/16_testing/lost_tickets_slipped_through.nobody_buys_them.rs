//! Trusts `left`, and never tries to buy what a dropped sale has given back.

use std::sync::Arc;

use async_workbook::probes::schedules::{Choices, interleave};

async fn gives_up(choices: &mut Choices, make: &dyn Fn(usize) -> Arc<dyn Till>) {
    let till = make(STOCK);
    let polls = choices.pick(10);
    let sales = vec![
        till.sell(1).map(Some).boxed(),
        give_up_after(polls, till.sell(2)).boxed(),
    ];
    let ended = timeout(60 * SECOND, interleave(choices, sales)).await;
    let sold = ended.expect("no sale hangs");
    let paid: usize = std::iter::zip(sold, [1, 2])
        .map(|(sold, tickets)| if sold == Some(true) { tickets } else { 0 })
        .sum();
    assert_eq!(till.left() + paid, STOCK);
}
