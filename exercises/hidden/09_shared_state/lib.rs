//! The hidden tests of chapter 09. They run on the paused clock, so every time in them is exact.
//!
//! Callers share what they test through tasks of their own. What only another interleaving shows is found by a
//! schedule in which each caller yields at every await (see `async_workbook::probes::yields`), or by real threads.

mod account;
mod bump;
mod callers;
mod faults;
mod get_or_fetch;
mod threads;

// Links once what every answer is linked with.
#[cfg(target_os = "linux")]
extern crate prelinked as _;

use std::{num::NonZeroUsize, sync::Arc};

pub use async_workbook::{
    harness,
    services::upstream::{Page, Upstream, UpstreamError},
};
use futures::future::BoxFuture;
use harness::Task;
use tokio::task::JoinHandle;

/// The learner's code. With boxed futures, the hidden tests are compiled only once.
pub struct Answer {
    /// `Counters::new`.
    pub counters: fn(Upstream) -> Arc<dyn Visits>,
    /// `Cache::new`.
    pub cache: fn(Upstream) -> Arc<dyn Pages>,
    pub account: fn(Upstream, NonZeroUsize) -> (Box<dyn Depositor>, Actor),
}

/// The learner's `Counters`. Methods have other names here: if the learner's type lacked one, a method of the same name
/// would call itself.
pub trait Visits: Send + Sync {
    fn call_bump<'a>(&'a self, path: &'a str) -> Bumping<'a>;
    fn call_visits(&self, path: &str) -> u64;
}

pub type Bumping<'a> = BoxFuture<'a, Result<u64, UpstreamError>>;

/// The learner's `Cache`.
pub trait Pages: Send + Sync {
    fn call_get_or_fetch<'a>(&'a self, path: &'a str) -> Fetching<'a>;
}

pub type Fetching<'a> = BoxFuture<'a, Result<Arc<Page>, UpstreamError>>;

/// The learner's `Account`.
pub trait Depositor: Send + Sync {
    fn call_deposit(&self, amount: u64) -> Depositing<'_>;
    fn call_clone(&self) -> Box<dyn Depositor>;
}

pub type Depositing<'a> = BoxFuture<'a, Result<u64, DepositError>>;

pub type Actor = BoxFuture<'static, Stats>;

/// The learner's own has the same variants.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum DepositError {
    Refused(UpstreamError),
    Closed,
}

/// The learner's own has the same fields.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Stats {
    pub accepted: usize,
    pub refused: usize,
    pub balance: u64,
}

/// The task of a request.
pub type Requested = JoinHandle<Result<Arc<Page>, UpstreamError>>;

pub static TASKS: [Task<Answer>; 3] = [bump::TASK, get_or_fetch::TASK, account::TASK];

/// Longer than any ordinary timeout, in milliseconds.
const HOUR: u64 = 3_600_000;

/// The last line of the learner's file: hands its functions to the hidden tests. It names only what the file itself
/// defines, whatever other names are in scope.
#[macro_export]
macro_rules! grade {
    () => {
        pub mod hidden {
            use ::std::{boxed::Box, result::Result, string::String, sync::Arc};
            use $crate::harness::returns;

            pub static ANSWER: $crate::Answer = $crate::Answer {
                counters: |audit| {
                    let counters: super::Counters = super::Counters::new(audit);
                    Arc::new(counters)
                },
                cache: |upstream| {
                    let cache: super::Cache = super::Cache::new(upstream);
                    Arc::new(cache)
                },
                account: |bank, capacity| {
                    let (handle, actor): (super::Account, _) = super::account(bank, capacity);
                    let actor = async move {
                        let stats: super::Stats = actor.await;
                        $crate::Stats {
                            accepted: stats.accepted,
                            refused: stats.refused,
                            balance: stats.balance,
                        }
                    };
                    (Box::new(handle), Box::pin(returns(actor)))
                },
            };

            impl $crate::Visits for super::Counters {
                fn call_bump<'a>(&'a self, path: &'a str) -> $crate::Bumping<'a> {
                    Box::pin(returns(super::Counters::bump(self, path)))
                }

                fn call_visits(&self, path: &str) -> u64 {
                    super::Counters::visits(self, path)
                }
            }

            impl $crate::Pages for super::Cache {
                fn call_get_or_fetch<'a>(&'a self, path: &'a str) -> $crate::Fetching<'a> {
                    Box::pin(returns(super::Cache::get_or_fetch(self, path)))
                }
            }

            impl $crate::Depositor for super::Account {
                fn call_deposit(&self, amount: u64) -> $crate::Depositing<'_> {
                    Box::pin(async move {
                        let answer: Result<u64, super::DepositError> =
                            super::Account::deposit(self, amount).await;
                        answer.map_err(|error| match error {
                            super::DepositError::Refused(error) => {
                                $crate::DepositError::Refused(error)
                            }
                            super::DepositError::Closed => $crate::DepositError::Closed,
                        })
                    })
                }

                fn call_clone(&self) -> Box<dyn $crate::Depositor> {
                    Box::new(<super::Account as ::std::clone::Clone>::clone(self))
                }
            }

            /// Whatever runs a request, it has to compile.
            pub const REQUEST: fn(
                Arc<super::Counters>,
                Arc<super::Cache>,
                String,
            ) -> $crate::Requested = super::request;

            $crate::harness::hidden_tests!($crate::TASKS: bump, get_or_fetch, account);
        }
    };
}
