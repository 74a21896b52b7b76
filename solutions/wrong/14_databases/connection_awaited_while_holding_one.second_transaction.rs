//! Each account has a transaction, and the second one needs a connection too.

impl Repo {
    pub async fn transfer(
        &self,
        from: i64,
        to: i64,
        cents: NonZeroU32,
    ) -> Result<(), TransferError> {
        let mut transaction = self.pool.begin().await?;
        let accounts: i64 = sqlx::query_scalar("SELECT count(*) FROM accounts WHERE id IN (?, ?)")
            .bind(from)
            .bind(to)
            .fetch_one(&mut *transaction)
            .await?;
        if accounts < 2 {
            return Err(TransferError::UnknownAccount);
        }
        let paid =
            sqlx::query("UPDATE accounts SET cents = cents - ?1 WHERE id = ?2 AND cents >= ?1")
                .bind(cents.get())
                .bind(from)
                .execute(&mut *transaction)
                .await?;
        if paid.rows_affected() == 0 {
            return Err(TransferError::InsufficientFunds);
        }
        let mut second = self.pool.begin().await?;
        sqlx::query("UPDATE accounts SET cents = cents + ? WHERE id = ?")
            .bind(cents.get())
            .bind(to)
            .execute(&mut *second)
            .await?;
        sqlx::query("INSERT INTO payments (payer, payee, cents) VALUES (?, ?, ?)")
            .bind(from)
            .bind(to)
            .bind(cents.get())
            .execute(&mut *second)
            .await?;
        transaction.commit().await?;
        second.commit().await?;
        Ok(())
    }
}
