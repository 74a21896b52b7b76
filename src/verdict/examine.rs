//! Runs the code under study once, and says what came of it.

use std::{
    panic::{self, AssertUnwindSafe},
    pin::Pin,
    process,
    sync::{
        LazyLock,
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use tokio::time::{error::Elapsed, timeout};

use super::{Fault, Place, TimeoutDiagnosis, Verdict, moments, panics, picture::pictures};
use crate::{
    clock::Clock,
    harness::{Event, Session},
    timeline::{Recorder, Timeline},
};

/// Longer than any exercise waits. On the paused clock this passes at once when nothing on the runtime
/// can happen any more, so that it tells what is stuck from what is slow without waiting for either.
/// Threads outside the runtime are unknown to the clock: what waits for one of them is stuck, too.
const VIRTUAL_LIMIT: Duration = Duration::from_secs(24 * 60 * 60);

/// Turns a condition into the result of a hidden test.
///
/// # Errors
///
/// The condition does not hold: the fault.
pub fn ensure(holds: bool, fault: impl FnOnce() -> Fault) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(fault()) }
}

/// Runs a hidden test on a paused clock of its own, on a `current_thread` runtime.
///
/// The test is given the recorder of the timeline that the verdict will show: one that runs the code in
/// several scenarios restarts it before each. When the code under study returned is marked on it, and whatever else
/// decides can be: see [`mark`](super::mark) and [`mark_in`](super::mark_in).
///
/// Whatever the code under study does, there is a verdict: a fault that the test returns, the first
/// `todo!()` that was come to, a panic, or a wait that nothing can end. Where the grader started the process, it
/// is reported, and code that keeps the thread beyond the time limit is stopped.
///
/// # Panics
///
/// If the verdict is any other than [`Verdict::Passed`]: so libtest is told of a failure.
pub fn examine(test: impl AsyncFnOnce(&Recorder) -> Result<(), Fault>) {
    let recorder = Recorder::new();
    // Boxed, so that the runtime is compiled here once, and not into each hidden test.
    let test = Box::pin({
        let recorder = recorder.clone();
        async move { test(&recorder).await }
    });
    examine_boxed(test, recorder);
}

fn examine_boxed(test: BoxedTest<'_>, recorder: Recorder) {
    // When the code is stopped, its clock stands where it stood: the watchdog has another one.
    let watchdog = |session| {
        let diagnosis = TimeoutDiagnosis::default();
        Watchdog::start(session, &recorder, Recorder::timeline, &diagnosis)
    };
    conclude(&recorder, watchdog, || run(test, &recorder));
}

/// Runs a hidden test of code that is not async, on the test's own thread, where there is no runtime.
///
/// What the code under study needs of one is its own business. The clock is real, and so are the times of the
/// timeline, which shows what all threads do. Code that blocks for ever cannot be told from slow code before the
/// time limit. The test can say beforehand what it then means, through the [`TimeoutDiagnosis`] that it is given.
///
/// For the rest, this is [`examine`].
///
/// # Panics
///
/// If the verdict is any other than [`Verdict::Passed`]: so libtest is told of a failure.
pub fn examine_blocking(test: impl FnOnce(&TimeoutDiagnosis) -> Result<(), Fault>) {
    let (diagnosis, recorder) = (TimeoutDiagnosis::default(), recorder_of_all_threads());
    recorder.begin();
    let watchdog = |session| Watchdog::start(session, recorder, timeline_until_now, &diagnosis);
    conclude(recorder, watchdog, || {
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| Ok(test(&diagnosis))));
        judge(outcome, recorder.timeline())
    });
}

/// Records what every thread of this process does. A subscriber can be made the global one once.
fn recorder_of_all_threads() -> &'static Recorder {
    static RECORDER: LazyLock<Recorder> = LazyLock::new(|| {
        let recorder = Recorder::new();
        recorder
            .install()
            .expect("install the only global subscriber of a test program");
        recorder
    });
    &RECORDER
}

