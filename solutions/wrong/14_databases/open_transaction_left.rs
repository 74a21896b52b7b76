//! It begins and commits with statements of its own, and returns an error in between.

impl Repo {
    pub async fn transfer(
        &self,
        from: i64,
        to: i64,
        cents: NonZeroU32,
    ) -> Result<(), TransferError> {
        let mut connection = self.pool.acquire().await?;
        sqlx::query("BEGIN").execute(&mut *connection).await?;
        let paid =
            sqlx::query("UPDATE accounts SET cents = cents - ?1 WHERE id = ?2 AND cents >= ?1")
                .bind(cents.get())
                .bind(from)
                .execute(&mut *connection)
                .await?;
        let accounts: i64 = sqlx::query_scalar("SELECT count(*) FROM accounts WHERE id IN (?, ?)")
            .bind(from)
            .bind(to)
            .fetch_one(&mut *connection)
            .await?;
        if accounts < 2 {
            return Err(TransferError::UnknownAccount);
        }
        sqlx::query("UPDATE accounts SET cents = cents + ? WHERE id = ?")
            .bind(cents.get())
            .bind(to)
            .execute(&mut *connection)
            .await?;
        sqlx::query("INSERT INTO payments (payer, payee, cents) VALUES (?, ?, ?)")
            .bind(from)
            .bind(to)
            .bind(cents.get())
            .execute(&mut *connection)
            .await?;
        if paid.rows_affected() == 0 {
            sqlx::query("ROLLBACK").execute(&mut *connection).await?;
            return Err(TransferError::InsufficientFunds);
        }
        sqlx::query("COMMIT").execute(&mut *connection).await?;
        Ok(())
    }
}
