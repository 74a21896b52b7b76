//! The hidden tests of chapter 06. They run on the paused clock, so every time in them is exact.

mod closer;
mod faults;
mod fetch_many;
mod hang;
mod jobs;
mod limit;
mod limited;
mod pages;
mod scenario;
mod spawn_bounded;
mod window;
mod work;

// Links once what every answer is linked with.
#[cfg(target_os = "linux")]
extern crate prelinked as _;

use std::num::NonZeroUsize;

pub use async_workbook::harness;
use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::future::LocalBoxFuture;
use harness::Task;
pub use jobs::{Job, Jobs};

/// The learner's code. With boxed futures, the hidden tests are compiled only once.
pub struct Answer {
    pub fetch_many:
        for<'a> fn(&'a Upstream, &'a [&'a str], NonZeroUsize) -> LocalBoxFuture<'a, Vec<Page>>,
    pub spawn_bounded: for<'a> fn(Jobs<'a>, NonZeroUsize) -> LocalBoxFuture<'a, usize>,
    /// `Limited::new`.
    pub limited: fn(Upstream, NonZeroUsize) -> Box<dyn Client>,
}

/// The learner's `Limited`. Its methods have other names here: if the learner's type lacks one, that's an error, and not
/// a method that calls itself.
pub trait Client {
    fn call_get<'a>(&'a self, path: &'a str) -> Getting<'a>;
    fn call_clone(&self) -> Box<dyn Client>;
}

pub type Getting<'a> = LocalBoxFuture<'a, Result<Page, UpstreamError>>;

pub static TASKS: [Task<Answer>; 3] = [fetch_many::TASK, spawn_bounded::TASK, limited::TASK];

/// The last line of the learner's file: hands its functions to the hidden tests. It names only what the file itself
/// defines, whatever other names are in scope.
#[macro_export]
macro_rules! grade {
    () => {
        pub mod hidden {
            use ::std::boxed::Box;
            use $crate::harness::returns;

            pub static ANSWER: $crate::Answer = $crate::Answer {
                fetch_many: |upstream, paths, limit| {
                    Box::pin(returns(super::fetch_many(upstream, paths, limit)))
                },
                spawn_bounded: |jobs, limit| Box::pin(returns(super::spawn_bounded(jobs, limit))),
                limited: |upstream, limit| Box::new(super::Limited::new(upstream, limit)),
            };

            impl $crate::Client for super::Limited {
                fn call_get<'a>(&'a self, path: &'a str) -> $crate::Getting<'a> {
                    Box::pin(super::Limited::get(self, path))
                }

                fn call_clone(&self) -> Box<dyn $crate::Client> {
                    Box::new(<super::Limited as ::std::clone::Clone>::clone(self))
                }
            }

            $crate::harness::hidden_tests!($crate::TASKS: fetch_many, spawn_bounded, limited);
        }
    };
}
