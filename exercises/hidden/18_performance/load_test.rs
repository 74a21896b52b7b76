//! The hidden tests of `load_test`.

mod latencies;
mod schedule;

use std::{num::NonZeroUsize, time::Duration};

use async_workbook::{
    clock::Readable,
    harness::{Task, counted, ms, task},
    services::server::{Outcome, Server, ServerCall},
    timeline::Recorder,
    verdict::{Fault, catch_panic, ensure, examine, mark, mark_in},
};
use tokio::{
    task::yield_now,
    time::{Instant, sleep, timeout},
};

use self::{latencies::report_holds, schedule::schedule_kept};
use crate::{Answer, Report};

pub(crate) const TASK: Task<Answer> = task!(
    load_test: each_call_is_made_when_it_is_due,
    percentiles_are_measured_latencies,
    slow_answers_delay_no_call,
    connections_are_used_to_the_full_and_never_exceeded,
    a_wait_for_a_connection_counts,
    errors_are_counted_apart,
    due_times_do_not_drift,
    what_is_dropped_leaves_nothing_behind,
);

/// A server under a load.
pub(crate) struct Scene {
    pub(crate) server: Server,
    pub(crate) requests: u32,
    pub(crate) every: Duration,
    pub(crate) connections: usize,
}

/// What came of it.
pub(crate) struct Run {
    pub(crate) report: Report,
    pub(crate) calls: Vec<ServerCall>,
    pub(crate) start: Instant,
    /// How long the function took.
    pub(crate) took: Duration,
}

impl Scene {
    /// More connections than requests.
    fn new(server: Server, requests: u32, every: u64) -> Self {
        Self {
            server,
            requests,
            every: ms(every),
            connections: requests as usize + 1,
        }
    }

    fn over(self, connections: usize) -> Self {
        Self {
            connections,
            ..self
        }
    }

    /// When a request is due, counted from the start.
    pub(crate) fn due(&self, request: usize) -> Duration {
        // A scene has far fewer than 2^32 requests.
        self.every * request as u32
    }

    async fn run(&self, answer: &Answer, recorder: &Recorder) -> Result<Run, Fault> {
        recorder.restart();
        if (2..=12).contains(&self.requests) {
            mark_in(self.due(self.requests as usize - 1), "last request due");
        }
        let start = Instant::now();
        let connections = NonZeroUsize::new(self.connections).expect("a scene has one at least");
        let test = (answer.load_test)(&self.server, self.requests, self.every, connections);
        let report = catch_panic(test)
            .await
            .map_err(|message| self.panicked(message))?;
        Ok(Run {
            report,
            calls: self.server.calls(),
            start,
            took: start.elapsed(),
        })
    }

    /// What a panic means if there's no latency to report; any other goes on.
    fn panicked(&self, message: String) -> Fault {
        let calls = self.server.calls();
        let answered = calls
            .iter()
            .any(|call| call.outcome == Some(Outcome::Answered));
        if answered || calls.len() < self.requests as usize {
            panic!("{message}");
        }
        Fault::new("empty_input_not_handled")
            .happened(format!(
                "of {}, none was answered, and the function panicked: {message}",
                counted(self.requests as usize, "request")
            ))
            .expected("without any latency, `p50`, `p99` and `longest` are zero")
            .next("ask for the element at an index with `get`, and take zero if there is none")
    }

    /// Runs it, and checks that every call was made in its time, and that the report is right.
    async fn holds(&self, answer: &Answer, recorder: &Recorder) -> Result<(), Fault> {
        let run = self.run(answer, recorder).await?;
        schedule_kept(self, &run)?;
        report_holds(self, &run)?;
        returned_with_the_last_answer(&run)
    }
}

fn returned_with_the_last_answer(run: &Run) -> Result<(), Fault> {
    let ends = run.calls.iter().filter_map(|call| call.ended);
    let last = ends.max().map_or(Duration::ZERO, |end| end - run.start);
    ensure(run.took <= last, || {
        Fault::new("needless_wait")
            .happened(format!(
                "the last answer came after {}, and the function returned after {}",
                Readable(last),
                Readable(run.took)
            ))
            .expected("it returns when the last request has its answer")
            .next("remove the sleep or the tick after the last request")
    })
}

fn each_call_is_made_when_it_is_due(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // Not all take as long, so that latencies tell what they're counted from.
        Scene::new(Server::new(ms(20)).takes_for(2, ms(60)), 5, 100)
            .holds(answer, recorder)
            .await?;
        for (requests, every, takes) in [
            (5, 100, 20),
            (10, 100, 100),
            (1, 100, 20),
            (0, 100, 20),
            (300, 10, 7),
            (20, 1, 1),
            // An hour between two requests.
            (3, 3_600_000, 20),
        ] {
            Scene::new(Server::new(ms(takes)), requests, every)
                .holds(answer, recorder)
                .await?;
        }
        Ok(())
    });
}

fn slow_answers_delay_no_call(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let scenes = [
            Scene::new(Server::new(ms(20)).takes_for(1, ms(330)), 6, 100),
            Scene::new(Server::new(ms(250)), 10, 100),
            Scene::new(Server::new(ms(30)).workers(1), 50, 20),
            Scene::new(Server::new(ms(5)).stands_still(ms(500), ms(1500)), 200, 10),
            Scene::new(Server::new(ms(3_600_000)), 20, 50),
            Scene::new(Server::new(ms(60_000)), 1100, 2),
            Scene::new(Server::new(ms(40)), 1500, 1),
        ];
        for scene in scenes {
            scene.holds(answer, recorder).await?;
        }
        Ok(())
    });
}

