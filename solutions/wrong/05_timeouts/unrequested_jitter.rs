//! Leaves half of each wait to chance.

use std::hash::{BuildHasher as _, RandomState};

/// A number from 0 to 1, by the random keys of a hash map.
fn chance() -> f64 {
    let random = RandomState::new().hash_one(0);
    f64::from((random >> 32) as u32) / f64::from(u32::MAX)
}

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
            let half = wait / 2;
            sleep(half + half.mul_f64(chance())).await;
            wait = wait.saturating_mul(2);
        }
    };
    match timeout(total, attempts_in_turn).await {
        Ok(result) => result,
        Err(_elapsed) => Err(RetryError::DeadlineExceeded(last)),
    }
}
