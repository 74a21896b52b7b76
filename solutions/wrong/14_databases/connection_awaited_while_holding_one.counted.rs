//! It takes a connection for the page, and the count comes through the pool.

impl Repo {
    pub async fn list(&self, skip: u32, limit: u32) -> Result<Vec<Payment>, ListError> {
        if !(1..=100).contains(&limit) {
            return Err(ListError::LimitOutOfRange);
        }
        let mut connection = self.pool.acquire().await.map_err(ListError::Database)?;
        let all: i64 = sqlx::query_scalar("SELECT count(*) FROM payments")
            .fetch_one(&self.pool)
            .await
            .map_err(ListError::Database)?;
        if i64::from(skip) >= all {
            return Ok(Vec::new());
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
