//! After three refusals in a row, the actor gives up.

pub fn account(
    bank: Upstream,
    capacity: NonZeroUsize,
) -> (Account, impl Future<Output = Stats> + Send + 'static) {
    let (mailbox, mut deposits) = mpsc::channel::<Deposit>(capacity.get());
    let actor = async move {
        let mut stats = Stats::default();
        let mut in_a_row = 0;
        while let Some(Deposit { amount, reply }) = deposits.recv().await {
            let answer = match bank.get(&format!("deposits/{amount}")).await {
                Ok(_) => {
                    stats.accepted += 1;
                    stats.balance += amount;
                    Ok(stats.balance)
                }
                Err(error) => {
                    stats.refused += 1;
                    Err(error)
                }
            };
            in_a_row = if answer.is_err() { in_a_row + 1 } else { 0 };
            let _gone = reply.send(answer);
            if in_a_row == 3 {
                break;
            }
        }
        stats
    };
    (Account { mailbox }, actor)
}
