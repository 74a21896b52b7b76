//! Tells a caller whose deposit was refused that the actor is gone.

impl Account {
    pub async fn deposit(&self, amount: u64) -> Result<u64, DepositError> {
        let (reply, answer) = oneshot::channel();
        let sent = self.mailbox.send(Deposit { amount, reply }).await;
        sent.map_err(|_| DepositError::Closed)?;
        match answer.await {
            Ok(Ok(balance)) => Ok(balance),
            _ => Err(DepositError::Closed),
        }
    }
}
