//! It asks both at once, and takes the store's name if there is one.

impl Repo {
    pub async fn cached(&self, id: i64) -> Result<Option<String>, sqlx::Error> {
        let key = format!("account:{id}");
        let query = sqlx::query_scalar("SELECT name FROM accounts WHERE id = ?")
            .bind(id)
            .fetch_optional(&self.pool);
        let (stored, name) = tokio::join!(self.stored(&key), query);
        if let Some(stored) = stored {
            return Ok(Some(stored));
        }
        let name: Option<String> = name?;
        if let Some(name) = &name {
            let stored = timeout(PATIENCE, self.store.set(&key, name, TIME_TO_LIVE)).await;
            drop(stored);
        }
        Ok(name)
    }
}
