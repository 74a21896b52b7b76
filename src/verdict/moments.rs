//! Marks the moments that decide on the timeline that the verdict will show.

use std::{cell::RefCell, thread, time::Duration};

use crate::timeline::Recorder;

thread_local! {
    /// The recorder of the hidden test that this thread runs.
    static RECORDER: RefCell<Option<Recorder>> = const { RefCell::new(None) };
}

/// Marks go to this recorder, until what is returned is dropped.
pub(super) fn begin(recorder: &Recorder) -> Marking {
    RECORDER.set(Some(recorder.clone()));
    Marking
}

/// Marks go to the recorder of the test that has begun.
#[must_use = "marks go nowhere once this is dropped"]
pub(super) struct Marking;

impl Drop for Marking {
    fn drop(&mut self) {
        RECORDER.set(None);
    }
}

/// Marks this moment on the timeline of the hidden test that runs on this thread: `dropped by its caller`, say.
/// Elsewhere, this does nothing.
pub fn mark(what: &str) {
    with_recorder(|recorder| recorder.mark(what));
}

/// Marks a moment that is known beforehand, such as a deadline: so long from now.
pub fn mark_in(time: Duration, what: &str) {
    with_recorder(|recorder| recorder.mark_in(time, what));
}

/// Awaits a function under study, and marks when it returned, or panicked. Where several are called, or one several
/// times, the first to return is marked.
///
/// The macro `grade!` of a chapter wraps each async function of the answer in this, so that hidden tests need not.
///
/// # Cancel safety
///
/// Dropping this drops `function`, and marks nothing.
pub async fn returns<F: Future>(function: F) -> F::Output {
    /// A panic leaves the function as well: without a mark, what it left behind would look unfinished.
    struct Panics;

    impl Drop for Panics {
        fn drop(&mut self) {
            if thread::panicking() {
                mark_first(PANICKED);
            }
        }
    }

    let _panics = Panics;
    let output = function.await;
    mark_first(RETURNED);
    output
}

const RETURNED: &str = "returned";
const PANICKED: &str = "panicked";

/// Apart from `returns`, which is compiled with each answer.
fn mark_first(what: &str) {
    with_recorder(|recorder| recorder.mark_first(what));
}

fn with_recorder(mark: impl FnOnce(&Recorder)) {
    RECORDER.with_borrow(|recorder| {
        if let Some(recorder) = recorder {
            mark(recorder);
        }
    });
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, resume_unwind};

    use futures::FutureExt as _;
    use tokio::time::sleep;

    use super::*;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_return_of_a_test_is_marked_and_none_afterwards() {
        let recorder = Recorder::new();
        recorder.restart();
        {
            let _marking = begin(&recorder);
            mark_in(ms(300), "deadline");
            assert_eq!(returns(async { sleep(ms(20)).await }).await, ());
            returns(sleep(ms(10))).await;
        }
        mark("too late");
        let moments = recorder.timeline().moments.into_iter();
        let moments: Vec<_> = moments.map(|moment| (moment.at, moment.what)).collect();
        assert_eq!(
            moments,
            [
                (ms(300), "deadline".to_owned()),
                (ms(20), RETURNED.to_owned())
            ]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_function_that_panics_is_marked_too() {
        let recorder = Recorder::new();
        recorder.restart();
        let _marking = begin(&recorder);
        let panics = async {
            sleep(ms(20)).await;
            resume_unwind(Box::new("as a function does that panics"));
        };
        let caught = AssertUnwindSafe(returns::<_>(panics)).catch_unwind().await;
        assert!(caught.is_err_and(|panic| panic.is::<&str>()));
        let moments = recorder.timeline().moments;
        let moments: Vec<_> = moments.iter().map(|moment| moment.what.as_str()).collect();
        assert_eq!(moments, [PANICKED]);
    }
}
