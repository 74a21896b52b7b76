//! The hidden tests of chapter 11. They run on the paused clock, so every time in them is exact.

mod body;
mod events;
mod faults;
mod feed;
mod line;
mod pages;
mod paths;
mod process;
mod run;

// Links once what every answer is linked with.
#[cfg(target_os = "linux")]
extern crate prelinked as _;

pub use async_workbook::harness;
use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
pub use axum::response::Response;
use futures::{
    future::{BoxFuture, LocalBoxFuture},
    stream::LocalBoxStream,
};
use harness::Task;
pub use paths::Paths;
pub use std::num::NonZeroUsize;
pub use tokio::sync::broadcast::Receiver;

/// The learner's code. With boxed futures and streams, the hidden tests are compiled only once.
pub struct Answer {
    pub pages: for<'a> fn(&'a Upstream, &'a str) -> LocalBoxStream<'a, Row>,
    pub process: for<'a> fn(Paths, NonZeroUsize, Work, Save<'a>) -> LocalBoxFuture<'a, Summary>,
    pub events: fn(Receiver<String>) -> Response,
}

pub type Row = Result<String, UpstreamError>;

pub type Work =
    Box<dyn Fn(String) -> BoxFuture<'static, Result<Page, UpstreamError>> + Send + Sync>;

pub type Save<'a> = Box<dyn Fn(Page) -> LocalBoxFuture<'a, ()> + 'a>;

/// The learner's own has the same fields.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Summary {
    pub saved: usize,
    pub failed: usize,
}

pub static TASKS: [Task<Answer>; 3] = [pages::TASK, process::TASK, events::TASK];

/// The last line of the learner's file: hands its functions to the hidden tests. It names only what the file itself
/// defines, whatever other names are in scope.
#[macro_export]
macro_rules! grade {
    () => {
        pub mod hidden {
            use ::std::boxed::Box;
            use $crate::harness::returns;

            pub static ANSWER: $crate::Answer = $crate::Answer {
                pages: |upstream, first| Box::pin(super::pages(upstream, first)),
                process: |paths, limit, work, save| {
                    // Unlike the boxes, these are neither `Unpin` nor cloneable: an answer that adds a bound doesn't compile.
                    let work = move |path| {
                        let page = work(path);
                        async move { page.await }
                    };
                    let save = async move |page| save(page).await;
                    Box::pin(returns(async move {
                        let summary: super::Summary =
                            super::process(paths, limit, work, save).await;
                        $crate::Summary {
                            saved: summary.saved,
                            failed: summary.failed,
                        }
                    }))
                },
                events: |feed| super::events(feed),
            };

            $crate::harness::hidden_tests!($crate::TASKS: pages, process, events);
        }
    };
}
