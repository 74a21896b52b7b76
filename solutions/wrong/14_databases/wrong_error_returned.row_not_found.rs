//! An account that does not exist is an error.

impl Repo {
    pub async fn cached(&self, id: i64) -> Result<Option<String>, sqlx::Error> {
        let key = format!("account:{id}");
        if let Some(name) = self.stored(&key).await {
            return Ok(Some(name));
        }
        let lookup = self.lookup(id);
        let _first = lookup.lock().await;
        if let Some(name) = self.stored(&key).await {
            return Ok(Some(name));
        }
        let name: String = sqlx::query_scalar("SELECT name FROM accounts WHERE id = ?")
            .bind(id)
            .fetch_one(&self.pool)
            .await?;
        let stored = timeout(PATIENCE, self.store.set(&key, &name, TIME_TO_LIVE)).await;
        drop(stored);
        Ok(Some(name))
    }
}
