//! The hidden tests of chapter 12. The service is real HTTP on loopback, on the runtime of the answer, so nothing is left
//! to chance. The clock is held while bytes may be on their way, and moved by hand, so every time is exact. The tests look
//! at requests as they arrive, at the connections that they come over, and at how many are in flight.

mod causes;
mod create;
mod export;
mod faults;
mod pictures;
mod reply;
mod scene;
mod service;
mod sink;
mod sockets;
mod user;
mod users;

// Link once what the answers are linked with.
#[cfg(target_os = "linux")]
extern crate prelinked as _;
#[cfg(target_os = "linux")]
extern crate prelinked_services as _;

use std::{io, num::NonZeroUsize, sync::Arc, time::Duration};

pub use async_workbook::harness;
use futures::future::BoxFuture;
pub use futures::future::LocalBoxFuture;
use harness::Task;
pub use sink::Sink;

/// The learner's `Api::new`.
pub struct Answer {
    pub api: fn(&str, Duration) -> Arc<dyn Client>,
}

/// The learner's `Api`. Its methods have other names here: if the learner's type lacks one, that's an error, and not a
/// method that calls itself.
pub trait Client: Send + Sync {
    fn call_user(&self, id: u64) -> Calling<'_, Fetched>;

    /// With the name of a new user, and a token.
    fn call_create<'a>(&'a self, name: &'a str, token: &'a str) -> Calling<'a, Fetched>;

    /// Not `Send`: the compiler doesn't see it of a stream of futures whose closure takes a reference.
    fn call_users<'a>(
        &'a self,
        ids: &'a [u64],
        limit: NonZeroUsize,
    ) -> LocalBoxFuture<'a, Vec<Fetched>>;

    fn call_export<'a>(&'a self, sink: &'a mut Sink) -> Calling<'a, Exported>;
}

/// A running call. Boxed, so the hidden tests are compiled only once.
pub type Calling<'a, T> = BoxFuture<'a, T>;

pub type Exported = Result<u64, ApiError>;

pub type Fetched = Result<User, ApiError>;

/// The learner's own has the same fields.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    pub id: u64,
    pub name: String,
}

/// The learner's own has the same variants.
#[derive(Debug)]
pub enum ApiError {
    Connect,
    Timeout,
    Status { code: u16, text: String },
    Redirect,
    Interrupted,
    Decode,
    Sink(io::Error),
}

pub static TASKS: [Task<Answer>; 4] = [user::TASK, create::TASK, users::TASK, export::TASK];

/// The last line of the learner's file: hands its functions to the hidden tests. It names only what the file itself
/// defines, whatever other names are in scope.
#[macro_export]
macro_rules! grade {
    () => {
        pub mod hidden {
            use ::std::{
                boxed::Box,
                num::NonZeroUsize,
                result::Result::{self, Err, Ok},
                sync::Arc,
                vec::Vec,
            };
            use $crate::harness::returns;

            pub static ANSWER: $crate::Answer = $crate::Answer {
                api: |base, timeout| Arc::new(super::Api::new(base, timeout)),
            };

            impl $crate::Client for super::Api {
                fn call_user(&self, id: u64) -> $crate::Calling<'_, $crate::Fetched> {
                    let user = returns(super::Api::user(self, id));
                    Box::pin(async move { fetched(user.await) })
                }

                fn call_create<'a>(
                    &'a self,
                    name: &'a str,
                    token: &'a str,
                ) -> $crate::Calling<'a, $crate::Fetched> {
                    Box::pin(async move {
                        let name = ::std::convert::From::from(name);
                        let user = super::NewUser { name };
                        fetched(returns(super::Api::create(self, &user, token)).await)
                    })
                }

                fn call_users<'a>(
                    &'a self,
                    ids: &'a [u64],
                    limit: NonZeroUsize,
                ) -> $crate::LocalBoxFuture<'a, Vec<$crate::Fetched>> {
                    let users = returns(super::Api::users(self, ids, limit));
                    Box::pin(async move {
                        let users = ::std::iter::IntoIterator::into_iter(users.await);
                        ::std::iter::Iterator::collect(::std::iter::Iterator::map(users, fetched))
                    })
                }

                fn call_export<'a>(
                    &'a self,
                    sink: &'a mut $crate::Sink,
                ) -> $crate::Calling<'a, $crate::Exported> {
                    let export = returns(super::Api::export(self, sink));
                    Box::pin(async move { Result::map_err(export.await, error) })
                }
            }

            fn fetched(result: Result<super::User, super::ApiError>) -> $crate::Fetched {
                match result {
                    Ok(super::User { id, name }) => Ok($crate::User { id, name }),
                    Err(reason) => Err(error(reason)),
                }
            }

            fn error(error: super::ApiError) -> $crate::ApiError {
                match error {
                    super::ApiError::Connect => $crate::ApiError::Connect,
                    super::ApiError::Timeout => $crate::ApiError::Timeout,
                    super::ApiError::Status { code, text } => $crate::ApiError::Status { code, text },
                    super::ApiError::Redirect => $crate::ApiError::Redirect,
                    super::ApiError::Interrupted => $crate::ApiError::Interrupted,
                    super::ApiError::Decode => $crate::ApiError::Decode,
                    super::ApiError::Sink(error) => $crate::ApiError::Sink(error),
                }
            }

            $crate::harness::hidden_tests!($crate::TASKS: user, create, users, export);
        }
    };
}
