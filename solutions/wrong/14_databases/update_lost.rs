//! It reads the balance, computes the new one, and writes that over whatever is there by then.

impl Repo {
    pub async fn transfer(
        &self,
        from: i64,
        to: i64,
        cents: NonZeroU32,
    ) -> Result<(), TransferError> {
        let accounts: i64 = sqlx::query_scalar("SELECT count(*) FROM accounts WHERE id IN (?, ?)")
            .bind(from)
            .bind(to)
            .fetch_one(&self.pool)
            .await?;
        if accounts < 2 {
            return Err(TransferError::UnknownAccount);
        }
        let balance: Option<i64> = sqlx::query_scalar("SELECT cents FROM accounts WHERE id = ?")
            .bind(from)
            .fetch_optional(&self.pool)
            .await?;
        let balance = balance.ok_or(TransferError::UnknownAccount)?;
        if balance < i64::from(cents.get()) {
            return Err(TransferError::InsufficientFunds);
        }
        let mut transaction = self.pool.begin().await?;
        sqlx::query("UPDATE accounts SET cents = ? WHERE id = ?")
            .bind(balance - i64::from(cents.get()))
            .bind(from)
            .execute(&mut *transaction)
            .await?;
        sqlx::query("UPDATE accounts SET cents = cents + ? WHERE id = ?")
            .bind(cents.get())
            .bind(to)
            .execute(&mut *transaction)
            .await?;
        sqlx::query("INSERT INTO payments (payer, payee, cents) VALUES (?, ?, ?)")
            .bind(from)
            .bind(to)
            .bind(cents.get())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }
}
