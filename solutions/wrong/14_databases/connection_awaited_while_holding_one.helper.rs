//! The check of the payee goes through the pool, while the transaction has its connection.

impl Repo {
    pub async fn transfer(
        &self,
        from: i64,
        to: i64,
        cents: NonZeroU32,
    ) -> Result<(), TransferError> {
        let mut transaction = self.pool.begin().await?;
        let paid =
            sqlx::query("UPDATE accounts SET cents = cents - ?1 WHERE id = ?2 AND cents >= ?1")
                .bind(cents.get())
                .bind(from)
                .execute(&mut *transaction)
                .await?;
        if paid.rows_affected() == 0 {
            return Err(TransferError::InsufficientFunds);
        }
        if !self.exists(to).await? || !self.exists(from).await? {
            return Err(TransferError::UnknownAccount);
        }
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

    async fn exists(&self, id: i64) -> Result<bool, sqlx::Error> {
        let found: Option<i64> = sqlx::query_scalar("SELECT id FROM accounts WHERE id = ?")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        Ok(found.is_some())
    }
}
