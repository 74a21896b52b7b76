//! Another thread computes, and `join` blocks this one until it's done.

use std::thread;

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let cpu_work = cpu_work.clone();
    thread::spawn(move || cpu_work.fib(n))
        .join()
        .expect("the thread does not panic")
}
