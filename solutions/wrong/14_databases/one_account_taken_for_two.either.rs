//! In one `UPDATE`, an account is either payer or payee.

impl Repo {
    pub async fn transfer(
        &self,
        from: i64,
        to: i64,
        cents: NonZeroU32,
    ) -> Result<(), TransferError> {
        let cents = i64::from(cents.get());
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let mut balances = Vec::new();
        for id in [from, to] {
            let balance: Option<i64> =
                sqlx::query_scalar("SELECT cents FROM accounts WHERE id = ?")
                    .bind(id)
                    .fetch_optional(&mut *transaction)
                    .await?;
            balances.push(balance.ok_or(TransferError::UnknownAccount)?);
        }
        if balances[0] < cents {
            return Err(TransferError::InsufficientFunds);
        }
        sqlx::query(
            "UPDATE accounts SET cents = cents + CASE id WHEN ?1 THEN -?3 ELSE ?3 END
             WHERE id IN (?1, ?2)",
        )
        .bind(from)
        .bind(to)
        .bind(cents)
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
