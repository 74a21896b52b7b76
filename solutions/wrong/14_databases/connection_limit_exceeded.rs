//! Each call opens a pool of its own.

impl Repo {
    pub async fn list(&self, skip: u32, limit: u32) -> Result<Vec<Payment>, ListError> {
        if !(1..=100).contains(&limit) {
            return Err(ListError::LimitOutOfRange);
        }
        let options = (*self.pool.connect_options()).clone();
        let pool = SqlitePool::connect_with(options)
            .await
            .map_err(ListError::Database)?;
        sqlx::query_as(
            "SELECT payments.id, accounts.name AS payer, payments.cents
             FROM payments LEFT JOIN accounts ON accounts.id = payments.payer
             ORDER BY payments.made_at DESC, payments.id DESC LIMIT ? OFFSET ?",
        )
        .bind(limit)
        .bind(skip)
        .fetch_all(&pool)
        .await
        .map_err(ListError::Database)
    }
}