/// Has the verdict found, under the eyes of the grader if it started this process, and hands it on.
fn conclude(
    recorder: &Recorder,
    watchdog: impl FnOnce(&'static Session) -> Watchdog,
    find: impl FnOnce() -> Verdict,
) {
    panics::begin_test();
    let session = Session::current();
    let watchdog = session.map(watchdog);
    let verdict = find();
    if let Some(watchdog) = watchdog {
        watchdog.stop();
    }
    let passed = verdict == Verdict::Passed;
    match session {
        Some(session) => session.record(&Event::Judged {
            test: session.test(),
            scenario: recorder.restarts(),
            pictures: if passed {
                pictures(&recorder.scenarios())
            } else {
                Vec::new()
            },
            verdict,
        }),
        None if passed => {}
        None => eprintln!("\n{verdict}"),
    }
    if !passed {
        // Unlike `panic!`, this calls no hook: what there is to say has been said.
        panic::resume_unwind(Box::new("the verdict says why"));
    }
}

/// What was recorded on the real clock, up to now.
fn timeline_until_now(recorder: &Recorder) -> Timeline {
    let runtime = Clock::Real
        .runtime()
        .expect("a runtime needs nothing but file descriptors");
    // The recorder asks the runtime that it is inside for the time.
    let _inside = runtime.enter();
    recorder.timeline()
}

type BoxedTest<'a> = Pin<Box<dyn Future<Output = Result<(), Fault>> + 'a>>;

fn run(test: BoxedTest<'_>, recorder: &Recorder) -> Verdict {
    let attached = recorder.attach();
    let _marking = moments::begin(recorder);
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| {
        let runtime = Clock::Virtual
            .runtime()
            .expect("a runtime needs nothing but file descriptors");
        runtime.block_on(async {
            recorder.restart();
            timeout(VIRTUAL_LIMIT, test).await
        })
    }));
    drop(attached);
    judge(outcome, recorder.timeline())
}

/// What a test came to: content or a fault, unless it was stuck, unless it panicked.
type Outcome = thread::Result<Result<Result<(), Fault>, Elapsed>>;

fn judge(outcome: Outcome, timeline: Timeline) -> Verdict {
    let raised = panics::take();
    let hole = raised
        .iter()
        .find_map(|raised| Some((raised.hole()?.to_owned(), raised.at.clone())));
    match (outcome, hole) {
        // A hole explains whatever else happened, also where the panic was caught on its way, or was
        // taken for one that a test asks for.
        (_, Some((hole, at))) => Verdict::NotStarted { hole, at },
        (Ok(Ok(Ok(()))), None) => Verdict::Passed,
        (Ok(Ok(Err(fault))), None) => Verdict::Wrong { fault, timeline },
        (Ok(Err(_elapsed)), None) => Verdict::Stuck { timeline },
        (Err(payload), None) => {
            // The first panic is the cause: a `JoinError` that is unwrapped raises a second one.
            let (message, at) = match raised.into_iter().next() {
                Some(first) => (first.message, first.at),
                // `resume_unwind` calls no hook, and the code under study may have one of its own.
                None => (panics::message(&*payload), Place::unknown()),
            };
            if let Some(hole) = panics::hole(&message) {
                let hole = hole.to_owned();
                return Verdict::NotStarted { hole, at };
            }
            Verdict::Panicked {
                message,
                at,
                timeline,
            }
        }
    }
}

/// The watch on the wall clock.
///
/// Virtual time cannot tell when a thread is kept: it stands still. So a thread beside it waits in real
/// time, and when the limit has passed, it reports the verdict in the test's place.
struct Watchdog {
    ended: mpsc::Sender<()>,
    thread: thread::JoinHandle<()>,
}

impl Watchdog {
    fn start(
        session: &'static Session,
        recorder: &Recorder,
        timeline: fn(&Recorder) -> Timeline,
        diagnosis: &TimeoutDiagnosis,
    ) -> Self {
        let (recorder, diagnosis) = (recorder.clone(), diagnosis.clone());
        let (ended, test_ended) = mpsc::channel();
        let watch = move || {
            let limit = session.time_limit();
            if test_ended.recv_timeout(limit) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let timeline = timeline(&recorder);
            let verdict = match diagnosis.fault() {
                Some(fault) => Verdict::Wrong { fault, timeline },
                None => Verdict::NeverReturned { limit, timeline },
            };
            session.record(&Event::Judged {
                test: session.test(),
                scenario: recorder.restarts(),
                pictures: Vec::new(),
                verdict,
            });
            // Unlike `exit`, this runs no destructor, which could wait for the busy thread.
            process::abort();
        };
        Self {
            ended,
            thread: thread::spawn(watch),
        }
    }

