//! The actor empties the mailbox into a queue of its own, which has no limit.

use std::collections::VecDeque;

pub fn account(
    bank: Upstream,
    capacity: NonZeroUsize,
) -> (Account, impl Future<Output = Stats> + Send + 'static) {
    let (mailbox, mut deposits) = mpsc::channel::<Deposit>(capacity.get());
    let actor = async move {
        let mut stats = Stats::default();
        let mut queue = VecDeque::new();
        loop {
            while let Ok(deposit) = deposits.try_recv() {
                queue.push_back(deposit);
            }
            let next = match queue.pop_front() {
                Some(next) => Some(next),
                None => deposits.recv().await,
            };
            let Some(Deposit { amount, reply }) = next else {
                break;
            };
            // Makes room for those that wait.
            while let Ok(deposit) = deposits.try_recv() {
                queue.push_back(deposit);
                tokio::task::yield_now().await;
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
            let _ = reply.send(answer);
        }
        stats
    };
    (Account { mailbox }, actor)
}
