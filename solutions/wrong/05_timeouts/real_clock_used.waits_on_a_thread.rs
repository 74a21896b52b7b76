//! A thread sleeps between the attempts, and tokio doesn't know that there's anything to wait for.

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
    let mut last = None;
    let attempts_in_turn = async {
        let mut left = attempts.get();
        let mut wait = base;
        loop {
            match call().await {
                Ok(page) => return Ok(page),
                Err(error) if left == 1 => return Err(RetryError::Exhausted(error)),
                Err(error) => last = Some(error),
            }
            left -= 1;
            let (sender, receiver) = oneshot::channel();
            std::thread::spawn(move || {
                std::thread::sleep(wait.min(Duration::from_secs(1)));
                sender.send(())
            });
            let _slept = receiver.await;
            wait = wait.saturating_mul(2);
        }
    };
    match timeout(total, attempts_in_turn).await {
        Ok(result) => result,
        Err(_elapsed) => Err(RetryError::DeadlineExceeded(last)),
    }
}
