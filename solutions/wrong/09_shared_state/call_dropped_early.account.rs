//! The bank has an hour for a deposit.

use std::time::Duration;

use tokio::time::timeout;

const HOUR: Duration = Duration::from_secs(3600);

pub fn account(
    bank: Upstream,
    capacity: NonZeroUsize,
) -> (Account, impl Future<Output = Stats> + Send + 'static) {
    let (mailbox, mut deposits) = mpsc::channel::<Deposit>(capacity.get());
    let actor = async move {
        let mut stats = Stats::default();
        while let Some(Deposit { amount, reply }) = deposits.recv().await {
            let answer = match timeout(HOUR, bank.get(&format!("deposits/{amount}"))).await {
                Err(_) => break,
                Ok(made) => match made {
                    Ok(_) => {
                        stats.accepted += 1;
                        stats.balance += amount;
                        Ok(stats.balance)
                    }
                    Err(error) => {
                        stats.refused += 1;
                        Err(error)
                    }
                },
            };
            let _gone = reply.send(answer);
        }
        stats
    };
    (Account { mailbox }, actor)
}
