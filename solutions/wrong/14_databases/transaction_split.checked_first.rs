//! It checks everything first, and then each statement is a transaction of its own.

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
        let paid =
            sqlx::query("UPDATE accounts SET cents = cents - ?1 WHERE id = ?2 AND cents >= ?1")
                .bind(cents.get())
                .bind(from)
                .execute(&self.pool)
                .await?;
        if paid.rows_affected() == 0 {
            return Err(TransferError::InsufficientFunds);
        }
        sqlx::query("UPDATE accounts SET cents = cents + ? WHERE id = ?")
            .bind(cents.get())
            .bind(to)
            .execute(&self.pool)
            .await?;
        sqlx::query("INSERT INTO payments (payer, payee, cents) VALUES (?, ?, ?)")
            .bind(from)
            .bind(to)
            .bind(cents.get())
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
