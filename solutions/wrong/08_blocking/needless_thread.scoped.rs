//! Another thread digests each chunk, and `scope` blocks this one until it's done.

use std::thread;

pub async fn checksum(cpu_work: &CpuWork, data: &[u8]) -> u64 {
    let mut sum = 0;
    for chunk in data.chunks(CHUNK) {
        sum = thread::scope(|scope| {
            let thread = scope.spawn(|| cpu_work.digest(sum, chunk));
            thread.join().expect("the thread does not panic")
        });
        yield_now().await;
    }
    sum
}
