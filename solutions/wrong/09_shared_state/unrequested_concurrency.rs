//! Makes each deposit on a task of its own, and takes the next one at once.

use tokio::task::JoinSet;

pub fn account(
    bank: Upstream,
    capacity: NonZeroUsize,
) -> (Account, impl Future<Output = Stats> + Send + 'static) {
    let (mailbox, mut deposits) = mpsc::channel::<Deposit>(capacity.get());
    let actor = async move {
        let stats = Arc::new(Mutex::new(Stats::default()));
        let mut tasks = JoinSet::new();
        while let Some(Deposit { amount, reply }) = deposits.recv().await {
            let (bank, stats) = (bank.clone(), stats.clone());
            tasks.spawn(async move {
                let made = bank.get(&format!("deposits/{amount}")).await;
                let mut stats = stats.lock().unwrap();
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
            });
        }
        while tasks.join_next().await.is_some() {}
        let stats = stats.lock().unwrap();
        *stats
    };
    (Account { mailbox }, actor)
}
