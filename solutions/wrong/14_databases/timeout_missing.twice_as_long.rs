//! It waits for the store for 100 ms, once.

impl Repo {
    pub async fn cached(&self, id: i64) -> Result<Option<String>, sqlx::Error> {
        let key = format!("account:{id}");
        match timeout(2 * PATIENCE, self.store.get(&key)).await {
            Ok(Ok(Some(name))) => return Ok(Some(name)),
            Ok(Ok(None)) => {}
            Ok(Err(_)) | Err(_) => {
                return sqlx::query_scalar("SELECT name FROM accounts WHERE id = ?")
                    .bind(id)
                    .fetch_optional(&self.pool)
                    .await;
            }
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
            let stored = timeout(PATIENCE, self.store.set(&key, name, TIME_TO_LIVE)).await;
            drop(stored);
        }
        Ok(name)
    }
}
