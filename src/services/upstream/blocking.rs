//! The blocking face of the service: a call returns with its page, and keeps the thread until then.

use std::sync::OnceLock;

use tokio::runtime::Runtime;

use super::{Page, Upstream};
use crate::clock::Clock;

/// The runtime that blocking calls wait on, made at the first of them and kept.
///
/// One runtime for all of them, rather than one a call: on the paused clock each would have a time of
/// its own, and calls one after another would not add up.
#[derive(Debug)]
pub(crate) struct Blocking {
    clock: Clock,
    runtime: OnceLock<Runtime>,
}

impl Blocking {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            runtime: OnceLock::new(),
        }
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.get_or_init(|| {
            self.clock
                .runtime()
                .expect("a runtime needs nothing but file descriptors")
        })
    }
}

impl Drop for Blocking {
    fn drop(&mut self) {
        // Dropping a runtime waits for its threads, which tokio refuses inside another runtime. An
        // upstream may be dropped anywhere, and nothing of this runtime is left to wait for.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Upstream {
    /// Asks for the page at `path`, and returns with it: until then, the calling thread does nothing
    /// else. It is to [`fetch`](Self::fetch) what `reqwest::blocking` is to `reqwest`.
    ///
    /// The call waits on a runtime of its own, whose clock is the one of
    /// [`Builder::clock`](super::Builder::clock). On the paused clock its figures are exact as long as one
    /// thread at a time calls. A [`Remote`](super::Remote) service can answer only while another thread
    /// runs it.
    ///
    /// # Panics
    ///
    /// - Inside a runtime: a thread that runs tasks must not be kept from them. A thread of
    ///   `spawn_blocking` runs none, and may call this.
    /// - Where [`get`](Self::get) returns an error, this panics with it.
    #[must_use]
    #[track_caller]
    pub fn fetch_blocking(&self, path: &str) -> Page {
        // The future is made inside, so that its record has the times of the clock that it waits on.
        self.blocking
            .runtime()
            .block_on(async { self.fetch(path).await })
    }
}

#[cfg(test)]
mod tests {
    use std::{thread, time::Duration};

    use super::*;
    use crate::{services::upstream::Outcome, timeline::Recorder, verdict::catch_panic};

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn two_pages() -> Upstream {
        Upstream::builder()
            .page("users", ms(1000))
            .page("posts", ms(500))
            .clock(Clock::Virtual)
            .build()
    }

    #[test]
    fn calls_on_the_virtual_clock_add_up_exactly() {
        let recorder = Recorder::new();
        let _attached = recorder.attach();
        let upstream = two_pages();
        recorder.restart();
        assert_eq!(upstream.fetch_blocking("users").body, "users page");
        assert_eq!(upstream.fetch_blocking("posts").body, "posts page");
        let timeline = recorder.timeline();
        assert_eq!(timeline.total, ms(1500));
        assert_eq!(timeline.rows[1].started, Some(ms(1000)));
        assert_eq!((upstream.hits(), upstream.high_water()), (2, 1));
    }

    #[test]
    fn a_real_wait_keeps_the_thread_for_as_long() {
        let upstream = Upstream::builder().page("users", ms(20)).build();
        let start = std::time::Instant::now();
        let _page = upstream.fetch_blocking("users");
        assert!(start.elapsed() >= ms(20));
    }

    #[test]
    fn inside_a_runtime_it_panics_and_calls_nothing() {
        let runtime = Clock::Virtual.runtime().expect("a runtime can be made");
        runtime.block_on(async {
            let upstream = two_pages();
            let outcome = catch_panic(async { upstream.fetch_blocking("users") }).await;
            let said = outcome.expect_err("a runtime is running on this thread");
            assert!(said.contains("within a runtime"), "{said}");
            assert_eq!(upstream.hits(), 0);
            // The runtime of the blocking calls is there by now. Dropping it here must not panic.
        });
    }

    #[test]
    fn a_thread_that_may_block_may_call_it() {
        let runtime = Clock::Virtual.runtime().expect("a runtime can be made");
        let upstream = two_pages();
        let page = runtime.block_on(async {
            let upstream = upstream.clone();
            tokio::task::spawn_blocking(move || upstream.fetch_blocking("users")).await
        });
        assert_eq!(page.expect("it did not panic").path, "users");
        assert_eq!(upstream.calls()[0].outcome, Some(Outcome::Answered));
    }

    #[test]
    fn threads_may_call_side_by_side() {
        let upstream = Upstream::builder().page("users", ms(1)).gate(3).build();
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| upstream.fetch_blocking("users"));
            }
        });
        assert_eq!(upstream.high_water(), 3);
    }

    #[test]
    #[should_panic(expected = "GET nowhere answered 404 Not Found")]
    fn a_failure_is_a_panic() {
        let _page = two_pages().fetch_blocking("nowhere");
    }
}
