//! A client of a service, and the services that it can have.

use std::pin::Pin;

use async_workbook::{
    services::upstream::{Call, Outcome, Page, Remote, Upstream, UpstreamError},
    verdict::{Fault, catch_panic_blocking, ensure},
};
use tokio::{runtime, sync::watch};

use crate::{
    Answer, Client,
    faults::{executor_without_runtime, given_up_early, nobody_polls, runtime_dropped_early},
    panics::{call, known},
    runtimes::a_day,
    stillness::Stillness,
};

/// A client of a service, and the service that the tests look at.
pub(crate) struct Site {
    pub(crate) upstream: Upstream,
    client: Box<dyn Client>,
    stillness: Stillness,
}

/// Runs before the client is dropped.
impl Drop for Site {
    fn drop(&mut self) {
        self.stillness.means(|| {
            Fault::new("drop_waits_forever")
                .happened("the client was dropped, but its `drop` never returned")
                .expected("dropping the client ends its runtime and its threads")
                .next("tell the thread to end before you join it: in `drop`, take the sender that it waits on out of its field, and drop that first")
        });
    }
}

impl Site {
    pub(crate) fn new(
        answer: &Answer,
        upstream: Upstream,
        stillness: &Stillness,
    ) -> Result<Self, Fault> {
        stillness.means({
            let upstream = upstream.clone();
            move || match upstream.in_flight() {
                0 => nobody_polls("`get` waits for a call that never began: nobody polls it"),
                _ => {
                    nobody_polls("`get` waits for a call that began, but nobody polls it any more")
                }
            }
        });
        let client = call(|| (answer.new_client)(upstream.clone()))?;
        Ok(Self {
            upstream,
            client,
            stillness: stillness.clone(),
        })
    }

    pub(crate) fn get(&self, path: &str) -> Result<Result<Page, UpstreamError>, Fault> {
        let gave = catch_panic_blocking(|| self.client.call_get(path))
            .map_err(|message| self.panicked(&message))?;
        let dropped = |call: &Call| call.outcome == Some(Outcome::Dropped);
        ensure(!self.upstream.calls().iter().any(dropped), || {
            given_up_early(&format!(
                "the call was dropped while it waited, and `get` returned {gave:?}"
            ))
        })?;
        ensure(!self.upstream.calls().iter().any(Self::outside), || {
            executor_without_runtime("the call was polled outside any tokio runtime")
        })?;
        Ok(gave)
    }

    /// What it means if `get` panicked.
    pub(crate) fn panicked(&self, message: &str) -> Fault {
        let calls = self.upstream.calls();
        let is_outside = calls.iter().any(Self::outside);
        if let Some(fault) = known(message, is_outside) {
            return fault;
        }
        if is_outside {
            return executor_without_runtime(&format!(
                "the call was polled outside any tokio runtime, and `get` panicked: {message}"
            ));
        }
        match calls.last().and_then(|call| call.outcome) {
            Some(Outcome::Failed) => Fault::new("error_turned_into_panic")
                .happened(format!("the upstream failed, and `get` panicked: {message}"))
                .expected("`get` returns what the upstream gives, errors included: the caller decides what they mean")
                .next("return the `Result` of `upstream.get` unchanged: remove the `unwrap`, or the `fetch` that you call instead"),
            _ if ["JoinError::Cancelled", "RecvError"].iter().any(|lost| message.contains(lost)) => {
                runtime_dropped_early(&format!("the call was dropped with its runtime, and `get` panicked: {message}"))
            }
            Some(Outcome::Dropped) => given_up_early(&format!("the call was dropped while it waited, and `get` panicked: {message}")),
            _ => panic!("{message}"),
        }
    }

    pub(crate) fn outside(call: &Call) -> bool {
        call.started.is_some() && call.runtime.is_none()
    }

    /// The runtimes that the calls were made on, one for each call.
    pub(crate) fn runtimes(&self) -> Vec<runtime::Id> {
        let calls = self.upstream.calls().into_iter();
        calls.filter_map(|call| call.runtime).collect()
    }
}

/// A service that answers after a day, if the clock can be paused, and then only once it's released.
#[derive(Debug)]
pub(crate) struct Slow {
    released: watch::Receiver<bool>,
}

impl Slow {
    /// Answers nobody until nothing else goes on.
    pub(crate) fn new(stillness: &Stillness) -> Self {
        let (release, released) = watch::channel(false);
        stillness.releases(move || {
            release.send_replace(true);
        });
        Self { released }
    }

    /// Whether a call can have its answer by now.
    pub(crate) fn is_released(&self) -> bool {
        *self.released.borrow()
    }
}

impl Remote for Slow {
    fn get<'a>(
        &'a self,
        path: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<Page, UpstreamError>> + Send + 'a>> {
        let mut released = self.released.clone();
        Box::pin(async move {
            a_day().await;
            // The sender is dropped after it has sent.
            released.wait_for(|&released| released).await.ok();
            Ok(Page {
                path: path.to_owned(),
                body: "late".to_owned(),
            })
        })
    }

    fn url(&self) -> &str {
        "in memory"
    }

    fn connections(&self) -> usize {
        0
    }
}

/// A service that can't be reached.
#[derive(Debug)]
pub(crate) struct Broken;

impl Broken {
    pub(crate) fn error(path: &str) -> UpstreamError {
        UpstreamError::Transport {
            path: path.to_owned(),
            reason: "connection reset".to_owned(),
        }
    }
}

impl Remote for Broken {
    fn get<'a>(
        &'a self,
        path: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<Page, UpstreamError>> + Send + 'a>> {
        Box::pin(async move { Err(Self::error(path)) })
    }

    fn url(&self) -> &str {
        "in memory"
    }

    fn connections(&self) -> usize {
        0
    }
}
