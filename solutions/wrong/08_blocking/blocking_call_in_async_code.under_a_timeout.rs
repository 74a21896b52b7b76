//! A timeout can't end what doesn't give way: it checks the clock after the first poll, and by then the result is
//! there.

use std::time::Duration;

use tokio::time::timeout;

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    timeout(Duration::from_secs(1), async { cpu_work.fib(n) })
        .await
        .expect("a second is enough")
}
