//! The hidden tests of chapter 08. They count beats, jobs and threads, and measure no time.
//!
//! If an answer has to keep the loop alive, a heart beats beside it, as often as the runtime lets it. Work on
//! another thread lasts until the heart has beaten, so there are beats to count however fast the work is.
//!
//! The log is on a disk that ends each append when the test tells it to. So a test knows which lines have come by
//! then, and a job runs for as long as it wants to look at what else happens.

mod checksum;
mod fib;
mod heart;
mod write_log;

use std::io;

pub use async_workbook::harness;
use async_workbook::services::{cpu_work::CpuWork, log_file::LogFile};
use futures::future::LocalBoxFuture;
use harness::Task;
use tokio::sync::mpsc;
// Links once what every answer is linked with.
#[cfg(target_os = "linux")]
extern crate prelinked as _;

/// The learner's code. With boxed futures, the hidden tests are compiled only once.
pub struct Answer {
    pub fib: for<'a> fn(&'a CpuWork, u64) -> LocalBoxFuture<'a, u64>,
    pub checksum: for<'a> fn(&'a CpuWork, &'a [u8]) -> LocalBoxFuture<'a, u64>,
    pub write_log: WriteLog,
}

pub type WriteLog =
    for<'a> fn(&'a LogFile, mpsc::Receiver<String>) -> LocalBoxFuture<'a, io::Result<usize>>;

pub static TASKS: [Task<Answer>; 3] = [fib::TASK, checksum::TASK, write_log::TASK];

/// The last line of the learner's file: hands its functions to the hidden tests. It names only what the file itself
/// defines, whatever other names are in scope.
#[macro_export]
macro_rules! grade {
    () => {
        pub mod hidden {
            use ::std::boxed::Box;

            pub static ANSWER: $crate::Answer = $crate::Answer {
                fib: |cpu_work, n| Box::pin(super::fib(cpu_work, n)),
                checksum: |cpu_work, data| Box::pin(super::checksum(cpu_work, data)),
                write_log: |log_file, lines| Box::pin(super::write_log(log_file, lines)),
            };

            $crate::harness::hidden_tests!($crate::TASKS: fib, checksum, write_log);
        }
    };
}
