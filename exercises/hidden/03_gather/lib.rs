//! The hidden tests of chapter 03. They run on the paused clock, so every time in them is exact.

mod calls;
mod dashboard;
mod fetch_all;
mod fetch_all_parallel;
mod gathering;
mod run;
mod scenario;
/// Chapter 04 watches its answers in the same way.
pub mod watch;

// Links once what every answer is linked with.
#[cfg(target_os = "linux")]
extern crate prelinked as _;

pub use async_workbook::harness;
use async_workbook::services::upstream::{Page, Upstream};
use futures::future::LocalBoxFuture;
use harness::Task;

/// The learner's code. Its futures are boxed, so the hidden tests are compiled only once.
pub struct Answer {
    pub fetch_all: FetchAll,
    pub dashboard: for<'a> fn(&'a Upstream, u64) -> LocalBoxFuture<'a, Dashboard>,
    /// The learner's own takes an `Arc` and owned paths.
    pub fetch_all_parallel: FetchAll,
}

pub type FetchAll = for<'a> fn(&'a Upstream, &'a [&'a str]) -> LocalBoxFuture<'a, Vec<Page>>;

/// The learner's own has the same fields.
#[derive(Debug)]
pub struct Dashboard {
    pub user: Page,
    pub orders: Page,
    pub stats: Page,
}

pub static TASKS: [Task<Answer>; 3] = [fetch_all::TASK, dashboard::TASK, fetch_all_parallel::TASK];

/// Compiled here, and not with each answer.
pub fn owned(paths: &[&str]) -> Vec<String> {
    paths.iter().map(|&path| path.to_owned()).collect()
}

/// The last line of the learner's file: hands its functions to the hidden tests. It names only what the file itself
/// defines, whatever other names are in scope.
#[macro_export]
macro_rules! grade {
    () => {
        pub mod hidden {
            use ::std::{boxed::Box, sync::Arc};
            use $crate::harness::returns;

            pub static ANSWER: $crate::Answer = $crate::Answer {
                fetch_all: |upstream, paths| Box::pin(returns(super::fetch_all(upstream, paths))),
                dashboard: |upstream, user_id| {
                    Box::pin(returns(async move {
                        let shown: super::Dashboard = super::dashboard(upstream, user_id).await;
                        let super::Dashboard { user, orders, stats } = shown;
                        $crate::Dashboard { user, orders, stats }
                    }))
                },
                fetch_all_parallel: |upstream, paths| {
                    let (upstream, paths) = (Arc::new(upstream.clone()), $crate::owned(paths));
                    Box::pin(returns(super::fetch_all_parallel(upstream, paths)))
                },
            };

            $crate::harness::hidden_tests!($crate::TASKS: fetch_all, dashboard, fetch_all_parallel);
        }
    };
}
