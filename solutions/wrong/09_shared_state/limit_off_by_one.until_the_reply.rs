//! Keeps a deposit's place in the mailbox until the deposit has been made.

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

struct Deposit {
    amount: u64,
    reply: oneshot::Sender<Result<u64, UpstreamError>>,
    _room: OwnedSemaphorePermit,
}

#[derive(Clone)]
pub struct Account {
    mailbox: mpsc::UnboundedSender<Deposit>,
    room: Arc<Semaphore>,
}

struct Close(Arc<Semaphore>);

impl Drop for Close {
    fn drop(&mut self) {
        self.0.close();
    }
}

pub fn account(
    bank: Upstream,
    capacity: NonZeroUsize,
) -> (Account, impl Future<Output = Stats> + Send + 'static) {
    let (mailbox, mut deposits) = mpsc::unbounded_channel::<Deposit>();
    let room = Arc::new(Semaphore::new(capacity.get()));
    let close = Close(room.clone());
    let actor = async move {
        let _close = close;
        let mut stats = Stats::default();
        while let Some(Deposit {
            amount,
            reply,
            _room,
        }) = deposits.recv().await
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
    (Account { mailbox, room }, actor)
}

impl Account {
    pub async fn deposit(&self, amount: u64) -> Result<u64, DepositError> {
        let _room = self
            .room
            .clone()
            .acquire_owned()
            .await
            .map_err(|_| DepositError::Closed)?;
        let (reply, answer) = oneshot::channel();
        self.mailbox
            .send(Deposit {
                amount,
                reply,
                _room,
            })
            .map_err(|_| DepositError::Closed)?;
        answer
            .await
            .map_err(|_| DepositError::Closed)?
            .map_err(DepositError::Refused)
    }
}
