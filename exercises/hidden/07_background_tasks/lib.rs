//! The hidden tests of chapter 07. They run on the paused clock, so every time in them is exact.
//!
//! Each job that the code under study is given comes from a desk, which records when it began, on which
//! thread, when it ended, and when it was dropped. A test goes through several scenarios, with different
//! limits, lengths and endings, and holds each of them to the whole contract.

mod background;
mod desk;
mod faults;
mod job;
mod register;
mod scenario;
mod shutdown;
mod submit;

// Links once what every answer is linked with.
#[cfg(target_os = "linux")]
extern crate prelinked as _;

use std::{sync::Arc, time::Duration};

pub use async_workbook::{harness, services::mailer::Mailer};
use axum::BoxError;
pub use axum::{Router, http::StatusCode};
use futures::future::{BoxFuture, LocalBoxFuture};
use harness::Task;

/// The learner's code. With boxed futures, the hidden tests are compiled only once.
pub struct Answer {
    /// `Background::new`.
    pub new: fn(usize) -> Arc<dyn Owner>,
}

/// The learner's `Background`, which threads share, and the functions that take one. Its methods have other names than
/// the learner's: if the learner's type lacked one, a method of the same name would call itself.
pub trait Owner: Send + Sync {
    fn call_submit(&self, job: Work) -> Result<(), Refused>;
    fn call_shutdown(&self, grace: Duration) -> Shutdown<'_>;
    fn call_register(&self, mailer: Arc<dyn Mailer>, to: String) -> Answering<'_>;
    fn call_app(self: Arc<Self>, mailer: Arc<dyn Mailer>) -> Router;
}

pub type Work = BoxFuture<'static, Result<(), BoxError>>;

pub type Shutdown<'a> = LocalBoxFuture<'a, Report>;

pub type Answering<'a> = LocalBoxFuture<'a, StatusCode>;

/// The learner's own has the same variants.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refused {
    Full,
    ShuttingDown,
}

/// The learner's own has the same fields.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Report {
    pub done: usize,
    pub failed: usize,
    pub panicked: usize,
    pub aborted: usize,
}

pub static TASKS: [Task<Answer>; 3] = [submit::TASK, shutdown::TASK, register::TASK];

/// Longer than any ordinary timeout, in milliseconds.
const HOUR: u64 = 3_600_000;

/// The last line of the learner's file: hands its functions to the hidden tests. It names only what the file itself
/// defines, whatever other names are in scope.
#[macro_export]
macro_rules! grade {
    () => {
        pub mod hidden {
            use ::std::{boxed::Box, result::Result, string::String, sync::Arc, time::Duration};
            use $crate::harness::returns;

            pub static ANSWER: $crate::Answer = $crate::Answer {
                new: |limit| {
                    let background: super::Background = super::Background::new(limit);
                    Arc::new(background)
                },
            };

            impl $crate::Owner for super::Background {
                fn call_submit(&self, job: $crate::Work) -> Result<(), $crate::Refused> {
                    // Unlike the box, this is neither `Unpin` nor `Sync`: an answer that adds a bound doesn't compile.
                    let job = async move { job.await };
                    let answer: Result<(), super::Refused> = super::Background::submit(self, job);
                    answer.map_err(|refused| match refused {
                        super::Refused::Full => $crate::Refused::Full,
                        super::Refused::ShuttingDown => $crate::Refused::ShuttingDown,
                    })
                }

                fn call_shutdown(&self, grace: Duration) -> $crate::Shutdown<'_> {
                    Box::pin(returns(async move {
                        let report: super::Report = super::Background::shutdown(self, grace).await;
                        $crate::Report {
                            done: report.done,
                            failed: report.failed,
                            panicked: report.panicked,
                            aborted: report.aborted,
                        }
                    }))
                }

                fn call_register(
                    &self,
                    mailer: Arc<dyn $crate::Mailer>,
                    to: String,
                ) -> $crate::Answering<'_> {
                    Box::pin(returns(super::register(self, mailer, to)))
                }

                fn call_app(self: Arc<Self>, mailer: Arc<dyn $crate::Mailer>) -> $crate::Router {
                    super::app(self, mailer)
                }
            }

            $crate::harness::hidden_tests!($crate::TASKS: submit, shutdown, register);
        }
    };
}
