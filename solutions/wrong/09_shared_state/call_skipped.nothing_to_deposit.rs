//! A deposit of 0 changes nothing, so the bank isn't asked.

pub fn account(
    bank: Upstream,
    capacity: NonZeroUsize,
) -> (Account, impl Future<Output = Stats> + Send + 'static) {
    let (mailbox, mut deposits) = mpsc::channel::<Deposit>(capacity.get());
    let actor = async move {
        let mut stats = Stats::default();
        while let Some(Deposit { amount, reply }) = deposits.recv().await {
            if amount == 0 {
                let _gone = reply.send(Ok(stats.balance));
                continue;
            }
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
            let _gone = reply.send(answer);
        }
        stats
    };
    (Account { mailbox }, actor)
}
