//! Waits a second for room in the mailbox, and then gives up.

use std::time::Duration;

impl Account {
    pub async fn deposit(&self, amount: u64) -> Result<u64, DepositError> {
        let (reply, answer) = oneshot::channel();
        let deposit = Deposit { amount, reply };
        let sent = self
            .mailbox
            .send_timeout(deposit, Duration::from_secs(1))
            .await;
        sent.map_err(|_| DepositError::Closed)?;
        let answer = answer.await.map_err(|_| DepositError::Closed)?;
        answer.map_err(DepositError::Refused)
    }
}
