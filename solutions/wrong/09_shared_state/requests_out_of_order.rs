//! Takes what has come into a list, and makes the newest deposit first.

pub fn account(
    bank: Upstream,
    capacity: NonZeroUsize,
) -> (Account, impl Future<Output = Stats> + Send + 'static) {
    let (mailbox, mut deposits) = mpsc::channel::<Deposit>(capacity.get());
    let actor = async move {
        let mut stats = Stats::default();
        let mut waiting = Vec::new();
        loop {
            while let Ok(deposit) = deposits.try_recv() {
                waiting.push(deposit);
            }
            let next = match waiting.pop() {
                Some(next) => Some(next),
                None => deposits.recv().await,
            };
            let Some(Deposit { amount, reply }) = next else {
                break;
            };
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
            let _ = reply.send(answer);
        }
        stats
    };
    (Account { mailbox }, actor)
}
