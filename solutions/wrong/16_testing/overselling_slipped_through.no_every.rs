//! Runs `interleave` once, with the choices that come first.

use std::sync::Arc;

use async_workbook::probes::schedules::Choices;

pub async fn check_till(make: &dyn Fn(usize) -> Arc<dyn Till>) {
    let sold = sell_to_two(&mut Choices::default(), make, [2, 1]).await;
    assert_eq!(sold, [true, true]);
    let sold = sell_to_two(&mut Choices::default(), make, [2, 2]).await;
    assert_ne!(sold[0], sold[1]);
    gives_up(&mut Choices::default(), make).await;
}
