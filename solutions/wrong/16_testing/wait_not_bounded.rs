//! Awaits `get` without a limit, and hangs when the cache does.

async fn body(cache: &dyn Cache) -> Result<String, UpstreamError> {
    cache.get().await.map(|page| page.body)
}
