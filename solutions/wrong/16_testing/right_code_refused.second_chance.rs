//! Demands that a sale goes through if the other one is given up, at whatever moment that is.

use std::sync::Arc;

use async_workbook::probes::schedules::{Choices, interleave};

async fn gives_up(choices: &mut Choices, make: &dyn Fn(usize) -> Arc<dyn Till>) {
    let till = make(STOCK);
    let polls = choices.pick(10);
    let sales = vec![
        till.sell(2).map(Some).boxed(),
        give_up_after(polls, till.sell(2)).boxed(),
    ];
    let ended = timeout(60 * SECOND, interleave(choices, sales)).await;
    let sold = ended.expect("no sale hangs");
    if sold[1].is_none() {
        assert_eq!(sold[0], Some(true));
    }
    let paid: usize = sold
        .iter()
        .map(|sold| if *sold == Some(true) { 2 } else { 0 })
        .sum();
    assert_eq!(till.left() + paid, STOCK);
}
