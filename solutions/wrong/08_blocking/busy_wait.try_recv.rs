//! Keeps checking a channel.

use std::{sync::mpsc, thread};

pub async fn fib(cpu_work: &CpuWork, n: u64) -> u64 {
    let cpu_work = cpu_work.clone();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(cpu_work.fib(n)));
    loop {
        match receiver.try_recv() {
            Ok(value) => return value,
            Err(mpsc::TryRecvError::Empty) => yield_now().await,
            Err(mpsc::TryRecvError::Disconnected) => panic!("the computation panicked"),
        }
    }
}
