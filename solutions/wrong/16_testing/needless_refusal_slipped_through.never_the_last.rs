//! Lets nobody want the last ticket.

use std::sync::Arc;

use async_workbook::probes::schedules::{Choices, every, interleave};

pub async fn check_till(make: &dyn Fn(usize) -> Arc<dyn Till>) {
    every(async |choices| {
        let sold = sell_to_two(choices, make, [1, 1]).await;
        assert_eq!(sold, [true, true]);
    })
    .await;
    every(async |choices| {
        let sold = sell_to_two(choices, make, [2, 2]).await;
        assert_ne!(sold[0], sold[1]);
    })
    .await;
    every(async |choices| gives_up(choices, make).await).await;
}

async fn gives_up(choices: &mut Choices, make: &dyn Fn(usize) -> Arc<dyn Till>) {
    let till = make(STOCK);
    let polls = choices.pick(10);
    let sales = vec![
        till.sell(1).map(Some).boxed(),
        give_up_after(polls, till.sell(1)).boxed(),
    ];
    let ended = timeout(60 * SECOND, interleave(choices, sales)).await;
    let sold = ended.expect("no sale hangs");
    let sold = sold.iter().filter(|sold| **sold == Some(true)).count();
    assert_eq!(till.left() + sold, STOCK);
}
