//! A page has a second, the wait for a connection included.

impl Repo {
    pub async fn list(&self, skip: u32, limit: u32) -> Result<Vec<Payment>, ListError> {
        if !(1..=100).contains(&limit) {
            return Err(ListError::LimitOutOfRange);
        }
        let page = sqlx::query_as(
            "SELECT payments.id, accounts.name AS payer, payments.cents
             FROM payments LEFT JOIN accounts ON accounts.id = payments.payer
             ORDER BY payments.made_at DESC, payments.id DESC LIMIT ? OFFSET ?",
        )
        .bind(limit)
        .bind(skip)
        .fetch_all(&self.pool);
        match timeout(Duration::from_secs(1), page).await {
            Ok(page) => page.map_err(ListError::Database),
            Err(_) => Err(ListError::Database(sqlx::Error::PoolTimedOut)),
        }
    }
}
