//! It reads first, and gives up if it was too late three times.

impl Repo {
    pub async fn transfer(
        &self,
        from: i64,
        to: i64,
        cents: NonZeroU32,
    ) -> Result<(), TransferError> {
        for _ in 0..2 {
            match self.once(from, to, cents.get().into()).await {
                Err(TransferError::Database(sqlx::Error::Database(error)))
                    if error.message().contains("locked") => {}
                done => return done,
            }
        }
        self.once(from, to, cents.get().into()).await
    }

    async fn once(&self, from: i64, to: i64, cents: i64) -> Result<(), TransferError> {
        let mut transaction = self.pool.begin().await?;
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
        sqlx::query("UPDATE accounts SET cents = cents - ?1 WHERE id = ?2 AND cents >= ?1")
            .bind(cents)
            .bind(from)
            .execute(&mut *transaction)
            .await?;
        sqlx::query("UPDATE accounts SET cents = cents + ? WHERE id = ?")
            .bind(cents)
            .bind(to)
            .execute(&mut *transaction)
            .await?;
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
