//! A task waits for room in the place of the caller, so a caller who leaves makes a deposit all the same.

impl Account {
    pub async fn deposit(&self, amount: u64) -> Result<u64, DepositError> {
        let (reply, answer) = oneshot::channel();
        let mailbox = self.mailbox.clone();
        tokio::spawn(async move { mailbox.send(Deposit { amount, reply }).await });
        let answer = answer.await.map_err(|_| DepositError::Closed)?;
        answer.map_err(DepositError::Refused)
    }
}
