//! The hidden tests of chapter 18. They run on the paused clock, so every time in them is exact, and what a budget bounds
//! is counted.

mod invoices;
mod load_test;
mod predict;

use std::{num::NonZeroUsize, time::Duration};

pub use async_workbook::harness;
use async_workbook::services::{
    server::Server,
    shop::{Invoice, Shop},
    workload::Workload,
};
use futures::future::LocalBoxFuture;
use harness::Task;
// Links once what every answer is linked with.
#[cfg(target_os = "linux")]
extern crate prelinked as _;

/// The learner's code. With boxed futures, the hidden tests are compiled only once.
pub struct Answer {
    pub predict: fn(&Workload) -> Duration,
    pub load_test: LoadTest,
    pub invoices: for<'a> fn(&'a Shop, &'a [u64]) -> LocalBoxFuture<'a, Vec<Invoice>>,
}

pub type LoadTest =
    for<'a> fn(&'a Server, u32, Duration, NonZeroUsize) -> LocalBoxFuture<'a, Report>;

/// The learner's own has the same fields.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Report {
    pub p50: Duration,
    pub p99: Duration,
    pub longest: Duration,
    pub failed: usize,
}

pub static TASKS: [Task<Answer>; 3] = [predict::TASK, load_test::TASK, invoices::TASK];

/// The last line of the learner's file: hands its functions to the hidden tests. It names only what the file itself
/// defines, whatever other names are in scope.
#[macro_export]
macro_rules! grade {
    () => {
        pub mod hidden {
            use ::std::boxed::Box;
            use $crate::harness::returns;

            pub static ANSWER: $crate::Answer = $crate::Answer {
                predict: super::predict,
                load_test: |server, requests, every, connections| {
                    Box::pin(async move {
                        let test = super::load_test(server, requests, every, connections);
                        let super::Report {
                            p50,
                            p99,
                            longest,
                            failed,
                        } = returns(test).await;
                        $crate::Report {
                            p50,
                            p99,
                            longest,
                            failed,
                        }
                    })
                },
                invoices: |shop, orders| Box::pin(returns(super::invoices(shop, orders))),
            };

            $crate::harness::hidden_tests!($crate::TASKS: predict, load_test, invoices);
        }
    };
}
