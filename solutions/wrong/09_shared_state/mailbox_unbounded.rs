//! An unbounded channel has room for any number of deposits.

#[derive(Clone)]
pub struct Account {
    mailbox: mpsc::UnboundedSender<Deposit>,
}

pub fn account(
    bank: Upstream,
    capacity: NonZeroUsize,
) -> (Account, impl Future<Output = Stats> + Send + 'static) {
    let (mailbox, mut deposits) = mpsc::unbounded_channel::<Deposit>();
    let _ = capacity;
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
            let _ = reply.send(answer);
        }
        stats
    };
    (Account { mailbox }, actor)
}

impl Account {
    pub async fn deposit(&self, amount: u64) -> Result<u64, DepositError> {
        let (reply, answer) = oneshot::channel();
        let sent = self.mailbox.send(Deposit { amount, reply });
        sent.map_err(|_| DepositError::Closed)?;
        let answer = answer.await.map_err(|_| DepositError::Closed)?;
        answer.map_err(DepositError::Refused)
    }
}
