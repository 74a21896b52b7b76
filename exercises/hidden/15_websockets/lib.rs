//! The hidden tests of chapter 15. They run on the paused clock, over pipes in memory, so every time in them is exact.
//!
//! The peers speak WebSocket by hand (`wire.rs`), so that they can also break its rules, stop reading, or go away without
//! a word. Each of them records what it sent and got, and when; a verdict draws that.

mod chat;
mod echo;
mod faults;
mod hub;
mod log;
mod peer;
mod wire;

// Links once what every answer is linked with.
#[cfg(target_os = "linux")]
extern crate prelinked as _;

use std::sync::Arc;

pub use async_workbook::harness;
use futures::{
    future::BoxFuture,
    stream::{SplitSink, SplitStream},
};
use harness::Task;
pub use tokio::io::DuplexStream;
use tokio_tungstenite::WebSocketStream;
pub use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
pub use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// The learner's code. With boxed futures, the hidden tests are compiled only once.
pub struct Answer {
    pub echo: fn(Reader, Writer) -> Serving,
    /// `Hub::new`.
    pub hub: fn(usize, usize) -> Arc<dyn Room>,
}

pub type Reader = SplitStream<WebSocketStream<DuplexStream>>;

pub type Writer = SplitSink<WebSocketStream<DuplexStream>, Message>;

/// A connection that's being served, on a task of its own.
pub type Serving = BoxFuture<'static, ()>;

/// The learner's `Hub`, and the function that serves its peers. Methods have other names here: if the learner's type
/// lacked one, a method of the same name would call itself.
pub trait Room: Send + Sync {
    fn call_join(&self) -> Option<Box<dyn Guest>>;
    fn call_members(&self) -> usize;
    fn call_publish(&self, text: Utf8Bytes);
    fn call_chat(self: Arc<Self>, pipe: DuplexStream, stop: CancellationToken) -> Serving;
}

/// The learner's `Member`.
pub trait Guest: Send {
    fn call_next(&mut self) -> Waiting<'_>;
}

pub type Waiting<'a> = BoxFuture<'a, Option<News>>;

/// The learner's own has the same variants.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum News {
    Text(Utf8Bytes),
    Missed(u64),
}

pub static TASKS: [Task<Answer>; 3] = [echo::TASK, hub::TASK, chat::TASK];

/// The last line of the learner's file: hands its functions to the hidden tests. It names only what the file itself
/// defines, whatever other names are in scope.
#[macro_export]
macro_rules! grade {
    () => {
        pub mod hidden {
            use ::std::{boxed::Box, option::Option, sync::Arc};

            pub static ANSWER: $crate::Answer = $crate::Answer {
                echo: |reader, writer| Box::pin(super::echo(reader, writer)),
                hub: |places, backlog| {
                    let hub: super::Hub = super::Hub::new(places, backlog);
                    Arc::new(hub)
                },
            };

            impl $crate::Room for super::Hub {
                fn call_join(&self) -> Option<Box<dyn $crate::Guest>> {
                    let member: Option<super::Member> = super::Hub::join(self);
                    member.map(|member| Box::new(member) as Box<dyn $crate::Guest>)
                }

                fn call_members(&self) -> usize {
                    super::Hub::members(self)
                }

                fn call_publish(&self, text: $crate::Utf8Bytes) {
                    super::Hub::publish(self, text);
                }

                fn call_chat(
                    self: Arc<Self>,
                    pipe: $crate::DuplexStream,
                    stop: $crate::CancellationToken,
                ) -> $crate::Serving {
                    Box::pin(super::chat(self, pipe, stop))
                }
            }

            impl $crate::Guest for super::Member {
                fn call_next(&mut self) -> $crate::Waiting<'_> {
                    Box::pin(async move {
                        let news: Option<super::News> = super::Member::next(self).await;
                        news.map(|news| match news {
                            super::News::Text(text) => $crate::News::Text(text),
                            super::News::Missed(missed) => $crate::News::Missed(missed),
                        })
                    })
                }
            }

            /// Whatever serves a peer, it has to compile.
            pub const ACCEPT: fn(
                Arc<super::Hub>,
                $crate::DuplexStream,
                $crate::CancellationToken,
                &$crate::TaskTracker,
            ) = super::accept;

            $crate::harness::hidden_tests!($crate::TASKS: echo, publish, chat);
        }
    };
}
