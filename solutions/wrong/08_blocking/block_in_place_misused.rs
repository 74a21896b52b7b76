//! `block_in_place` hands the other tasks of a worker to another one. A runtime with one thread has
//! no other, and it panics.

use tokio::task::block_in_place;

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    block_in_place(|| cpu_work.fib(n))
}
