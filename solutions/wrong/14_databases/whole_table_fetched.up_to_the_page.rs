//! It fetches everything up to the end of the page, and skips in Rust.

impl Repo {
    pub async fn list(&self, skip: u32, limit: u32) -> Result<Vec<Payment>, ListError> {
        if !(1..=100).contains(&limit) {
            return Err(ListError::LimitOutOfRange);
        }
        let payments: Vec<Payment> = sqlx::query_as(
            "SELECT payments.id, accounts.name AS payer, payments.cents
             FROM payments LEFT JOIN accounts ON accounts.id = payments.payer
             ORDER BY payments.made_at DESC, payments.id DESC LIMIT ?",
        )
        .bind(i64::from(skip) + i64::from(limit))
        .fetch_all(&self.pool)
        .await
        .map_err(ListError::Database)?;
        Ok(payments.into_iter().skip(skip as usize).collect())
    }
}
