//! `block_in_place` hands the worker's other tasks to another thread. A `current_thread` runtime has none, so it
//! panics.

use tokio::task::block_in_place;

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    block_in_place(|| cpu_work.fib(n))
}
