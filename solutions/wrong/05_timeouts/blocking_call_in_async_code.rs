//! Blocks the thread inside `select!`. When it wakes up, its arm is ready.

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    tokio::select! {
        output = work => Ok(output),
        () = async { std::thread::sleep(limit) } => Err(GatewayTimeout),
    }
}
