//! The hidden tests of chapter 17. The catalogue is real HTTP on loopback, the database a real SQLite file; requests
//! are handed to the service in memory. Both need a clock that does not jump while bytes are under way: it is held,
//! and let go only where nothing but timers is left. What is measured are connections, calls in flight, requests,
//! beats, and virtual time.
//!
//! Each test asks one handler alone, so that it says the same whatever is the matter with the others.

mod additions;
mod book;
mod cover;
mod fingerprint;
mod order;
mod pools;
mod quote;
mod reviews;
mod shelf;
mod stock;
mod town;

use std::sync::Arc;

pub use async_workbook::harness;
use async_workbook::services::mailer::Mailer;
use axum::Router;
use harness::Task;
// What answers are linked with, linked once.
#[cfg(target_os = "linux")]
extern crate prelinked as _;
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

pub static TASKS: [Task<Answer>; 8] = [
    fingerprint::TASK,
    book::TASK,
    cover::TASK,
    stock::TASK,
    quote::TASK,
    reviews::TASK,
    order::TASK,
    shelf::TASK,
];

/// The last line of the learner's file: hands its service to the hidden tests. It names nothing but what the file
/// defines itself, whatever other names stand in it.
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
                $crate::TASKS: fingerprint, book, cover, stock, quote, reviews, order, shelf
            );
        }
    };
}
