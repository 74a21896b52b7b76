//! It stores names, and never asks for one.

impl Repo {
    pub async fn cached(&self, id: i64) -> Result<Option<String>, sqlx::Error> {
        let key = format!("account:{id}");
        let name: Option<String> = sqlx::query_scalar("SELECT name FROM accounts WHERE id = ?")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        if let Some(name) = &name {
            let stored = timeout(PATIENCE, self.store.set(&key, name, TIME_TO_LIVE)).await;
            drop(stored);
        }
        Ok(name)
    }
}
