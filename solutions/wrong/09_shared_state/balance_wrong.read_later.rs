//! The actor shares its balance with the handles, and a caller reads it when it's woken: by then, others have made
//! deposits too.

use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Clone)]
pub struct Account {
    mailbox: mpsc::Sender<Deposit>,
    balance: Arc<AtomicU64>,
}

pub fn account(
    bank: Upstream,
    capacity: NonZeroUsize,
) -> (Account, impl Future<Output = Stats> + Send + 'static) {
    let (mailbox, mut deposits) = mpsc::channel::<Deposit>(capacity.get());
    let balance = Arc::new(AtomicU64::new(0));
    let shared = balance.clone();
    let actor = async move {
        let mut stats = Stats::default();
        while let Some(Deposit { amount, reply }) = deposits.recv().await {
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
            shared.store(stats.balance, Ordering::SeqCst);
            let _gone = reply.send(answer);
        }
        stats
    };
    (Account { mailbox, balance }, actor)
}

impl Account {
    pub async fn deposit(&self, amount: u64) -> Result<u64, DepositError> {
        let (reply, answer) = oneshot::channel();
        let sent = self.mailbox.send(Deposit { amount, reply }).await;
        sent.map_err(|_| DepositError::Closed)?;
        let answer = answer.await.map_err(|_| DepositError::Closed)?;
        answer.map_err(DepositError::Refused)?;
        Ok(self.balance.load(Ordering::SeqCst))
    }
}
