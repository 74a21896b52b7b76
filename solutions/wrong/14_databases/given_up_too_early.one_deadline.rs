//! All calls to the store share one deadline.

impl Repo {
    pub async fn cached(&self, id: i64) -> Result<Option<String>, sqlx::Error> {
        let key = format!("account:{id}");
        let until = tokio::time::Instant::now() + PATIENCE;
        if let Ok(Ok(Some(name))) = tokio::time::timeout_at(until, self.store.get(&key)).await {
            return Ok(Some(name));
        }
        let lookup = self.lookup(id);
        let _first = lookup.lock().await;
        if let Some(name) = self.stored(&key).await {
            return Ok(Some(name));
        }
        let name: Option<String> = sqlx::query_scalar("SELECT name FROM accounts WHERE id = ?")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        if let Some(name) = &name {
            let set = self.store.set(&key, name, TIME_TO_LIVE);
            drop(tokio::time::timeout_at(until, set).await);
        }
        Ok(name)
    }
}
