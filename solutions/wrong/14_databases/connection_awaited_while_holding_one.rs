//! The rows of the page are a stream, which keeps its connection, and each name needs a second one.

use futures::TryStreamExt as _;

impl Repo {
    pub async fn list(&self, skip: u32, limit: u32) -> Result<Vec<Payment>, ListError> {
        if !(1..=100).contains(&limit) {
            return Err(ListError::LimitOutOfRange);
        }
        let mut rows = sqlx::query_as::<_, (i64, i64, i64)>(
            "SELECT id, payer, cents FROM payments ORDER BY made_at DESC, id DESC LIMIT ? OFFSET ?",
        )
        .bind(limit)
        .bind(skip)
        .fetch(&self.pool);
        let mut payments = Vec::new();
        while let Some((id, payer, cents)) = rows.try_next().await.map_err(ListError::Database)? {
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
