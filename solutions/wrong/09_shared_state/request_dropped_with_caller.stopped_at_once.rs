//! The last handle stops the actor, whatever is in the mailbox.

#[derive(Clone)]
pub struct Account {
    mailbox: mpsc::Sender<Deposit>,
    /// Closes with the last handle.
    _open: Arc<oneshot::Sender<()>>,
}

pub fn account(
    bank: Upstream,
    capacity: NonZeroUsize,
) -> (Account, impl Future<Output = Stats> + Send + 'static) {
    let (mailbox, mut deposits) = mpsc::channel::<Deposit>(capacity.get());
    let (open, mut closed) = oneshot::channel::<()>();
    let open = Arc::new(open);
    let actor = async move {
        let mut stats = Stats::default();
        loop {
            let next = tokio::select! {
                biased;
                _ = &mut closed => break,
                next = deposits.recv() => next,
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
    (
        Account {
            mailbox,
            _open: open,
        },
        actor,
    )
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
