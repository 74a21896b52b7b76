//! Runs the code under study once, and says what came of it.

use std::{
    env, fs,
    panic::{self, AssertUnwindSafe},
    path::Path,
    pin::Pin,
    thread,
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::{Fault, Place, Verdict, panics};
use crate::{
    clock::Clock,
    report::{self, Look},
    timeline::Recorder,
};

/// The environment variable that names the file to which [`examine`] writes its [`Examination`].
pub const REPORT_VARIABLE: &str = "WORKBOOK_REPORT";

/// Longer than any exercise waits. On the paused clock this passes at once when nothing else can
/// happen any more, so that it tells what is stuck from what is slow without waiting for either.
const VIRTUAL_LIMIT: Duration = Duration::from_secs(24 * 60 * 60);

/// What one hidden test found, as it is handed to the grader.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Examination {
    /// The test's full name, as libtest lists it.
    pub test: String,
    /// Its verdict; `None` while it runs.
    pub verdict: Option<Verdict>,
}

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
/// Whatever the code under study does, there is a verdict: a fault that the test returns, the first
/// `todo!()` that was come to, a panic, or a wait that nothing can end. If [`REPORT_VARIABLE`] is set,
/// it is written there.
///
/// # Panics
///
/// If the verdict is any other than [`Verdict::Passed`]: so libtest is told of a failure.
pub fn examine(test: impl AsyncFnOnce() -> Result<(), Fault>) {
    // Boxed, so that the runtime is compiled here once, and not into each hidden test.
    examine_boxed(Box::pin(async move { test().await }));
}

fn examine_boxed(test: BoxedTest<'_>) {
    panics::begin_test();
    let report = Report::begin();
    let verdict = run(test);
    report.write(Some(&verdict));
    if verdict != Verdict::Passed {
        let text = report::verdict_text(&verdict, &Look::detect());
        // libtest catches what the standard macro prints, and no terminal is asked for its colours.
        eprintln!("\n{}", anstream::adapter::strip_str(&text));
        // Unlike `panic!`, this calls no hook: what there is to say has been said.
        panic::resume_unwind(Box::new("the verdict is above"));
    }
}

type BoxedTest<'a> = Pin<Box<dyn Future<Output = Result<(), Fault>> + 'a>>;

fn run(test: BoxedTest<'_>) -> Verdict {
    let recorder = Recorder::new();
    let attached = recorder.attach();
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
    let timeline = recorder.timeline();
    let raised = panics::take();
    let hole = raised
        .iter()
        .find_map(|raised| Some((raised.hole()?.to_owned(), raised.at.clone())));
    match (outcome, hole) {
        (Ok(Ok(Ok(()))), _) => Verdict::Passed,
        // A hole explains whatever else went wrong, also where the panic was caught on its way.
        (_, Some((hole, at))) => Verdict::NotStarted { hole, at },
        (Ok(Ok(Err(fault))), None) => Verdict::Wrong(Box::new(Fault { timeline, ..fault })),
        (Ok(Err(_elapsed)), None) => Verdict::Stuck { timeline },
        (Err(payload), None) => {
            // The first panic is the cause: a `JoinError` that is unwrapped raises a second one.
            let (message, at) = match raised.into_iter().next() {
                Some(first) => (first.message, first.at),
                // `resume_unwind` calls no hook.
                None => (panics::message(&*payload), Place::unknown()),
            };
            Verdict::Panicked {
                message,
                at,
                timeline,
            }
        }
    }
}

/// The file that tells the grader how the test went.
struct Report {
    path: Option<std::ffi::OsString>,
    test: String,
}

impl Report {
    fn begin() -> Self {
        let report = Self {
            path: env::var_os(REPORT_VARIABLE),
            // libtest runs each test on a thread of its name, or with `--test-threads=1` on `main`.
            test: thread::current().name().unwrap_or("main").to_owned(),
        };
        report.write(None);
        report
    }

    fn write(&self, verdict: Option<&Verdict>) {
        let Some(path) = &self.path else { return };
        let examination = Examination {
            test: self.test.clone(),
            verdict: verdict.cloned(),
        };
        let json = serde_json::to_vec(&examination).expect("an examination is plain data");
        // Without its report, the grader says that the test ended early, which is the truth.
        if let Err(error) = fs::write(Path::new(path), json) {
            eprintln!("cannot write the report {}: {error}", path.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[test]
    fn content_is_a_pass() {
        assert_eq!(run(Box::pin(async { Ok(()) })), Verdict::Passed);
    }

    #[test]
    fn a_hole_is_named_with_its_place() {
        panics::begin_test();
        let verdict = run(Box::pin(async { todo!("await both") }));
        let Verdict::NotStarted { hole, at } = verdict else {
            panic!("{verdict:?}");
        };
        assert_eq!((hole.as_str(), at.file.as_str()), ("await both", file!()));
    }

    #[test]
    fn a_hole_is_found_in_a_task_too() {
        panics::begin_test();
        let verdict = run(Box::pin(async {
            let swallowed = tokio::spawn(async { todo!("in a task") }).await;
            ensure(swallowed.is_ok(), || Fault::new("something_else"))
        }));
        assert!(matches!(verdict, Verdict::NotStarted { hole, .. } if hole == "in a task"));
    }

    #[test]
    fn a_wait_that_nothing_can_end_is_stuck_and_takes_no_time() {
        let verdict = run(Box::pin(async {
            let (_sender, receiver) = oneshot::channel::<()>();
            receiver.await.expect("the sender is kept alive");
            Ok(())
        }));
        assert!(matches!(verdict, Verdict::Stuck { .. }));
    }

    #[test]
    fn a_panic_keeps_its_message_and_place() {
        panics::begin_test();
        let verdict = run(Box::pin(async {
            let nothing: Option<()> = None;
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
