//! The whole transaction is one text, and a drop stops it between two statements.

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
        let script = format!(
            "BEGIN IMMEDIATE;
             UPDATE accounts SET cents = cents - {cents} WHERE id = {from} AND cents >= {cents};
             UPDATE accounts SET cents = cents + {cents} WHERE id = {to};
             INSERT INTO payments (payer, payee, cents) VALUES ({from}, {to}, {cents});
             COMMIT"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(script))
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
