//! It writes only if the payer is as it was, and looks no more at the payee.

impl Repo {
    pub async fn transfer(
        &self,
        from: i64,
        to: i64,
        cents: NonZeroU32,
    ) -> Result<(), TransferError> {
        let cents = i64::from(cents.get());
        loop {
            let mut balances = Vec::new();
            for id in [from, to] {
                let balance: Option<i64> =
                    sqlx::query_scalar("SELECT cents FROM accounts WHERE id = ?")
                        .bind(id)
                        .fetch_optional(&self.pool)
                        .await?;
                balances.push(balance.ok_or(TransferError::UnknownAccount)?);
            }
            if balances[0] < cents {
                return Err(TransferError::InsufficientFunds);
            }
            let mut transaction = self.pool.begin().await?;
            let paid = sqlx::query("UPDATE accounts SET cents = ? WHERE id = ? AND cents = ?")
                .bind(balances[0] - cents)
                .bind(from)
                .bind(balances[0])
                .execute(&mut *transaction)
                .await?;
            if paid.rows_affected() == 0 {
                continue;
            }
            sqlx::query("UPDATE accounts SET cents = ? WHERE id = ?")
                .bind(balances[1] + cents)
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
            return Ok(());
        }
    }
}
