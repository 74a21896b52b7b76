//! Gives up a deposit that it has begun when its caller goes.

pub fn account(
    bank: Upstream,
    capacity: NonZeroUsize,
) -> (Account, impl Future<Output = Stats> + Send + 'static) {
    let (mailbox, mut deposits) = mpsc::channel::<Deposit>(capacity.get());
    let actor = async move {
        let mut stats = Stats::default();
        while let Some(Deposit { amount, mut reply }) = deposits.recv().await {
            let path = format!("deposits/{amount}");
            let call = async {
                tokio::select! {
                    made = bank.get(&path) => Some(made),
                    () = reply.closed() => None,
                }
            };
            let Some(made) = call.await else {
                continue;
            };
            let answer = match made {
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
