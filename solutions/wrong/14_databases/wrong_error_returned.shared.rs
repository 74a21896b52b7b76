//! All who wait for a query get its error as a text.

use futures::future::{BoxFuture, FutureExt as _, WeakShared};

pub struct Repo {
    pool: SqlitePool,
    store: Store,
    shared: Mutex<HashMap<i64, WeakShared<BoxFuture<'static, Result<Option<String>, String>>>>>,
}

impl Repo {
    pub async fn cached(&self, id: i64) -> Result<Option<String>, sqlx::Error> {
        let key = format!("account:{id}");
        if let Some(name) = self.stored(&key).await {
            return Ok(Some(name));
        }
        let (pool, store) = (self.pool.clone(), self.store.clone());
        let lookup = async move {
            let name: Option<String> = sqlx::query_scalar("SELECT name FROM accounts WHERE id = ?")
                .bind(id)
                .fetch_optional(&pool)
                .await
                .map_err(|error| error.to_string())?;
            if let Some(name) = &name {
                drop(timeout(PATIENCE, store.set(&key, name, TIME_TO_LIVE)).await);
            }
            Ok(name)
        };
        let lookup = {
            let mut shared = self.shared.lock().unwrap();
            match shared.get(&id).and_then(WeakShared::upgrade) {
                Some(lookup) if lookup.peek().is_none() => lookup,
                _ => {
                    let lookup = lookup.boxed().shared();
                    shared.extend(lookup.downgrade().map(|lookup| (id, lookup)));
                    lookup
                }
            }
        };
        lookup.await.map_err(sqlx::Error::Protocol)
    }

    pub fn new(pool: SqlitePool, store: Store) -> Self {
        Self {
            pool,
            store,
            shared: Default::default(),
        }
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

    pub async fn transfer(
        &self,
        from: i64,
        to: i64,
        cents: NonZeroU32,
    ) -> Result<(), TransferError> {
        let mut transaction = self.pool.begin().await?;
        let paid =
            sqlx::query("UPDATE accounts SET cents = cents - ?1 WHERE id = ?2 AND cents >= ?1")
                .bind(cents.get())
                .bind(from)
                .execute(&mut *transaction)
                .await?;
        let received = sqlx::query("UPDATE accounts SET cents = cents + ? WHERE id = ?")
            .bind(cents.get())
            .bind(to)
            .execute(&mut *transaction)
            .await?;
        if received.rows_affected() == 0 {
            return Err(TransferError::UnknownAccount);
        }
        if paid.rows_affected() == 0 {
            let payer: Option<i64> = sqlx::query_scalar("SELECT id FROM accounts WHERE id = ?")
                .bind(from)
                .fetch_optional(&mut *transaction)
                .await?;
            return Err(match payer {
                Some(_) => TransferError::InsufficientFunds,
                None => TransferError::UnknownAccount,
            });
        }
        sqlx::query("INSERT INTO payments (payer, payee, cents) VALUES (?, ?, ?)")
            .bind(from)
            .bind(to)
            .bind(cents.get())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn stored(&self, key: &str) -> Option<String> {
        timeout(PATIENCE, self.store.get(key)).await.ok()?.ok()?
    }
}
