//! Gives up after the first poll, and never later.

use async_workbook::probes::schedules::{Choices, interleave};

async fn gives_up(choices: &mut Choices, make: &dyn Fn(usize) -> Arc<dyn Till>) {
    let till = make(STOCK);
    let sales = vec![
        till.sell(1).map(Some).boxed(),
        give_up_after(1, till.sell(2)).boxed(),
    ];
    let ended = timeout(60 * SECOND, interleave(choices, sales)).await;
    let sold = ended.expect("no sale hangs");
    let paid = usize::from(sold[0] == Some(true));
    assert_eq!(till.left() + paid, STOCK);
}
