//! An error of the store is an error of the call.

use async_workbook::services::key_value::StoreError;

fn unreachable(error: StoreError) -> sqlx::Error {
    sqlx::Error::Configuration(error.into())
}

impl Repo {
    pub async fn cached(&self, id: i64) -> Result<Option<String>, sqlx::Error> {
        let key = format!("account:{id}");
        let get = timeout(PATIENCE, self.store.get(&key)).await;
        if let Some(name) = get.unwrap_or(Ok(None)).map_err(unreachable)? {
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
