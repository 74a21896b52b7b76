//! Catches the panic of an attempt, and tries again.

use futures::FutureExt as _;
use std::panic::AssertUnwindSafe;

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
        for left in (0..attempts.get()).rev() {
            let caught = AssertUnwindSafe(call()).catch_unwind().await;
            let error = match caught {
                Ok(Ok(page)) => return Ok(page),
                Ok(Err(error)) => error,
                Err(_panic) => UpstreamError::Transport {
                    path: String::new(),
                    reason: "a panic".into(),
                },
            };
            if left == 0 {
                return Err(RetryError::Exhausted(error));
            }
            last = Some(error);
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
