//! The hidden tests of chapter 01. They run on the paused clock, so every time in them is exact.

mod calls;
mod contract;
mod fetch_one;
mod in_order;
mod many_calls;
mod prepare;
mod run;
mod scenario;
mod threads;
mod timing;
mod woken;

// Links once what every answer is linked with.
#[cfg(target_os = "linux")]
extern crate prelinked as _;

pub use async_workbook::harness;
use async_workbook::services::upstream::Upstream;
use futures::future::LocalBoxFuture;
use harness::Task;

/// The learner's code. Its futures are boxed, so the hidden tests are compiled only once.
pub struct Answer {
    pub fetch_one: for<'a> fn(&'a Upstream, &'a str) -> LocalBoxFuture<'a, String>,
    pub in_order: for<'a> fn(&'a Upstream, &'a [&'a str]) -> LocalBoxFuture<'a, Vec<String>>,
    /// Whatever runs before its future is polled runs in the call.
    pub prepare: for<'a> fn(&'a Upstream, &'a str) -> LocalBoxFuture<'a, String>,
}

pub static TASKS: [Task<Answer>; 3] = [fetch_one::TASK, in_order::TASK, prepare::TASK];

/// What each function returns. If one returns something else, the compiler's error names the function here.
pub mod returns {
    use async_workbook::harness;
    use futures::future::LocalBoxFuture;

    pub fn fetch_one<'a>(future: impl Future<Output = String> + 'a) -> LocalBoxFuture<'a, String> {
        Box::pin(harness::returns(future))
    }

    pub fn in_order<'a>(
        future: impl Future<Output = Vec<String>> + 'a,
    ) -> LocalBoxFuture<'a, Vec<String>> {
        Box::pin(harness::returns(future))
    }

    pub fn prepare<'a>(future: impl Future<Output = String> + 'a) -> LocalBoxFuture<'a, String> {
        Box::pin(harness::returns(future))
    }
}

/// The last line of the learner's file: hands its functions to the hidden tests. It names only what the file itself
/// defines, whatever other names are in scope.
#[macro_export]
macro_rules! grade {
    () => {
        pub mod hidden {
            use $crate::returns;

            pub static ANSWER: $crate::Answer = $crate::Answer {
                fetch_one: |upstream, path| returns::fetch_one(super::fetch_one(upstream, path)),
                in_order: |upstream, paths| returns::in_order(super::in_order(upstream, paths)),
                prepare: |upstream, path| returns::prepare(super::prepare(upstream, path)),
            };

            $crate::harness::hidden_tests!($crate::TASKS: fetch_one, in_order, prepare);
        }
    };
}
