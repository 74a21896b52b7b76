//! Every handle that's dropped tells the actor to end, not only the last one.

use tokio::sync::Notify;

#[derive(Clone)]
pub struct Account {
    mailbox: mpsc::Sender<Deposit>,
    end: Arc<Notify>,
}

impl Drop for Account {
    fn drop(&mut self) {
        self.end.notify_one();
    }
}

pub fn account(
    bank: Upstream,
    capacity: NonZeroUsize,
) -> (Account, impl Future<Output = Stats> + Send + 'static) {
    let (mailbox, mut deposits) = mpsc::channel::<Deposit>(capacity.get());
    let end = Arc::new(Notify::new());
    let ended = end.clone();
    let actor = async move {
        let mut stats = Stats::default();
        loop {
            let next = tokio::select! {
                biased;
                next = deposits.recv() => next,
                () = ended.notified() => None,
            };
            let Some(Deposit { amount, reply }) = next else {
                return stats;
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
            let _gone = reply.send(answer);
        }
    };
    (Account { mailbox, end }, actor)
}

impl Account {
    pub async fn deposit(&self, amount: u64) -> Result<u64, DepositError> {
        let (reply, answer) = oneshot::channel();
        let sent = self.mailbox.send(Deposit { amount, reply }).await;
        sent.map_err(|_| DepositError::Closed)?;
        let answer = answer.await.map_err(|_| DepositError::Closed)?;
        answer.map_err(DepositError::Refused)
    }
}
