//! It takes what there is, and pays what was asked for.

impl Repo {
    pub async fn transfer(
        &self,
        from: i64,
        to: i64,
        cents: NonZeroU32,
    ) -> Result<(), TransferError> {
        let cents = i64::from(cents.get());
        let mut transaction = self.pool.begin().await?;
        let paid = sqlx::query("UPDATE accounts SET cents = max(cents - ?1, 0) WHERE id = ?2")
            .bind(cents)
            .bind(from)
            .execute(&mut *transaction)
            .await?;
        let received = sqlx::query("UPDATE accounts SET cents = cents + ? WHERE id = ?")
            .bind(cents)
            .bind(to)
            .execute(&mut *transaction)
            .await?;
        if paid.rows_affected() == 0 || received.rows_affected() == 0 {
            return Err(TransferError::UnknownAccount);
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
