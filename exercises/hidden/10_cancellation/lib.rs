//! The hidden tests of chapter 10. They run on the paused clock, so every time in them is exact.
//!
//! Each answer is first left alone, and then dropped: at every poll, at one poll after another, at every tick of a
//! timer. Whatever it was given has to be somewhere afterwards.

mod dropping;
mod faults;
mod forward;
mod line_reader;
mod with_lease;

// Links once what every answer is linked with.
#[cfg(target_os = "linux")]
extern crate prelinked as _;

use std::{io, time::Duration};

pub use async_workbook::harness;
use async_workbook::services::leases::Leases;
use futures::future::LocalBoxFuture;
use harness::Task;
pub use line_reader::Input;
use tokio::sync::mpsc::{Receiver, Sender};
use tokio_util::sync::CancellationToken;
pub use with_lease::{Output, Work};

/// The learner's code. With boxed futures, the hidden tests are compiled only once.
pub struct Answer {
    /// `LineReader::new`.
    pub line_reader: fn(Input) -> Box<dyn Lines>,
    pub forward: Forward,
    pub with_lease: for<'a> fn(&'a Leases, Duration, Work) -> LocalBoxFuture<'a, Output>,
}

/// The learner's `LineReader`. Its method has another name here: if the learner's type lacks it, that's an error, and not
/// a method that calls itself.
pub trait Lines {
    fn call_next(&mut self) -> LocalBoxFuture<'_, io::Result<Option<String>>>;
}

pub type Forward = for<'a> fn(
    &'a mut Receiver<String>,
    &'a Sender<String>,
    &'a CancellationToken,
) -> LocalBoxFuture<'a, usize>;

pub static TASKS: [Task<Answer>; 3] = [line_reader::TASK, forward::TASK, with_lease::TASK];

/// The last line of the learner's file: hands its functions to the hidden tests. It names only what the file itself
/// defines, whatever other names are in scope.
#[macro_export]
macro_rules! grade {
    () => {
        pub mod hidden {
            use ::std::{boxed::Box, option::Option, string::String};
            use $crate::harness::returns;

            pub static ANSWER: $crate::Answer = $crate::Answer {
                line_reader: |input| Box::new(super::LineReader::new(input)),
                forward: |from, to, stop| Box::pin(returns(super::forward(from, to, stop))),
                with_lease: |leases, limit, work| {
                    Box::pin(returns(super::with_lease(leases, limit, work)))
                },
            };

            impl $crate::Lines for super::LineReader {
                fn call_next(
                    &mut self,
                ) -> $crate::Boxed<'_, ::std::io::Result<Option<String>>> {
                    Box::pin(super::LineReader::next(self))
                }
            }

            $crate::harness::hidden_tests!($crate::TASKS: line_reader, forward, with_lease);
        }
    };
}

pub type Boxed<'a, T> = LocalBoxFuture<'a, T>;
