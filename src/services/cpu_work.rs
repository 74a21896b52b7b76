//! CPU-bound work: a synchronous library that notes where it ran, and whether the heart went on beating.

use std::sync::{Arc, Mutex, PoisonError};

use crate::probes::heartbeat::{Heartbeat, Stage};

/// Somebody's slow, synchronous library: each of its functions keeps the thread that calls it.
///
/// Every call is a [stage](Heartbeat::stage) of the heartbeat that it was made with. Clones share one
/// record of calls, and can be sent to other threads.
#[derive(Clone, Debug)]
pub struct CpuWork {
    heartbeat: Heartbeat,
    record: Arc<Mutex<Record>>,
}

#[derive(Debug, Default)]
struct Record {
    begun: usize,
    ended: Vec<CpuCall>,
}

/// The record of one call that came to its end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CpuCall {
    /// What was computed.
    pub operation: Operation,
    /// Where it ran, and how often the heart beat meanwhile.
    pub stage: Stage,
}

/// One computation that [`CpuWork`] was asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Operation {
    /// The Fibonacci number of this index.
    Fib(u64),
    /// A checksum over this many bytes.
    Digest(usize),
}

impl CpuWork {
    /// Has `heartbeat` watch all calls. It beats for as long as this lives.
    #[must_use]
    pub fn new(heartbeat: &Heartbeat) -> Self {
        Self {
            heartbeat: heartbeat.clone(),
            record: Arc::default(),
        }
    }

    /// Computes a Fibonacci number (0, 1, 1, 2, 3, 5, …) the slow way: with each further index it takes
    /// 1.6 times as long.
    ///
    /// # Panics
    ///
    /// From index 94 on: the number has no place in a `u64`.
    #[must_use]
    pub fn fib(&self, index: u64) -> u64 {
        self.run(Operation::Fib(index), || {
            assert!(index <= 93, "fib({index}) has no place in a u64");
            fib(index)
        })
    }

    /// Goes on with a checksum: what `sum` becomes with these bytes added to it. The checksum of nothing
    /// is 0, and that of two pieces the same as that of the whole:
    /// `digest(digest(0, b"ab"), b"c") == digest(0, b"abc")`.
    #[must_use]
    pub fn digest(&self, sum: u64, bytes: &[u8]) -> u64 {
        self.run(Operation::Digest(bytes.len()), || {
            bytes.iter().fold(sum, |sum, &byte| {
                // One more than the byte, so that zeros count as well.
                sum.wrapping_mul(0x0100_0000_01b3)
                    .wrapping_add(u64::from(byte) + 1)
            })
        })
    }

    /// One record a call, in the order in which they ended; none of a call that panicked.
    #[must_use]
    pub fn calls(&self) -> Vec<CpuCall> {
        self.with(|record| record.ended.clone())
    }

    /// How many calls were begun, with those that panicked.
    #[must_use]
    pub fn begun(&self) -> usize {
        self.with(|record| record.begun)
    }

    fn run(&self, operation: Operation, work: impl FnOnce() -> u64) -> u64 {
        self.with(|record| record.begun += 1);
        let (value, stage) = self.heartbeat.stage(work);
        self.with(|record| record.ended.push(CpuCall { operation, stage }));
        value
    }

    // The lock is held for a push or a copy, never during the work; nothing is left half done by a panic.
    fn with<T>(&self, change: impl FnOnce(&mut Record) -> T) -> T {
        change(&mut self.record.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn fib(index: u64) -> u64 {
    match index {
        0 | 1 => index,
        _ => fib(index - 1) + fib(index - 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_call_is_a_stage() {
        let heartbeat = Heartbeat::start();
        let cpu_work = CpuWork::new(&heartbeat);
        let numbers: Vec<u64> = (0..8).map(|index| cpu_work.fib(index)).collect();
        assert_eq!(numbers, [0, 1, 1, 2, 3, 5, 8, 13]);
        let calls = cpu_work.clone().calls();
        assert_eq!((calls.len(), calls[7].operation), (8, Operation::Fib(7)));
        assert!(calls.iter().all(|call| call.stage.on_loop));
    }

    #[tokio::test]
    async fn a_checksum_can_be_taken_in_pieces() {
        let cpu_work = CpuWork::new(&Heartbeat::start());
        let whole = cpu_work.digest(0, b"abc");
        assert_eq!(cpu_work.digest(cpu_work.digest(0, b"ab"), b"c"), whole);
        assert_ne!(cpu_work.digest(0, b"acb"), whole);
        assert_ne!(cpu_work.digest(0, b"\0"), cpu_work.digest(0, b"\0\0"));
        assert_eq!(cpu_work.digest(0, b""), 0);
        assert_eq!(cpu_work.calls()[0].operation, Operation::Digest(3));
    }

    #[tokio::test]
    async fn a_number_without_a_place_panics() {
        let cpu_work = CpuWork::new(&Heartbeat::start());
        let called = cpu_work.clone();
        let panicked = tokio::task::spawn_blocking(move || called.fib(94)).await;
        assert!(panicked.is_err_and(|error| error.is_panic()));
        assert_eq!((cpu_work.begun(), cpu_work.calls()), (1, vec![]));
    }
}
