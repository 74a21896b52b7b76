//! `recv` of a channel of `std` blocks the thread until something is sent.

use std::{sync::mpsc, thread};

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let cpu_work = cpu_work.clone();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(cpu_work.fib(n)));
    receiver.recv().expect("the thread sends the result")
}
