//! The hidden tests of chapter 13. Requests come in memory, on the paused clock, so every time in them is exact.
//!
//! The handlers are called by themselves, apart from the router, so a fault in one task doesn't change the verdict on
//! another. In no scenario do two things happen at the same instant.

mod app;
mod dashboard;
mod faults;
mod from_request_parts;
mod into_response;
mod scene;
mod transfer;

// Links once what every answer is linked with.
#[cfg(target_os = "linux")]
extern crate prelinked as _;

use std::sync::Arc;

pub use async_workbook::harness;
use async_workbook::services::{
    bank::Bank,
    secret::Secret,
    upstream::{Upstream, UpstreamError},
};
pub use axum;
use axum::{
    Router,
    http::{StatusCode, request::Parts},
    response::Response,
};
use futures::future::BoxFuture;
use harness::Task;
use tokio_util::task::TaskTracker;

/// The learner's code.
pub struct Answer {
    pub into_response: fn(ApiError) -> Response,
    pub from_request_parts: fn(Parts, AppState) -> Answered<String>,
    pub dashboard: fn(AppState, String, i64, i64) -> Answered<Dashboard>,
    pub transfer: fn(AppState, String, Order) -> Answered<(StatusCode, Receipt)>,
    pub app: fn(AppState) -> Router,
}

/// A handler's future is `Send`, or axum doesn't take it.
pub type Answered<T> = BoxFuture<'static, Result<T, ApiError>>;

/// The learner's own has the same fields, as have those below.
#[derive(Clone)]
pub struct AppState {
    pub upstream: Upstream,
    pub bank: Bank,
    pub tokens: Arc<Vec<(Secret, String)>>,
    pub tasks: TaskTracker,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ApiError {
    Unauthorized,
    NotFound,
    Conflict,
    Invalid(String),
    Internal(String),
    Upstream(UpstreamError),
    Timeout,
}

#[derive(Debug, PartialEq)]
pub struct Dashboard {
    pub user: String,
    pub orders: String,
    pub stats: String,
}

#[derive(Clone, Debug)]
pub struct Order {
    pub to: String,
    pub cents: i64,
}

#[derive(Debug, PartialEq)]
pub struct Receipt {
    pub from: String,
    pub to: String,
    pub cents: i64,
}

pub static TASKS: [Task<Answer>; 5] = [
    into_response::TASK,
    from_request_parts::TASK,
    dashboard::TASK,
    transfer::TASK,
    app::TASK,
];

/// The last line of the learner's file: hands its service to the hidden tests. It names only what the file itself
/// defines, whatever other names are in scope.
#[macro_export]
macro_rules! grade {
    () => {
        pub mod hidden {
            use ::std::{
                boxed::Box,
                result::Result::{Err, Ok},
            };
            use $crate::{
                axum::{
                    Json,
                    extract::{FromRequestParts, Query, State},
                    response::IntoResponse,
                },
                harness::returns,
            };

            pub static ANSWER: $crate::Answer = $crate::Answer {
                into_response: |error| IntoResponse::into_response(theirs(error)),
                from_request_parts: |mut parts, state| {
                    Box::pin(returns(async move {
                        let state = with(state);
                        let user = <super::CurrentUser as FromRequestParts<super::AppState>>::from_request_parts(
                            &mut parts, &state,
                        );
                        match user.await {
                            Ok(super::CurrentUser { name }) => Ok(name),
                            Err(error) => Err(ours(error)),
                        }
                    }))
                },
                dashboard: |state, name, skip, limit| {
                    let dashboard = super::dashboard(
                        State(with(state)),
                        super::CurrentUser { name },
                        Query(super::Paging { skip, limit }),
                    );
                    Box::pin(returns(async move {
                        match dashboard.await {
                            Ok(Json(super::Dashboard {
                                user,
                                orders,
                                stats,
                            })) => Ok($crate::Dashboard {
                                user,
                                orders,
                                stats,
                            }),
                            Err(error) => Err(ours(error)),
                        }
                    }))
                },
                transfer: |state, name, $crate::Order { to, cents }| {
                    let transfer = super::transfer(
                        State(with(state)),
                        super::CurrentUser { name },
                        Json(super::Order { to, cents }),
                    );
                    Box::pin(returns(async move {
                        match transfer.await {
                            Ok((status, Json(super::Receipt { from, to, cents }))) => {
                                Ok((status, $crate::Receipt { from, to, cents }))
                            }
                            Err(error) => Err(ours(error)),
                        }
                    }))
                },
                app: |state| super::app(with(state)),
            };

            fn with(state: $crate::AppState) -> super::AppState {
                super::AppState {
                    upstream: state.upstream,
                    bank: state.bank,
                    tokens: state.tokens,
                    tasks: state.tasks,
                }
            }

            fn theirs(error: $crate::ApiError) -> super::ApiError {
                match error {
                    $crate::ApiError::Unauthorized => super::ApiError::Unauthorized,
                    $crate::ApiError::NotFound => super::ApiError::NotFound,
                    $crate::ApiError::Conflict => super::ApiError::Conflict,
                    $crate::ApiError::Invalid(text) => super::ApiError::Invalid(text),
                    $crate::ApiError::Internal(text) => super::ApiError::Internal(text),
                    $crate::ApiError::Upstream(error) => super::ApiError::Upstream(error),
                    $crate::ApiError::Timeout => super::ApiError::Timeout,
                }
            }

            fn ours(error: super::ApiError) -> $crate::ApiError {
                match error {
                    super::ApiError::Unauthorized => $crate::ApiError::Unauthorized,
                    super::ApiError::NotFound => $crate::ApiError::NotFound,
                    super::ApiError::Conflict => $crate::ApiError::Conflict,
                    super::ApiError::Invalid(text) => $crate::ApiError::Invalid(text),
                    super::ApiError::Internal(text) => $crate::ApiError::Internal(text),
                    super::ApiError::Upstream(error) => $crate::ApiError::Upstream(error),
                    super::ApiError::Timeout => $crate::ApiError::Timeout,
                }
            }

            $crate::harness::hidden_tests!(
                $crate::TASKS: into_response, from_request_parts, dashboard, transfer, app
            );
        }
    };
}
