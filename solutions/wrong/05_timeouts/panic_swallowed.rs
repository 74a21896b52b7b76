//! Turns a panic into an error of the upstream, and tries again.

use tokio_util::task::AbortOnDropHandle;

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
        let mut wait = base;
        for attempt in 1..=attempts.get() {
            let task = AbortOnDropHandle::new(tokio::spawn(call()));
            let joined = task.await.unwrap_or_else(|error| {
                Err(UpstreamError::Transport {
                    path: String::new(),
                    reason: error.to_string(),
                })
            });
            match joined {
                Ok(page) => return Ok(page),
                Err(error) => {
                    if attempt == attempts.get() {
                        return Err(RetryError::Exhausted(error));
                    }
                    last = Some(error);
                }
            }
            sleep(wait).await;
            wait = wait.saturating_mul(2);
        }
        unreachable!("the last attempt returns")
    };
    match timeout(total, attempts_in_turn).await {
        Ok(result) => result,
        Err(_elapsed) => Err(RetryError::DeadlineExceeded(last)),
    }
}
