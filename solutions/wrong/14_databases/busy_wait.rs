//! It tries for a connection again and again.

impl Repo {
    pub async fn list(&self, skip: u32, limit: u32) -> Result<Vec<Payment>, ListError> {
        if !(1..=100).contains(&limit) {
            return Err(ListError::LimitOutOfRange);
        }
        if self.pool.size() == 0 {
            drop(self.pool.acquire().await.map_err(ListError::Database)?);
        }
        let mut connection = loop {
            if let Some(connection) = self.pool.try_acquire() {
                break connection;
            }
            tokio::task::yield_now().await;
        };
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
