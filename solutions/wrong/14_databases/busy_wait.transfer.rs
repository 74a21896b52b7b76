//! It tries for a connection again and again.

impl Repo {
    pub async fn transfer(
        &self,
        from: i64,
        to: i64,
        cents: NonZeroU32,
    ) -> Result<(), TransferError> {
        let cents = i64::from(cents.get());
        if self.pool.size() == 0 {
            drop(self.pool.acquire().await?);
        }
        let mut transaction = loop {
            match self.pool.try_begin().await? {
                Some(transaction) => break transaction,
                None => tokio::task::yield_now().await,
            }
        };
        let paid =
            sqlx::query("UPDATE accounts SET cents = cents - ?1 WHERE id = ?2 AND cents >= ?1")
                .bind(cents)
                .bind(from)
                .execute(&mut *transaction)
                .await?;
        let received = sqlx::query("UPDATE accounts SET cents = cents + ? WHERE id = ?")
            .bind(cents)
            .bind(to)
            .execute(&mut *transaction)
            .await?;
        if received.rows_affected() == 0 {
            return Err(TransferError::UnknownAccount);
        }
        if paid.rows_affected() == 0 {
            let payer: Option<i64> = sqlx::query_scalar("SELECT id FROM accounts WHERE id = ?")
                .bind(from)
                .fetch_optional(&mut *transaction)
                .await?;
            return Err(match payer {
                Some(_) => TransferError::InsufficientFunds,
                None => TransferError::UnknownAccount,
            });
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
