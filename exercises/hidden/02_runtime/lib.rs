//! The hidden tests of chapter 02. They run outside any runtime, as the code under study does: on real threads, and on
//! the real clock. They look at which thread polled what on which runtime, at what was dropped, and at what panicked.
//! The only durations that they look at are those of sleeps, which mustn't end early and must be waited for to their
//! end, even if that takes a day where the clock can be paused.
//!
//! A test says what it means if nothing goes on any more before it calls the code under study. If the system tells what
//! threads wait for, a hang is noticed at once. On other systems it ends at the grader's time limit.
//!
//! Each test has a process of its own. Otherwise a thread or a runtime that an answer leaves behind could go on, and
//! panic, in the middle of the next test.

mod blocking_client;
mod drops;
mod faults;
mod handover;
mod opaque;
mod panics;
mod run;
mod runtimes;
mod site;
mod spawn_from_thread;
mod stillness;
mod threads;

// Links once what every answer is linked with.
#[cfg(target_os = "linux")]
extern crate prelinked as _;

pub use async_workbook::{
    harness,
    services::upstream::{Page, Upstream, UpstreamError},
};
use futures::future::{BoxFuture, LocalBoxFuture};
use harness::Task;
pub use opaque::{Opaque, Output};
pub use tokio::{runtime::Handle, task::JoinHandle};

/// The learner's code. What is generic there has one type here, so the hidden tests are compiled only once.
pub struct Answer {
    pub run: Run,
    pub spawn_from_thread: Spawn,
    pub new_client: fn(Upstream) -> Box<dyn Client>,
}

pub type Run = for<'a> fn(Opaque<LocalBoxFuture<'a, Output>>) -> Output;

pub type Spawn = fn(Handle, Opaque<BoxFuture<'static, u64>>) -> JoinHandle<u64>;

/// The learner's `BlockingClient`, which threads share. No method has the same name as one of the learner's: if theirs
/// were missing, this one would call itself.
pub trait Client: Send + Sync {
    fn call_get(&self, path: &str) -> Result<Page, UpstreamError>;
}

pub static TASKS: [Task<Answer>; 3] = [run::TASK, spawn_from_thread::TASK, blocking_client::TASK];

/// The last line of the learner's file: hands its functions to the hidden tests. It names only what the file itself
/// defines, whatever other names are in scope.
#[macro_export]
macro_rules! grade {
    () => {
        pub mod hidden {
            use ::std::{boxed::Box, result::Result};

            pub static ANSWER: $crate::Answer = $crate::Answer {
                run: |future| super::run(future),
                spawn_from_thread: |handle, work| super::spawn_from_thread(handle, work),
                new_client: |upstream| {
                    let client: super::BlockingClient = super::BlockingClient::new(upstream);
                    Box::new(client)
                },
            };

            impl $crate::Client for super::BlockingClient {
                fn call_get(&self, path: &str) -> Result<$crate::Page, $crate::UpstreamError> {
                    super::BlockingClient::get(self, path)
                }
            }

            $crate::harness::hidden_tests!($crate::TASKS: run, spawn_from_thread, blocking_client);
        }
    };
}
