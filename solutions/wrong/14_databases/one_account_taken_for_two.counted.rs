//! Two accounts are expected, and one is found.

impl Repo {
    pub async fn transfer(
        &self,
        from: i64,
        to: i64,
        cents: NonZeroU32,
    ) -> Result<(), TransferError> {
        let cents = i64::from(cents.get());
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let accounts: i64 = sqlx::query_scalar("SELECT count(*) FROM accounts WHERE id IN (?, ?)")
            .bind(from)
            .bind(to)
            .fetch_one(&mut *transaction)
            .await?;
        if accounts != 2 {
            return Err(TransferError::UnknownAccount);
        }
        let paid =
            sqlx::query("UPDATE accounts SET cents = cents - ?1 WHERE id = ?2 AND cents >= ?1")
                .bind(cents)
                .bind(from)
                .execute(&mut *transaction)
                .await?;
        if paid.rows_affected() == 0 {
            return Err(TransferError::InsufficientFunds);
        }
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
