//! The sum is an `f64`, which rounds large balances.

pub fn account(
    bank: Upstream,
    capacity: NonZeroUsize,
) -> (Account, impl Future<Output = Stats> + Send + 'static) {
    let (mailbox, mut deposits) = mpsc::channel::<Deposit>(capacity.get());
    let actor = async move {
        let mut stats = Stats::default();
        while let Some(Deposit { amount, reply }) = deposits.recv().await {
            let answer = match bank.get(&format!("deposits/{amount}")).await {
                Ok(_) => {
                    stats.accepted += 1;
                    stats.balance = (stats.balance as f64 + amount as f64) as u64;
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
