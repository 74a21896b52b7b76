//! The hidden tests of chapter 05. They run on the paused clock, so every time in them is exact.
//!
//! A drop counter watches each future that the functions are given: when it was made, first polled, finished
//! or dropped, and on which thread. In no scenario do two things happen at the same instant.

mod causes;
mod faults;
mod hedge;
mod observation;
mod opaque;
mod retry;
mod watched;
mod within;

// Links once what every answer is linked with.
#[cfg(target_os = "linux")]
extern crate prelinked as _;

use std::{num::NonZeroU32, time::Duration};

pub use async_workbook::harness;
use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use axum::Router;
use futures::future::LocalBoxFuture;
use harness::Task;
pub use opaque::{Opaque, Output};

/// The learner's code. Its generic functions have one type here, so the hidden tests are compiled only once.
pub struct Answer {
    pub app: fn(Upstream) -> Router,
    pub within: Within,
    pub retry: Retry,
    pub hedge: Hedge,
}

pub type Within =
    fn(Duration, Opaque<Output>) -> LocalBoxFuture<'static, Result<Output, GatewayTimeout>>;

pub type Retry = fn(
    NonZeroU32,
    Duration,
    Duration,
    Calls<Result<Page, UpstreamError>>,
) -> LocalBoxFuture<'static, Result<Page, RetryError>>;

pub type Hedge = fn(Duration, Calls<Page>) -> LocalBoxFuture<'static, Page>;

/// Makes a call each time.
pub type Calls<T> = Box<dyn Fn() -> Opaque<T> + Send + Sync>;

/// The learner's own is the same.
#[derive(Debug, PartialEq)]
pub struct GatewayTimeout;

/// The learner's own has the same variants.
#[derive(Debug, PartialEq)]
pub enum RetryError {
    Exhausted(UpstreamError),
    DeadlineExceeded(Option<UpstreamError>),
}

pub static TASKS: [Task<Answer>; 3] = [within::TASK, retry::TASK, hedge::TASK];

/// In milliseconds.
const HOUR: u64 = 3_600_000;

/// The last line of the learner's file: hands its functions to the hidden tests. It names only what the file itself
/// defines, whatever other names are in scope.
#[macro_export]
macro_rules! grade {
    () => {
        pub mod hidden {
            use ::std::{
                boxed::Box,
                result::Result::{Err, Ok},
            };
            use $crate::harness::returns;

            pub static ANSWER: $crate::Answer = $crate::Answer {
                app: |upstream| super::app(upstream),
                within: |limit, work| {
                    let within = super::within(limit, work);
                    Box::pin(returns(async move {
                        match within.await {
                            Ok(output) => Ok(output),
                            Err(super::GatewayTimeout) => Err($crate::GatewayTimeout),
                        }
                    }))
                },
                retry: |attempts, base, total, call| {
                    let retry = super::retry(attempts, base, total, call);
                    Box::pin(returns(async move {
                        match retry.await {
                            Ok(page) => Ok(page),
                            Err(super::RetryError::Exhausted(error)) => {
                                Err($crate::RetryError::Exhausted(error))
                            }
                            Err(super::RetryError::DeadlineExceeded(last)) => {
                                Err($crate::RetryError::DeadlineExceeded(last))
                            }
                        }
                    }))
                },
                hedge: |after, call| Box::pin(returns(super::hedge(after, call))),
            };

            $crate::harness::hidden_tests!($crate::TASKS: within, retry, hedge);
        }
    };
}
