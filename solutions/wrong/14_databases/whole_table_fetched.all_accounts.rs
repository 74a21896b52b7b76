//! All accounts are fetched, to have the names of a page.

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
        let names: Vec<(i64, String)> = sqlx::query_as("SELECT id, name FROM accounts")
            .fetch_all(&self.pool)
            .await
            .map_err(ListError::Database)?;
        let names: HashMap<i64, String> = names.into_iter().collect();
        let payments = rows.into_iter().map(|(id, payer, cents)| Payment {
            id,
            payer: names.get(&payer).cloned(),
            cents,
        });
        Ok(payments.collect())
    }
}
