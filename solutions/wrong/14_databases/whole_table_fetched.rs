//! It fetches all payments, and takes the page from them.

impl Repo {
    pub async fn list(&self, skip: u32, limit: u32) -> Result<Vec<Payment>, ListError> {
        if !(1..=100).contains(&limit) {
            return Err(ListError::LimitOutOfRange);
        }
        let payments: Vec<Payment> = sqlx::query_as(
            "SELECT payments.id, accounts.name AS payer, payments.cents
             FROM payments LEFT JOIN accounts ON accounts.id = payments.payer
             ORDER BY payments.made_at DESC, payments.id DESC",
        )
        .fetch_all(&self.pool)
        .await
        .map_err(ListError::Database)?;
        let page = payments.into_iter().skip(skip as usize);
        Ok(page.take(limit as usize).collect())
    }
}
