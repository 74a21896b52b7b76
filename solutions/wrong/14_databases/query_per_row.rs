//! One query for the page, and one for the name of each of its payments.

impl Repo {
    pub async fn list(&self, skip: u32, limit: u32) -> Result<Vec<Payment>, ListError> {
        if !(1..=100).contains(&limit) {
            return Err(ListError::LimitOutOfRange);
        }
        let rows: Vec<(i64, i64, i64)> = sqlx::query_as(
            "SELECT id, payer, cents FROM payments ORDER BY made_at DESC, id DESC LIMIT ? OFFSET ?",
        )
        .bind(limit)
        .bind(skip)
        .fetch_all(&self.pool)
        .await
        .map_err(ListError::Database)?;
        let mut payments = Vec::new();
        for (id, payer, cents) in rows {
            let payer = sqlx::query_scalar("SELECT name FROM accounts WHERE id = ?")
                .bind(payer)
                .fetch_optional(&self.pool)
                .await
                .map_err(ListError::Database)?;
            payments.push(Payment { id, payer, cents });
        }
        Ok(payments)
    }
}
