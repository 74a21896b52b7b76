//! The balance is checked when the money is back already.

impl Repo {
    pub async fn transfer(
        &self,
        from: i64,
        to: i64,
        cents: NonZeroU32,
    ) -> Result<(), TransferError> {
        let cents = i64::from(cents.get());
        let mut transaction = self.pool.begin().await?;
        let mut found = 0;
        for (id, change) in [(from, -cents), (to, cents)] {
            let changed = sqlx::query("UPDATE accounts SET cents = cents + ? WHERE id = ?")
                .bind(change)
                .bind(id)
                .execute(&mut *transaction)
                .await?;
            found += changed.rows_affected();
        }
        if found < 2 {
            return Err(TransferError::UnknownAccount);
        }
        let left: i64 = sqlx::query_scalar("SELECT cents FROM accounts WHERE id = ?")
            .bind(from)
            .fetch_one(&mut *transaction)
            .await?;
        if left < 0 {
            return Err(TransferError::InsufficientFunds);
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
