//! The hidden tests of chapter 17. The catalogue is real HTTP on loopback, and the database is a real SQLite file. The
//! service gets its requests in memory. Both need a clock that doesn't jump while bytes are on their way, so the tests
//! hold it, and let it go only when nothing but timers is left. They measure connections, calls in flight, requests,
//! beats, and virtual time.
//!
//! Each test asks only one handler, so faults in the others don't change its verdict.

mod additions;
mod book;
mod cover;
mod fingerprint;
mod order;
mod pools;
mod quote;
mod reviews;
mod sale;
mod shelf;
mod stock;
mod town;

use std::sync::Arc;

pub use async_workbook::harness;
use async_workbook::services::mailer::Mailer;
use axum::Router;
use harness::Task;
// Link once what the answers are linked with.
#[cfg(target_os = "linux")]
extern crate prelinked as _;
#[cfg(target_os = "linux")]
extern crate prelinked_services as _;
use sqlx::sqlite::SqliteConnectOptions;
use tokio::sync::mpsc::UnboundedSender;

/// The learner's service.
pub struct Answer {
    pub app: fn(Deps) -> Router,
}

/// The learner's own has the same fields.
pub struct Deps {
    pub catalogue: String,
    pub database: SqliteConnectOptions,
    pub connections: u32,
    pub fingerprint: Arc<dyn Fn(&str) -> String + Send + Sync>,
    pub mailer: Arc<dyn Mailer>,
    pub failures: UnboundedSender<String>,
}

pub static TASKS: [Task<Answer>; 9] = [
    fingerprint::TASK,
    book::TASK,
    cover::TASK,
    stock::TASK,
    quote::TASK,
    sale::TASK,
    reviews::TASK,
    order::TASK,
    shelf::TASK,
];

/// The last line of the learner's file: hands its service to the hidden tests. It names only what the file itself
/// defines, whatever other names are in scope.
#[macro_export]
macro_rules! grade {
    () => {
        pub mod hidden {
            pub static ANSWER: $crate::Answer = $crate::Answer {
                app: |deps| {
                    super::app(super::Deps {
                        catalogue: deps.catalogue,
                        database: deps.database,
                        connections: deps.connections,
                        fingerprint: deps.fingerprint,
                        mailer: deps.mailer,
                        failures: deps.failures,
                    })
                },
            };

            $crate::harness::hidden_tests!(
                $crate::TASKS: fingerprint, book, cover, stock, quote, sale, reviews, order, shelf
            );
        }
    };
}
