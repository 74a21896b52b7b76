//! The query is in a task that goes on when its caller is gone.

impl Repo {
    pub async fn list(&self, skip: u32, limit: u32) -> Result<Vec<Payment>, ListError> {
        if !(1..=100).contains(&limit) {
            return Err(ListError::LimitOutOfRange);
        }
        let pool = self.pool.clone();
        let page = tokio::spawn(async move {
            sqlx::query_as(
                "SELECT payments.id, accounts.name AS payer, payments.cents
                 FROM payments LEFT JOIN accounts ON accounts.id = payments.payer
                 ORDER BY payments.made_at DESC, payments.id DESC LIMIT ? OFFSET ?",
            )
            .bind(limit)
            .bind(skip)
            .fetch_all(&pool)
            .await
        });
        let page = page.await.expect("it doesn't panic");
        page.map_err(ListError::Database)
    }
}
