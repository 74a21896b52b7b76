//! It asks for each name once: a page of different payers is a query for each row all the same.

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
        let mut payments = Vec::new();
        let mut names: HashMap<i64, Option<String>> = HashMap::new();
        for (id, payer, cents) in rows {
            if !names.contains_key(&payer) {
                let name: Option<String> =
                    sqlx::query_scalar("SELECT name FROM accounts WHERE id = ?")
                        .bind(payer)
                        .fetch_optional(&self.pool)
                        .await
                        .map_err(ListError::Database)?;
                names.insert(payer, name);
            }
            payments.push(Payment {
                id,
                payer: names[&payer].clone(),
                cents,
            });
        }
        Ok(payments)
    }
}