    fn stop(self) {
        // It ends when its channel does. It is waited for, so that it reports nothing later.
        drop(self.ended);
        self.thread
            .join()
            .expect("wait for a thread that does not panic");
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    fn judged(test: BoxedTest<'_>) -> Verdict {
        run(test, &Recorder::new())
    }

    #[test]
    fn content_is_a_pass() {
        assert_eq!(judged(Box::pin(async { Ok(()) })), Verdict::Passed);
    }

    #[test]
    fn the_timeline_of_a_fault_says_when_the_code_returned() {
        let verdict = judged(Box::pin(async {
            let second = Duration::from_secs(1);
            crate::verdict::returns(tokio::time::sleep(second)).await;
            // Whatever the code left behind has the time to show itself.
            tokio::time::sleep(20 * second).await;
            Err(Fault::new("too_early"))
        }));
        let timeline = verdict.timeline().expect("a fault has one");
        let moments = timeline.moments.iter();
        let moments: Vec<_> = moments.map(|moment| moment.what.as_str()).collect();
        assert_eq!(moments, ["returned"]);
        assert_eq!(timeline.moments[0].at, Duration::from_secs(1));
    }

    #[test]
    fn a_hole_is_named_with_its_place() {
        panics::begin_test();
        let verdict = judged(Box::pin(async { todo!("await both") }));
        let Verdict::NotStarted { hole, at } = verdict else {
            panic!("{verdict:?}");
        };
        assert_eq!((hole.as_str(), at.file.as_str()), ("await both", file!()));
    }

    #[test]
    fn a_hole_is_found_in_a_task_too() {
        panics::begin_test();
        let verdict = judged(Box::pin(async {
            let swallowed = tokio::spawn(async { todo!("in a task") }).await;
            ensure(swallowed.is_ok(), || Fault::new("something_else"))
        }));
        assert!(matches!(verdict, Verdict::NotStarted { hole, .. } if hole == "in a task"));
    }

    #[test]
    fn a_hole_is_no_pass_where_a_panic_is_asked_for() {
        panics::begin_test();
        let verdict = judged(Box::pin(async {
            let outcome = crate::verdict::catch_panic(async { todo!("later") }).await;
            ensure(outcome.is_err(), || Fault::new("no_panic"))
        }));
        assert!(matches!(verdict, Verdict::NotStarted { hole, .. } if hole == "later"));
    }

    #[test]
    fn a_wait_that_nothing_can_end_is_stuck_and_takes_no_time() {
        let verdict = judged(Box::pin(async {
            let (_sender, receiver) = oneshot::channel::<()>();
            receiver.await.expect("the sender is kept alive");
            Ok(())
        }));
        assert!(matches!(verdict, Verdict::Stuck { .. }));
    }

    fn judged_blocking(test: impl FnOnce() -> Result<(), Fault>) -> Verdict {
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| Ok(test())));
        judge(outcome, Timeline::default())
    }

    #[test]
    fn a_blocking_test_runs_outside_of_any_runtime() {
        let verdict = judged_blocking(|| {
            ensure(tokio::runtime::Handle::try_current().is_err(), || {
                Fault::new("on_a_runtime")
            })
        });
        assert_eq!(verdict, Verdict::Passed);
    }

    #[test]
    fn a_panic_keeps_its_message_and_place() {
        panics::begin_test();
        let verdict = judged(Box::pin(async {
            let nothing: Option<()> = std::hint::black_box(None);
            nothing.expect("there is something");
            Ok(())
        }));
        let Verdict::Panicked { message, at, .. } = verdict else {
            panic!("{verdict:?}");
        };
        assert_eq!(
            (message.as_str(), at.file.as_str()),
            ("there is something", file!())
        );
    }
}
