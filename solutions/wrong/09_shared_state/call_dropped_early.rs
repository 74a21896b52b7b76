//! Gives the bank thirty seconds for each deposit.

use std::time::Duration;
use tokio::time::timeout;

impl Account {
    pub async fn deposit(&self, amount: u64) -> Result<u64, DepositError> {
        let (reply, answer) = oneshot::channel();
        let sent = self.mailbox.send(Deposit { amount, reply }).await;
        sent.map_err(|_| DepositError::Closed)?;
        let answer = timeout(Duration::from_secs(30), answer).await;
        let answer = answer.map_err(|_| DepositError::Closed)?;
        let answer = answer.map_err(|_| DepositError::Closed)?;
        answer.map_err(DepositError::Refused)
    }
}
