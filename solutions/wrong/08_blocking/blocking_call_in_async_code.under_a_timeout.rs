//! A timeout cannot end what does not give way: it looks at the clock after the first poll, and then
//! the result is there.

use std::time::Duration;

use tokio::time::timeout;

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    timeout(Duration::from_secs(1), async { cpu_work.fib(n) })
        .await
        .expect("a second is enough")
}
