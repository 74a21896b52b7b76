//! Keeps the reply to a refused deposit, to answer it some other day.

pub fn account(
    bank: Upstream,
    capacity: NonZeroUsize,
) -> (Account, impl Future<Output = Stats> + Send + 'static) {
    let (mailbox, mut deposits) = mpsc::channel::<Deposit>(capacity.get());
    let actor = async move {
        let (mut stats, mut put_off) = (Stats::default(), Vec::new());
        while let Some(Deposit { amount, reply }) = deposits.recv().await {
            if bank.get(&format!("deposits/{amount}")).await.is_err() {
                stats.refused += 1;
                put_off.push(reply);
                continue;
            }
            stats.accepted += 1;
            stats.balance += amount;
            let _gone = reply.send(Ok(stats.balance));
        }
        stats
    };
    (Account { mailbox }, actor)
}