fn percentiles_are_measured_latencies(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // Each call takes longer than the one before, or less long, or neither.
        let patterns: [fn(usize) -> u64; 3] = [
            |call| 10 + (call * call) as u64,
            |call| 1000 - 3 * call as u64,
            |call| 10 + (call as u64 * 37) % 101,
        ];
        for requests in [4, 1, 2, 3, 10, 99, 100, 101, 150, 200, 250, 300] {
            for takes in patterns {
                let server = (0..requests as usize).fold(Server::new(ms(1)), |server, call| {
                    server.takes_for(call, ms(takes(call)))
                });
                Scene::new(server, requests, 5)
                    .holds(answer, recorder)
                    .await?;
            }
        }
        Ok(())
    });
}

fn connections_are_used_to_the_full_and_never_exceeded(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let scenes = [
            Scene::new(Server::new(ms(100)), 8, 10).over(2),
            Scene::new(Server::new(ms(100)), 6, 10).over(1),
            // The second call takes long, and the others go on beside it.
            Scene::new(Server::new(ms(50)).takes_for(1, ms(2000)), 30, 10).over(2),
            Scene::new(Server::new(ms(70)).takes_for(3, ms(500)), 60, 10).over(5),
            Scene::new(Server::new(ms(1000)), 500, 1).over(130),
            // There's always a connection free, just in time.
            Scene::new(Server::new(ms(100)), 20, 100).over(1),
        ];
        for scene in scenes {
            scene.holds(answer, recorder).await?;
        }
        Ok(())
    });
}

fn a_wait_for_a_connection_counts(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let still = Server::new(ms(5)).stands_still(ms(50), ms(450));
        let scenes = [
            Scene::new(still, 10, 50).over(1),
            Scene::new(Server::new(ms(30)), 40, 10).over(2),
        ];
        for scene in scenes {
            scene.holds(answer, recorder).await?;
        }
        Ok(())
    });
}

fn errors_are_counted_apart(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let failing = |calls: &[usize], slow: u64| {
            calls.iter().fold(Server::new(ms(20)), |server, &call| {
                server.fails_for(call).takes_for(call, ms(slow))
            })
        };
        // Each call takes longer than the one before.
        let rising = |calls: &[usize]| {
            (0..10).fold(failing(calls, 1), |server, call| {
                server.takes_for(call, ms(20 + 10 * call as u64))
            })
        };
        let scenes = [
            Scene::new(failing(&[0, 2, 3], 1), 5, 100),
            Scene::new(failing(&[1], 400), 4, 100),
            Scene::new(failing(&[0, 1, 2], 30), 3, 10),
            Scene::new(failing(&[5, 6, 40, 77], 1), 100, 10).over(3),
            Scene::new(rising(&[0, 1, 2, 3]), 10, 10),
            Scene::new(rising(&[6, 7, 8, 9]), 10, 10),
        ];
        for scene in scenes {
            scene.holds(answer, recorder).await?;
        }
        Ok(())
    });
}

/// A timer rounds up to a millisecond. Code that counts from when the last one fired is later and later.
fn due_times_do_not_drift(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (requests, nanos, takes) in [
            (8, 1_500_000, 1),
            (100, 10_250_000, 30),
            (200, 900_000, 5),
            (40, 2_000_250, 5),
        ] {
            let scene = Scene {
                every: Duration::from_nanos(nanos),
                ..Scene::new(Server::new(ms(takes)), requests, 0)
            };
            scene.holds(answer, recorder).await?;
        }
        Ok(())
    });
}

fn what_is_dropped_leaves_nothing_behind(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (connections, after) in [(20, 250), (2, 250), (20, 5), (1, 1_001)] {
            let scene = Scene::new(Server::new(ms(1000)), 10, 100).over(connections);
            let given_up = timeout(ms(after), scene.run(answer, recorder)).await;
            mark("dropped by its caller");
            ensure(given_up.is_err(), || {
                Fault::new("call_skipped")
                    .happened(format!(
                        "a load test of 10 requests returned within {}",
                        Readable(ms(after))
                    ))
                    .expected("it ends when every request has its answer")
                    .next("wait for all calls")
            })?;
            let made = scene.server.calls().len();
            // A task that's aborted is gone once the runtime has come to it.
            for _ in 0..100 {
                yield_now().await;
            }
            let kept = scene.server.in_flight();
            sleep(ms(10_000)).await;
            let later = scene.server.calls().len() - made;
            ensure(kept == 0 && later == 0, || {
                Fault::new("cancelled_call_kept_running")
                    .happened(format!(
                        "the caller dropped the function after {}: {} went on, and {later} more began",
                        Readable(ms(after)),
                        counted(kept, "call"),
                    ))
                    .expected("the calls are dropped together with the function, and no other call begins")
                    .next("own the tasks in a `JoinSet`, which aborts them when it's dropped, or await all futures together in one")
            })?;
        }
        Ok(())
    });
}
