//! A cache in front of a query, on Redis.

use std::time::Duration;

use redis::{AsyncTypedCommands as _, SetExpiry, SetOptions, aio::MultiplexedConnection};
use tokio::time::timeout;

/// How long the cache may take for a call. Without it, the answer comes all the same.
const PATIENCE: Duration = Duration::from_millis(50);

// ANCHOR: cached
/// Returns what the cache has for this key, or else what `query` finds, and keeps that for a minute.
pub async fn cached<E>(
    cache: &MultiplexedConnection,
    key: &str,
    query: impl Future<Output = Result<Option<String>, E>>,
) -> Result<Option<String>, E> {
    // All clones use the same socket, so there's no pool.
    let mut cache = cache.clone();
    if let Ok(Ok(Some(value))) = timeout(PATIENCE, cache.get(key)).await {
        return Ok(Some(value));
    }
    // A miss, or a cache that's down or slow.
    let value = query.await?;
    if let Some(value) = &value {
        let for_a_minute = SetOptions::default().with_expiration(SetExpiry::EX(60));
        let kept = timeout(PATIENCE, cache.set_options(key, value, for_a_minute)).await;
        drop(kept); // If it isn't kept, the next caller asks the database.
    }
    Ok(value)
}
// ANCHOR_END: cached
