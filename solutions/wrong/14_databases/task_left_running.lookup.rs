//! The query is in a task that goes on when its caller is gone.

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
        let pool = self.pool.clone();
        let query = tokio::spawn(async move {
            sqlx::query_scalar("SELECT name FROM accounts WHERE id = ?")
                .bind(id)
                .fetch_optional(&pool)
                .await
        });
        let name: Option<String> = query.await.expect("it doesn't panic")?;
        if let Some(name) = &name {
            let stored = timeout(PATIENCE, self.store.set(&key, name, TIME_TO_LIVE)).await;
            drop(stored);
        }
        Ok(name)
    }
}
