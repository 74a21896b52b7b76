//! A time limit of 50 ms. When it's over, the future is treated as if it had ended.

use std::time::Duration;

use tokio::time::timeout;

#[tokio::main]
pub async fn run<F: Future>(future: F) -> F::Output {
    timeout(Duration::from_millis(50), future).await.unwrap()
}
