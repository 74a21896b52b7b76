//! Callers panic when the actor is gone.

impl Account {
    pub async fn deposit(&self, amount: u64) -> Result<u64, DepositError> {
        let (reply, answer) = oneshot::channel();
        let sent = self.mailbox.send(Deposit { amount, reply }).await;
        assert!(sent.is_ok(), "the actor has gone");
        let answer = answer.await.expect("the actor replies");
        answer.map_err(DepositError::Refused)
    }
}
