//! A connection is taken before the limit is looked at.

impl Repo {
    pub async fn list(&self, skip: u32, limit: u32) -> Result<Vec<Payment>, ListError> {
        let mut connection = self.pool.acquire().await.map_err(ListError::Database)?;
        if !(1..=100).contains(&limit) {
            return Err(ListError::LimitOutOfRange);
        }
        sqlx::query_as(
            "SELECT payments.id, accounts.name AS payer, payments.cents
             FROM payments LEFT JOIN accounts ON accounts.id = payments.payer
             ORDER BY payments.made_at DESC, payments.id DESC LIMIT ? OFFSET ?",
        )
        .bind(limit)
        .bind(skip)
        .fetch_all(&mut *connection)
        .await
        .map_err(ListError::Database)
    }
}
