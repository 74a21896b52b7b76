//! The hidden tests of chapter 01. They run on the paused clock, so that every time in them is exact.

mod contract;
mod fetch_one;
mod in_order;
mod many_calls;
mod prepare;
mod run;
mod scenario;

// What answers are linked with, linked once.
#[cfg(target_os = "linux")]
extern crate prelinked as _;

pub use async_workbook::harness;
use async_workbook::services::upstream::Upstream;
use futures::future::LocalBoxFuture;
use harness::Task;

/// The learner's code. Its futures are boxed, so that the hidden tests are compiled once and for all.
pub struct Answer {
    pub fetch_one: for<'a> fn(&'a Upstream, &'a str) -> LocalBoxFuture<'a, String>,
    pub in_order: for<'a> fn(&'a Upstream, &'a [&'a str]) -> LocalBoxFuture<'a, Vec<String>>,
    /// What runs before its future is polled runs in the call.
    pub prepare: for<'a> fn(&'a Upstream, &'a str) -> LocalBoxFuture<'a, String>,
}

pub static TASKS: [Task<Answer>; 3] = [fetch_one::TASK, in_order::TASK, prepare::TASK];

/// The last line of the learner's file: hands its functions to the hidden tests. It names nothing but what the file
/// defines itself, whatever other names stand in it.
#[macro_export]
macro_rules! grade {
    () => {
        pub mod hidden {
            use ::std::boxed::Box;

            pub static ANSWER: $crate::Answer = $crate::Answer {
                fetch_one: |upstream, path| Box::pin(super::fetch_one(upstream, path)),
                in_order: |upstream, paths| Box::pin(super::in_order(upstream, paths)),
                prepare: |upstream, path| Box::pin(super::prepare(upstream, path)),
            };

            $crate::harness::hidden_tests!($crate::TASKS: fetch_one, in_order, prepare);
        }
    };
}
