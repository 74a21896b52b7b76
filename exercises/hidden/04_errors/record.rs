//! What was observed of a run.

use std::{future::pending, panic, time::Duration};

use async_workbook::{
    clock::timed,
    harness::ms,
    services::upstream::{Call, Outcome, UpstreamError},
    timeline::Recorder,
    verdict::{Fault, catch_panic},
};
use tokio::{
    runtime::Handle,
    time::{Instant, sleep, timeout},
};

use hidden_gather::watch::{Glance, Rest, Watched, begun, known_panic, until_it_rests};

use crate::{Gather, scenario::Scenario};

/// How the upstream was called, and how long the function took.
pub(crate) struct Record {
    pub(crate) began: Instant,
    pub(crate) took: Duration,
    /// The calls that were really made: a future that nobody polled isn't a call.
    pub(crate) calls: Vec<Call>,
    pub(crate) first: Glance,
    pub(crate) woke_itself: bool,
    /// How many tasks were alive after the function had returned.
    pub(crate) tasks: usize,
}

impl Record {
    pub(crate) fn at(&self, instant: Instant) -> Duration {
        instant.duration_since(self.began)
    }
}

impl Scenario {
    /// Runs the function under study, and whatever it leaves to the runtime.
    pub(crate) async fn run<T>(
        &self,
        recorder: &Recorder,
        function: Gather<T>,
    ) -> Result<(T, Record), Fault> {
        recorder.restart();
        let paths: Vec<&str> = self.paths.iter().map(String::as_str).collect();
        let alive = || Handle::current().metrics().num_alive_tasks();
        let (began, others) = (Instant::now(), alive());
        let code = until_it_rests(
            &self.upstream,
            self.in_turn(),
            function(&self.upstream, &paths),
        );
        let (outcome, took) = timed(catch_panic(code)).await;
        let (output, first, woke_itself) = match outcome {
            Ok(Ok(Watched {
                output,
                first,
                woke_itself,
            })) => (Ok(output), first, woke_itself),
            Ok(Err(Rest::Named(fault))) => return Err(fault),
            Ok(Err(Rest::Unknown)) => self.again().wait_for_ever(recorder, function).await,
            Err(message) => (Err(message), Glance::default(), false),
        };
        // Time passes only when nothing else can run: by then, aborted tasks have dropped what they held.
        sleep(ms(1)).await;
        let record = Record {
            began,
            took,
            calls: begun(&self.upstream),
            first,
            woke_itself,
            tasks: alive().saturating_sub(others),
        };
        if self.upstream.in_flight() > 0 {
            // Whatever was left running shows on the timeline to its end.
            sleep(self.slowest()).await;
        }
        match output {
            Ok(output) => Ok((output, record)),
            Err(message) => Err(self.panicked(&record, message)),
        }
    }

    /// Lets the timeline show the code under study until nothing happens any more, rather than the whole day.
    async fn wait_for_ever<T, N>(&self, recorder: &Recorder, function: Gather<T>) -> N {
        recorder.restart();
        let paths: Vec<&str> = self.paths.iter().map(String::as_str).collect();
        let code = catch_panic(function(&self.upstream, &paths));
        let _again = timeout(self.in_turn(), code).await;
        pending().await
    }

    /// A panic with the error of a call in its message comes from an `unwrap` or from `fetch`, and so does one about a
    /// task that panicked or was aborted. Any other goes on as it was raised.
    fn panicked(&self, record: &Record, message: String) -> Fault {
        let said = message.replace('\\', "");
        let about = |error: &&UpstreamError| {
            said.contains(&error.to_string()) || said.contains(&format!("{error:?}"))
        };
        let aborted = said.contains("JoinError::Cancelled") || said.contains("was cancelled");
        let mut calls = record.calls.iter();
        let failed = calls.find(|call| call.outcome == Some(Outcome::Failed));
        let of_a_failure = aborted || self.errors().iter().any(about);
        let Some(failed) = failed.filter(|_| of_a_failure) else {
            return known_panic(&message)
                .unwrap_or_else(|| panic::resume_unwind(Box::new(message)));
        };
        Fault::new("error_turned_into_panic")
            .happened(format!(
                "the call for {} failed, and the function panicked: {message}",
                failed.path
            ))
            .expected("a failed call yields an `Err`, which is a value like any other, and nothing panics")
            .next(if aborted {
                "skip the tasks that you aborted yourself, whose handles yield a `JoinError`, or return at the first error"
            } else {
                "call `get`, not `fetch`, and replace `unwrap` or `expect` on its result with `match` or `?`"
            })
    }
}
