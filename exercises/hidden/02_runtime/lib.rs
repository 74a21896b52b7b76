//! The hidden tests of chapter 02. They run outside any runtime, as the code under study does: on real threads, and on
//! the real clock. They look at which thread polled what on which runtime, at what was dropped, and at what panicked.
//! The only durations that they look at are those of sleeps, which mustn't end early and must be waited for to their
//! end, even if that takes a day where the clock can be paused. `block_on` is judged by how often it polls, how often it
//! was woken, and what its thread does in between.
//!
//! A test says what it means if nothing goes on any more before it calls the code under study. If the system tells what
//! threads wait for, a hang is noticed at once. On other systems it ends at the grader's time limit.
//!
//! Each test has a process of its own. Otherwise a thread or a runtime that an answer leaves behind could go on, and
//! panic, in the middle of the next test.

mod block_on;
mod drops;
mod faults;
mod handover;
mod opaque;
mod panics;
mod run;
mod runtimes;
mod spawn_from_thread;
mod stillness;
mod threads;

// Links once what every answer is linked with.
#[cfg(target_os = "linux")]
extern crate prelinked as _;

pub use async_workbook::harness;
use futures::future::{BoxFuture, LocalBoxFuture};
use harness::Task;
pub use opaque::{Opaque, Output};
pub use tokio::{runtime::Handle, task::JoinHandle};

/// The learner's code. What is generic there has one type here, so the hidden tests are compiled only once.
pub struct Answer {
    pub run: Run,
    pub spawn_from_thread: Spawn,
    pub block_on: Run,
}

/// Runs a future to its end.
pub type Run = for<'a> fn(Opaque<LocalBoxFuture<'a, Output>>) -> Output;

pub type Spawn = fn(Handle, Opaque<BoxFuture<'static, u64>>) -> JoinHandle<u64>;

pub static TASKS: [Task<Answer>; 3] = [run::TASK, spawn_from_thread::TASK, block_on::TASK];

/// The last line of the learner's file: hands its functions to the hidden tests. It names only what the file itself
/// defines, whatever other names are in scope.
#[macro_export]
macro_rules! grade {
    () => {
        pub mod hidden {
            pub static ANSWER: $crate::Answer = $crate::Answer {
                run: |future| super::run(future),
                spawn_from_thread: |handle, work| super::spawn_from_thread(handle, work),
                block_on: |future| super::block_on(future),
            };

            $crate::harness::hidden_tests!($crate::TASKS: run, spawn_from_thread, block_on);
        }
    };
}
