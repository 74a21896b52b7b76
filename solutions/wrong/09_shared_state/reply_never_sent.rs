//! The handles and the actor share one queue, so a dropped actor leaves the callers in it.

use std::collections::VecDeque;
use tokio::sync::{Notify, Semaphore};

struct Mailbox {
    room: Semaphore,
    queue: Mutex<VecDeque<Deposit>>,
    changed: Notify,
}

#[derive(Clone)]
pub struct Account {
    mailbox: Arc<Mailbox>,
    /// The channel closes with the last handle.
    _open: mpsc::Sender<()>,
}

pub fn account(
    bank: Upstream,
    capacity: NonZeroUsize,
) -> (Account, impl Future<Output = Stats> + Send + 'static) {
    let mailbox = Arc::new(Mailbox {
        room: Semaphore::new(capacity.get()),
        queue: Mutex::default(),
        changed: Notify::new(),
    });
    let (open, mut closed) = mpsc::channel::<()>(1);
    let account = Account {
        mailbox: mailbox.clone(),
        _open: open,
    };
    let actor = async move {
        let mut stats = Stats::default();
        let mut open = true;
        loop {
            let next = mailbox.queue.lock().unwrap().pop_front();
            let Some(Deposit { amount, reply }) = next else {
                if !open {
                    break;
                }
                tokio::select! {
                    () = mailbox.changed.notified() => {}
                    _ = closed.recv() => open = false,
                }
                continue;
            };
            mailbox.room.add_permits(1);
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
    (account, actor)
}

impl Account {
    pub async fn deposit(&self, amount: u64) -> Result<u64, DepositError> {
        self.mailbox.room.acquire().await.unwrap().forget();
        let (reply, answer) = oneshot::channel();
        self.mailbox
            .queue
            .lock()
            .unwrap()
            .push_back(Deposit { amount, reply });
        self.mailbox.changed.notify_one();
        let answer = answer.await.map_err(|_| DepositError::Closed)?;
        answer.map_err(DepositError::Refused)
    }
}
