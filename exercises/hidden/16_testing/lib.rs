//! The hidden tests of chapter 16. The learner's code is tests, so these test tests: with right implementations, which
//! have to be accepted, and with wrong ones, which have to be refused.
//!
//! An implementation differs from the simplest right one in one thing. The right ones differ in what the contract leaves
//! open, so a check that refuses one of them asks for too much.

mod caches;
mod check_cache;
mod check_service;
mod check_till;
mod outcome;
mod services;
mod stories;
mod tills;

// Links once what every answer is linked with.
#[cfg(target_os = "linux")]
extern crate prelinked as _;

use async_workbook::harness::Task;
pub use async_workbook::{
    harness,
    services::upstream::{Page, Upstream, UpstreamError},
};
pub use axum::Router;
pub use caches::Cache;
pub use futures::future::BoxFuture;
use futures::future::LocalBoxFuture;
pub use tills::Till;

/// The learner's code. With boxed futures, the hidden tests are compiled only once.
pub struct Answer {
    pub check_cache: for<'a> fn(&'a dyn Fn(Upstream) -> Cache) -> LocalBoxFuture<'a, ()>,
    pub check_service: for<'a> fn(&'a dyn Fn(Upstream) -> Router) -> LocalBoxFuture<'a, ()>,
    pub check_till: for<'a> fn(&'a dyn Fn(usize) -> Till) -> LocalBoxFuture<'a, ()>,
}

pub static TASKS: [Task<Answer>; 3] = [check_cache::TASK, check_service::TASK, check_till::TASK];

/// The last line of the learner's file: hands its checks to the hidden tests. It names only what the file itself defines,
/// whatever other names are in scope.
#[macro_export]
macro_rules! grade {
    () => {
        pub mod hidden {
            use ::std::{boxed::Box, primitive::{bool, usize}, result::Result, sync::Arc};
            use $crate::harness::returns;

            struct Cache($crate::Cache);

            impl super::Cache for Cache {
                fn get(&self) -> $crate::BoxFuture<'_, Result<$crate::Page, $crate::UpstreamError>> {
                    self.0.get()
                }
            }

            struct Till($crate::Till);

            impl super::Till for Till {
                fn sell(&self, tickets: usize) -> $crate::BoxFuture<'_, bool> {
                    self.0.sell(tickets)
                }

                fn left(&self) -> usize {
                    self.0.left()
                }
            }

            pub static ANSWER: $crate::Answer = $crate::Answer {
                check_cache: |make| {
                    Box::pin(returns(async move {
                        let make = |upstream| -> Arc<dyn super::Cache> {
                            Arc::new(Cache(make(upstream)))
                        };
                        super::check_cache(&make).await
                    }))
                },
                check_service: |make| Box::pin(returns(super::check_service(make))),
                check_till: |make| {
                    Box::pin(returns(async move {
                        let make = |tickets| -> Arc<dyn super::Till> {
                            Arc::new(Till(make(tickets)))
                        };
                        super::check_till(&make).await
                    }))
                },
            };

            $crate::harness::hidden_tests!(
                $crate::TASKS: check_cache, check_service, check_till
            );
        }
    };
}
