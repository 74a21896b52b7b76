//! A lock keeps other calls out, and not other programs.

pub struct Repo {
    pool: SqlitePool,
    store: Store,
    lookups: Mutex<HashMap<i64, Arc<tokio::sync::Mutex<()>>>>,
    transfers: tokio::sync::Mutex<()>,
}

impl Repo {
    pub fn new(pool: SqlitePool, store: Store) -> Self {
        Self {
            pool,
            store,
            lookups: Mutex::default(),
            transfers: tokio::sync::Mutex::default(),
        }
    }

    pub async fn transfer(
        &self,
        from: i64,
        to: i64,
        cents: NonZeroU32,
    ) -> Result<(), TransferError> {
        let _alone = self.transfers.lock().await;
        let accounts: i64 = sqlx::query_scalar("SELECT count(*) FROM accounts WHERE id IN (?, ?)")
            .bind(from)
            .bind(to)
            .fetch_one(&self.pool)
            .await?;
        if accounts < 2 {
            return Err(TransferError::UnknownAccount);
        }
        let balance: Option<i64> = sqlx::query_scalar("SELECT cents FROM accounts WHERE id = ?")
            .bind(from)
            .fetch_optional(&self.pool)
            .await?;
        let balance = balance.ok_or(TransferError::UnknownAccount)?;
        if balance < i64::from(cents.get()) {
            return Err(TransferError::InsufficientFunds);
        }
        let mut transaction = self.pool.begin().await?;
        sqlx::query("UPDATE accounts SET cents = ? WHERE id = ?")
            .bind(balance - i64::from(cents.get()))
            .bind(from)
            .execute(&mut *transaction)
            .await?;
        sqlx::query("UPDATE accounts SET cents = cents + ? WHERE id = ?")
            .bind(cents.get())
            .bind(to)
            .execute(&mut *transaction)
            .await?;
        sqlx::query("INSERT INTO payments (payer, payee, cents) VALUES (?, ?, ?)")
            .bind(from)
            .bind(to)
            .bind(cents.get())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    pub async fn list(&self, skip: u32, limit: u32) -> Result<Vec<Payment>, ListError> {
        if !(1..=100).contains(&limit) {
            return Err(ListError::LimitOutOfRange);
        }
        sqlx::query_as(
            "SELECT payments.id, accounts.name AS payer, payments.cents
             FROM payments LEFT JOIN accounts ON accounts.id = payments.payer
             ORDER BY payments.made_at DESC, payments.id DESC LIMIT ? OFFSET ?",
        )
        .bind(limit)
        .bind(skip)
        .fetch_all(&self.pool)
        .await
        .map_err(ListError::Database)
    }

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

    async fn stored(&self, key: &str) -> Option<String> {
        timeout(PATIENCE, self.store.get(key)).await.ok()?.ok()?
    }

    fn lookup(&self, id: i64) -> Arc<tokio::sync::Mutex<()>> {
        let mut lookups = self.lookups.lock().unwrap_or_else(PoisonError::into_inner);
        lookups.retain(|_, lookup| Arc::strong_count(lookup) > 1);
        Arc::clone(lookups.entry(id).or_default())
    }
}
