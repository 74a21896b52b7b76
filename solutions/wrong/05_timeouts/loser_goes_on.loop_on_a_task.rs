//! The whole loop runs on a task, which tries on when nobody waits for it any more.

use tokio::sync::oneshot;

pub async fn retry<F>(
    attempts: NonZeroU32,
    base: Duration,
    total: Duration,
    call: impl Fn() -> F + Send + Sync + 'static,
) -> Result<Page, RetryError>
where
    F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
{
    let (sender, receiver) = oneshot::channel();
    tokio::spawn(async move {
        let mut wait = base;
        let mut left = attempts.get();
        let result = loop {
            match call().await {
                Ok(page) => break Ok(page),
                Err(error) if left == 1 => break Err(RetryError::Exhausted(error)),
                Err(_) => left -= 1,
            }
            sleep(wait).await;
            wait = wait.saturating_mul(2);
        };
        sender.send(result)
    });
    match timeout(total, receiver).await {
        Ok(result) => result.expect("the task sends its result"),
        Err(_elapsed) => todo!("keep the last error"),
    }
}
