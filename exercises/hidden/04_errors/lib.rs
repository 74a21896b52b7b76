//! The hidden tests of chapter 04. They run on the paused clock, so every time in them is exact.
//!
//! A test goes through several scenarios, each with a service of its own: other latencies, texts and failures. In
//! the first, every known mistake looks different. An answer that is right by luck there isn't in the next.

mod all_or_nothing;
mod calls;
mod fetch_safe;
mod first_ok;
mod record;
mod results;
mod scenario;

// Links once what every answer is linked with.
#[cfg(target_os = "linux")]
extern crate prelinked as _;

pub use async_workbook::harness;
use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::future::LocalBoxFuture;
use harness::Task;

/// The learner's code. Its futures are boxed, so the hidden tests are compiled only once.
pub struct Answer {
    pub fetch_safe: Gather<Vec<Result<Page, Failed>>>,
    pub all_or_nothing: Gather<Result<Vec<Page>, UpstreamError>>,
    pub first_ok: Gather<Result<Page, Vec<UpstreamError>>>,
}

pub type Gather<T> = for<'a> fn(&'a Upstream, &'a [&'a str]) -> LocalBoxFuture<'a, T>;

/// The learner's own has the same fields.
#[derive(Debug, PartialEq)]
pub struct Failed {
    pub path: String,
    pub error: UpstreamError,
}

pub static TASKS: [Task<Answer>; 3] = [fetch_safe::TASK, all_or_nothing::TASK, first_ok::TASK];

/// The last line of the learner's file: hands its functions to the hidden tests. It names only what the file itself
/// defines, whatever other names are in scope.
#[macro_export]
macro_rules! grade {
    () => {
        pub mod hidden {
            use ::std::{boxed::Box, vec::Vec};
            use $crate::harness::returns;

            pub static ANSWER: $crate::Answer = $crate::Answer {
                fetch_safe: |upstream, paths| {
                    Box::pin(returns(async move {
                        let results: Vec<::std::result::Result<_, super::Failed>> =
                            super::fetch_safe(upstream, paths).await;
                        let labelled = results.into_iter().map(|result| {
                            result.map_err(|super::Failed { path, error }| $crate::Failed { path, error })
                        });
                        labelled.collect()
                    }))
                },
                all_or_nothing: |upstream, paths| {
                    Box::pin(returns(super::all_or_nothing(upstream, paths)))
                },
                first_ok: |upstream, paths| Box::pin(returns(super::first_ok(upstream, paths))),
            };

            $crate::harness::hidden_tests!($crate::TASKS: fetch_safe, all_or_nothing, first_ok);
        }
    };
}
