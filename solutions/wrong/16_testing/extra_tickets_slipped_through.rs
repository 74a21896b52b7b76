//! Lets a customer give up who is alone at the till.

async fn gives_up(choices: &mut Choices, make: &dyn Fn(usize) -> Arc<dyn Till>) {
    let till = make(STOCK);
    let polls = choices.pick(10);
    let sold = give_up_after(polls, till.sell(2)).await;
    let paid = if sold == Some(true) { 2 } else { 0 };
    assert_eq!(till.left() + paid, STOCK);
}
