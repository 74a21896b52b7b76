//! `blocking_send` panics on a thread of the runtime.

impl Account {
    pub async fn deposit(&self, amount: u64) -> Result<u64, DepositError> {
        let (reply, answer) = oneshot::channel();
        let sent = self.mailbox.blocking_send(Deposit { amount, reply });
        sent.map_err(|_| DepositError::Closed)?;
        answer
            .await
            .map_err(|_| DepositError::Closed)?
            .map_err(DepositError::Refused)
    }
}
