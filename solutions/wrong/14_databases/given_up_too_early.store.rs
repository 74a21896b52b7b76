//! It gives the store 10 ms.

impl Repo {
    pub async fn cached(&self, id: i64) -> Result<Option<String>, sqlx::Error> {
        let key = format!("account:{id}");
        let patience = Duration::from_millis(10);
        if let Ok(Ok(Some(name))) = timeout(patience, self.store.get(&key)).await {
            return Ok(Some(name));
        }
        let lookup = self.lookup(id);
        let _first = lookup.lock().await;
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
