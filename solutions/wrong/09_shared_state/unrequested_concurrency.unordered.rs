//! Takes requests as they come and makes all of them at the same time, in a `FuturesUnordered`.

use futures::{StreamExt as _, stream::FuturesUnordered};

pub fn account(
    bank: Upstream,
    capacity: NonZeroUsize,
) -> (Account, impl Future<Output = Stats> + Send + 'static) {
    let (mailbox, mut deposits) = mpsc::channel::<Deposit>(capacity.get());
    let actor = async move {
        let mut stats = Stats::default();
        let mut calls = FuturesUnordered::new();
        let mut open = true;
        while open || !calls.is_empty() {
            tokio::select! {
                next = deposits.recv(), if open => match next {
                    Some(Deposit { amount, reply }) => {
                        let bank = bank.clone();
                        calls.push(async move {
                            (bank.get(&format!("deposits/{amount}")).await, amount, reply)
                        });
                    }
                    None => open = false,
                },
                Some((made, amount, reply)) = calls.next() => {
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
            }
        }
        stats
    };
    (Account { mailbox }, actor)
}
