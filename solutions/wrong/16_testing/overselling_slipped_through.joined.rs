//! Runs two sales with `join!`, which polls them in turn, in one order of many.

use std::sync::Arc;

pub async fn check_till(make: &dyn Fn(usize) -> Arc<dyn Till>) {
    for (wanted, count) in [([2, 1], 2), ([2, 2], 1)] {
        let till = make(STOCK);
        let [first, second] = wanted.map(|tickets| till.sell(tickets));
        let (first, second) = futures::join!(first, second);
        assert_eq!(usize::from(first) + usize::from(second), count);
        let paid = usize::from(first) * wanted[0] + usize::from(second) * wanted[1];
        assert_eq!(till.left() + paid, STOCK);
    }
    let till = make(STOCK);
    assert_eq!(give_up_after(1, till.sell(2)).await, None);
    assert_eq!(till.left(), STOCK);
}
