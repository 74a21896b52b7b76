//! The actor ends when nobody has asked for anything for a minute.

use std::time::Duration;
use tokio::time::timeout;

pub fn account(
    bank: Upstream,
    capacity: NonZeroUsize,
) -> (Account, impl Future<Output = Stats> + Send + 'static) {
    let (mailbox, mut deposits) = mpsc::channel::<Deposit>(capacity.get());
    let actor = async move {
        let mut stats = Stats::default();
        while let Ok(Some(Deposit { amount, reply })) =
            timeout(Duration::from_secs(60), deposits.recv()).await
        {
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
