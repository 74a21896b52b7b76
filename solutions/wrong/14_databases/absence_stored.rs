//! An account that doesn't exist is an empty name in the store.

impl Repo {
    pub async fn cached(&self, id: i64) -> Result<Option<String>, sqlx::Error> {
        let key = format!("account:{id}");
        if let Some(name) = self.stored(&key).await {
            return Ok(Some(name).filter(|name| !name.is_empty()));
        }
        let lookup = self.lookup(id);
        let _first = lookup.lock().await;
        let name: Option<String> = sqlx::query_scalar("SELECT name FROM accounts WHERE id = ?")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        let kept = name.clone().unwrap_or_default();
        let stored = timeout(PATIENCE, self.store.set(&key, &kept, TIME_TO_LIVE)).await;
        drop(stored);
        Ok(name)
    }
}
