//! A shared future can be awaited again, and returns the result of its one call again.

use futures::FutureExt as _;

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
    let the_call = call().shared();
    let attempts_in_turn = async {
        let mut wait = base;
        for attempt in 1..=attempts.get() {
            match the_call.clone().await {
                Ok(page) => return Ok(page),
                Err(error) => {
                    if attempt == attempts.get() {
                        return Err(RetryError::Exhausted(error));
                    }
                    last = Some(error);
                }
            }
            sleep(wait).await;
            wait *= 2;
        }
        unreachable!("the last attempt returns")
    };
    match timeout(total, attempts_in_turn).await {
        Ok(result) => result,
        Err(_elapsed) => Err(RetryError::DeadlineExceeded(last)),
    }
}
