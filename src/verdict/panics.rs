//! Keeps what the code under study says when it panics.

use std::{
    any::Any,
    future::Future,
    panic::{self, AssertUnwindSafe, PanicHookInfo},
    sync::{Mutex, MutexGuard, Once, PoisonError},
    thread::{self, ThreadId},
};

use futures::FutureExt as _;

use super::Place;
use crate::harness::Request;

/// A panic that somebody raised.
#[derive(Clone, Debug)]
pub(super) struct Raised {
    pub(super) message: String,
    pub(super) at: Place,
    thread: ThreadId,
}

impl Raised {
    /// The words of a `todo!` or `unimplemented!`, if it was one of these that panicked.
    pub(super) fn hole(&self) -> Option<&str> {
        hole(&self.message)
    }
}

/// The words of a `todo!` or `unimplemented!`, if this is what one of them panics with.
pub(super) fn hole(message: &str) -> Option<&str> {
    let rest = message
        .strip_prefix("not yet implemented")
        .or_else(|| message.strip_prefix("not implemented"))?;
    Some(rest.strip_prefix(": ").unwrap_or("an empty `todo!()`"))
}

/// The panics that nobody has taken yet, and the threads that run a test.
struct Kept {
    raised: Vec<Raised>,
    tests: Vec<ThreadId>,
}

static KEPT: Mutex<Kept> = Mutex::new(Kept {
    raised: Vec::new(),
    tests: Vec::new(),
});

// The lock is held for a few assignments that cannot panic.
fn kept() -> MutexGuard<'static, Kept> {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Begins a test on this thread: from now on, each panic is kept. It is printed as well, by the
/// process's own hook or, where the verdict goes to the grader, in a line.
///
/// A hook is the only one to be told where a panic was raised: what `catch_unwind` returns, and
/// `JoinError` holds, is the message alone.
pub(super) fn begin_test() {
    static INSTALLED: Once = Once::new();
    if Request::is_expected() {
        // Anew for each test: the code under study may have put a hook of its own in this one's place.
        panic::set_hook(Box::new(|info| {
            let raised = raised(info);
            // The verdict names the hole.
            if raised.hole().is_none() {
                eprintln!("panicked at {}: {}", raised.at, raised.message);
            }
            keep(raised);
        }));
    } else {
        INSTALLED.call_once(|| {
            let print = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                keep(raised(info));
                print(info);
            }));
        });
    }
    kept().tests.push(thread::current().id());
}

fn raised(info: &PanicHookInfo<'_>) -> Raised {
    Raised {
        message: message(info.payload()),
        at: info
            .location()
            .map_or_else(Place::unknown, |location| Place {
                file: shortest(location.file()),
                line: location.line(),
            }),
        thread: thread::current().id(),
    }
}

/// The path as readers know it, whichever way the compiler was given it: `a/b/../c.rs`, or `a\c.rs` on Windows.
fn shortest(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match (part, parts.last()) {
            ("..", Some(&parent)) if parent != ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

fn keep(raised: Raised) {
    kept().raised.push(raised);
}

/// Takes the panics of this thread since the last call.
///
/// Tests that run side by side in one process have a thread each, and each takes its own. A panic on
/// a thread that the code under study started is taken by the first to ask, which under the grader,
/// with a process for every test, is the right one.
pub(super) fn take() -> Vec<Raised> {
    let here = thread::current().id();
    let mut kept = kept();
    let tests = std::mem::take(&mut kept.tests);
    let (taken, left) = kept
        .raised
        .drain(..)
        .partition(|raised| raised.thread == here || !tests.contains(&raised.thread));
    kept.raised = left;
    kept.tests = tests;
    // This test is over.
    kept.tests.retain(|&thread| thread != here);
    taken
}

/// The panics of the hidden test that runs on this thread, caught or not, each with its place: `no page (a.rs:7)`.
///
/// A test asks for it where code under study may have panicked, and nobody have noticed.
#[must_use]
pub fn panics_so_far() -> Vec<String> {
    let here = thread::current().id();
    let kept = kept();
    let raised = kept.raised.iter().filter(|raised| raised.thread == here);
    raised
        .map(|raised| format!("{} ({})", raised.message, raised.at))
        .collect()
}

/// Awaits `future`; a panic in it is returned as its message.
///
/// # Errors
///
/// The future panicked.
///
/// # Cancel safety
///
/// Dropping this drops `future`, and nothing else.
pub async fn catch_panic<F: Future>(future: F) -> Result<F::Output, String> {
    // The future is dropped when it panics, so that nobody sees what it left half done.
    AssertUnwindSafe(future)
        .catch_unwind()
        .await
        .map_err(|payload| message(&*payload))
}

/// Calls `function`; a panic in it is returned as its message.
///
/// # Errors
///
/// The function panicked.
pub fn catch_panic_blocking<T>(function: impl FnOnce() -> T) -> Result<T, String> {
    panic::catch_unwind(AssertUnwindSafe(function)).map_err(|payload| message(&*payload))
}

/// The text of a panic, which is a `&str` or a `String` unless somebody chose otherwise.
pub(super) fn message(payload: &(dyn Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_that_was_caught_is_told_with_its_place() {
        begin_test();
        let caught = catch_panic_blocking::<()>(|| panic!("no page"));
        assert_eq!(caught, Err("no page".to_owned()));
        let panics = panics_so_far();
        assert_eq!(panics.len(), 1);
        assert!(
            panics[0].starts_with("no page (src/verdict/panics.rs:"),
            "{panics:?}"
        );
    }

    #[test]
    fn a_place_is_named_by_the_shortest_way() {
        for (path, short) in [
            ("src/gather.rs", "src/gather.rs"),
            ("a/b/c/../../gather.rs", "a/gather.rs"),
            (r"a\b\..\gather.rs", "a/gather.rs"),
            ("../gather.rs", "../gather.rs"),
            ("/rustc/library/core.rs", "/rustc/library/core.rs"),
        ] {
            assert_eq!(shortest(path), short);
        }
    }
}
