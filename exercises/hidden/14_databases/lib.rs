//! The hidden tests of chapter 14. The database is a real SQLite file, and the key-value store is simulated.
//!
//! SQLite works on threads of its own, which the paused clock doesn't see. So the tests hold the clock, and move it by
//! hand while no connection is in use. They look at what is stored, at the statements that SQLite ran, at the
//! connections, at the calls to the store, and at virtual time.

mod bank;
mod cached;
mod dropping;
mod faults;
mod journal;
mod list;
mod transfer;

use std::{num::NonZeroU32, sync::Arc};

pub use async_workbook::harness;
use async_workbook::services::key_value::Store;
use futures::future::BoxFuture;
use harness::Task;
// Link once what the answers are linked with.
#[cfg(target_os = "linux")]
extern crate prelinked as _;
#[cfg(target_os = "linux")]
extern crate prelinked_services as _;
use sqlx::SqlitePool;

/// The learner's code.
pub struct Answer {
    /// `Repo::new`.
    pub repo: fn(SqlitePool, Store) -> Arc<dyn Repo>,
}

/// The learner's `Repo`. Its methods have other names here: if the learner's type lacks one, that's an error, and not a
/// method that calls itself. The futures are `Send`, as those of a handler have to be.
pub trait Repo: Send + Sync {
    fn call_list(&self, skip: u32, limit: u32) -> Boxed<'_, Listed>;
    fn call_transfer(&self, from: i64, to: i64, cents: NonZeroU32) -> Boxed<'_, Transferred>;
    fn call_cached(&self, id: i64) -> Boxed<'_, Cached>;
}

/// The learner's own has the same fields.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Payment {
    pub id: i64,
    pub payer: Option<String>,
    pub cents: i64,
}

/// The learner's own has the same variants.
#[derive(Debug)]
pub enum ListError {
    LimitOutOfRange,
    Database(sqlx::Error),
}

/// The learner's own has the same variants.
#[derive(Debug)]
pub enum TransferError {
    UnknownAccount,
    InsufficientFunds,
    Database(sqlx::Error),
}

pub static TASKS: [Task<Answer>; 3] = [list::TASK, transfer::TASK, cached::TASK];

/// The last line of the learner's file: hands its methods to the hidden tests. It names only what the file itself
/// defines, whatever other names are in scope.
#[macro_export]
macro_rules! grade {
    () => {
        pub mod hidden {
            use ::std::{
                boxed::Box,
                iter::{IntoIterator, Iterator},
                result::Result::{Err, Ok},
                sync::Arc,
            };
            use $crate::harness::returns;

            pub static ANSWER: $crate::Answer = $crate::Answer {
                repo: |pool, store| Arc::new(super::Repo::new(pool, store)),
            };

            impl $crate::Repo for super::Repo {
                fn call_list(
                    &self,
                    skip: u32,
                    limit: u32,
                ) -> $crate::Boxed<'_, $crate::Listed> {
                    Box::pin(returns(async move {
                        match super::Repo::list(self, skip, limit).await {
                            Ok(payments) => Ok(payments
                                .into_iter()
                                .map(|payment| $crate::Payment {
                                    id: payment.id,
                                    payer: payment.payer,
                                    cents: payment.cents,
                                })
                                .collect()),
                            Err(super::ListError::LimitOutOfRange) => {
                                Err($crate::ListError::LimitOutOfRange)
                            }
                            Err(super::ListError::Database(error)) => {
                                Err($crate::ListError::Database(error))
                            }
                        }
                    }))
                }

                fn call_transfer(
                    &self,
                    from: i64,
                    to: i64,
                    cents: ::std::num::NonZeroU32,
                ) -> $crate::Boxed<'_, $crate::Transferred> {
                    Box::pin(returns(async move {
                        match super::Repo::transfer(self, from, to, cents).await {
                            Ok(()) => Ok(()),
                            Err(super::TransferError::UnknownAccount) => {
                                Err($crate::TransferError::UnknownAccount)
                            }
                            Err(super::TransferError::InsufficientFunds) => {
                                Err($crate::TransferError::InsufficientFunds)
                            }
                            Err(super::TransferError::Database(error)) => {
                                Err($crate::TransferError::Database(error))
                            }
                        }
                    }))
                }

                fn call_cached(&self, id: i64) -> $crate::Boxed<'_, $crate::Cached> {
                    Box::pin(returns(super::Repo::cached(self, id)))
                }
            }

            $crate::harness::hidden_tests!($crate::TASKS: list, transfer, cached);
        }
    };
}

pub type Boxed<'a, T> = BoxFuture<'a, T>;
pub type Listed = Result<Vec<Payment>, ListError>;
pub type Transferred = Result<(), TransferError>;
pub type Cached = Result<Option<String>, sqlx::Error>;
