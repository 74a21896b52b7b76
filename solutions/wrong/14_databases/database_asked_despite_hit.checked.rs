//! It checks with the database whether the store's name is still right.

impl Repo {
    pub async fn cached(&self, id: i64) -> Result<Option<String>, sqlx::Error> {
        let key = format!("account:{id}");
        let stored = self.stored(&key).await;
        let name: Option<String> = sqlx::query_scalar("SELECT name FROM accounts WHERE id = ?")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        if stored.is_some() && stored == name {
            return Ok(stored);
        }
        if let Some(name) = &name {
            let stored = timeout(PATIENCE, self.store.set(&key, name, TIME_TO_LIVE)).await;
            drop(stored);
        }
        Ok(name)
    }
}
