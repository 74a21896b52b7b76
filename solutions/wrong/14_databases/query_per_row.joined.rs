//! The names are asked for at the same time, and each of them is still a query.

use futures::future::try_join_all;

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
        let payments = rows.into_iter().map(async |(id, payer, cents)| {
            let payer = sqlx::query_scalar("SELECT name FROM accounts WHERE id = ?")
                .bind(payer)
                .fetch_optional(&self.pool)
                .await
                .map_err(ListError::Database)?;
            Ok(Payment { id, payer, cents })
        });
        try_join_all(payments).await
    }
}
