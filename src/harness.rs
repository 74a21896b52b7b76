//! How the hidden tests of a task are run, and how the grader hears of it.
//!
//! Hidden tests are a library a chapter, compiled once. They call the learner's code through a table of function
//! pointers, which the last line of the learner's file fills in. That line also has a `#[test]` for each task, whose
//! body is one call of [`run_task`]: it runs the hidden tests of the task in their order, each on a thread of its own.
//!
//! Under a plain `cargo test`, a test that fails prints its verdict and ends the run. Under the grader, which sends a
//! [`Request`] over standard input, every step is written down as an [`Event`], in a file that the grader made. The
//! request is read to its end before any code of the answer runs, and each line in the file begins with the
//! request's random proof: an answer that writes lines of its own there, or ends the process, proves nothing.
//!
//! # Adding a task
//!
//! ```
//! use async_workbook::harness::{Task, task};
//!
//! struct Answer {
//!     double: fn(u32) -> u32,
//! }
//!
//! static TASKS: [Task<Answer>; 1] = [task!(double: it_doubles)];
//!
//! fn it_doubles(answer: &Answer) {
//!     assert_eq!((answer.double)(2), 4);
//! }
//!
//! static ANSWER: Answer = Answer { double: |n| n * 2 };
//! async_workbook::harness::run_task(&TASKS, "double", &ANSWER);
//! ```

mod event;
mod helpers;
mod request;
mod session;

use std::{panic, thread};

pub use event::{Event, read_events};
pub use helpers::{counted, listed, ms};
pub use request::Request;
pub(crate) use session::Session;

pub use crate::{hidden_tests, task, verdict::returns};

/// A task of a chapter.
#[derive(Debug)]
pub struct Task<A: 'static> {
    /// The name of the function to write.
    pub name: &'static str,
    /// Its hidden tests, the most basic first: the first to fail gives the verdict.
    pub tests: &'static [HiddenTest<A>],
    /// What its hidden tests share.
    pub isolation: Isolation,
}

/// A hidden test.
#[derive(Debug)]
pub struct HiddenTest<A: 'static> {
    /// What it proves.
    pub name: &'static str,
    /// One call of [`examine`](crate::verdict::examine) or its like.
    pub run: fn(&'static A),
}

/// What the hidden tests of a task share.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Isolation {
    /// A process: it starts once, which is fast.
    PerTask,
    /// Nothing. Tests that count threads, or what else belongs to the process, have one each.
    PerTest,
}

impl<A> Task<A> {
    /// The same task, whose hidden tests have a process each.
    #[must_use]
    pub const fn isolated(self) -> Self {
        Self {
            isolation: Isolation::PerTest,
            ..self
        }
    }
}

/// Makes a [`Task`] of a name and its hidden tests: `task!(fetch_all: calls_overlap, no_paths_give_no_pages)`.
#[macro_export]
macro_rules! task {
    ($name:ident: $($test:ident),+ $(,)?) => {
        $crate::harness::Task {
            name: stringify!($name),
            tests: &[$($crate::harness::HiddenTest { name: stringify!($test), run: $test }),+],
            isolation: $crate::harness::Isolation::PerTask,
        }
    };
}

/// Makes a `#[test]` of each task, beside the table `ANSWER` of the learner's functions.
///
/// What it expands to stands in the learner's crate, where any name may mean something else.
#[macro_export]
macro_rules! hidden_tests {
    ($tasks:path: $($task:ident),+ $(,)?) => {
        $(
            #[cfg(test)]
            #[test]
            fn $task() {
                $crate::harness::run_task(&$tasks, ::std::stringify!($task), &ANSWER);
            }
        )+
    };
}

/// Runs the hidden tests of the task of this name.
///
/// # Panics
///
/// A hidden test was not content, or there is no such task.
pub fn run_task<A: Sync>(tasks: &'static [Task<A>], name: &str, answer: &'static A) {
    let task = tasks.iter().find(|task| task.name == name);
    let task = task.expect("find the task by its name");
    // This function is compiled with each answer, and what it calls is not.
    run_tests(&Tests {
        count: task.tests.len(),
        isolation: task.isolation,
        name: &|index| task.tests[index].name,
        run: &|index| (task.tests[index].run)(answer),
    });
}

/// The hidden tests of a task by their index, whatever the type of its answer.
struct Tests<'a> {
    count: usize,
    isolation: Isolation,
    name: &'a dyn Fn(usize) -> &'static str,
    run: &'a (dyn Fn(usize) + Sync),
}

fn run_tests(tests: &Tests<'_>) {
    let Some(request) = Request::from_grader() else {
        for index in 0..tests.count {
            if let Err(payload) = tests.run_one(index) {
                panic::resume_unwind(payload);
            }
        }
        return;
    };
    let (first, every_test) = (request.first_test, request.every_test);
    let session = Session::open(request);
    session.record(&Event::Started { tests: tests.count });
    let mut failed = false;
    for index in first..tests.count {
        session.begin(index);
        failed |= tests.run_one(index).is_err();
        let is_last = index + 1 == tests.count;
        if is_last {
            session.record(&Event::Finished);
        }
        if tests.isolation == Isolation::PerTest || (failed && !every_test) {
            break;
        }
    }
    if failed {
        // Unlike `panic!`, this calls no hook: what there is to say has been said.
        panic::resume_unwind(Box::new("the verdict says why"));
    }
}

/// Deep enough for an answer that calls itself once for each of a thousand paths. Only what is used of it takes memory.
const STACK_SIZE: usize = 64 << 20;

impl Tests<'_> {
    /// On a thread of its own, which has the test's name, and thread-local values that no other test has touched.
    fn run_one(&self, index: usize) -> thread::Result<()> {
        let run = self.run;
        thread::scope(|scope| {
            thread::Builder::new()
                .name((self.name)(index).to_owned())
                .stack_size(STACK_SIZE)
                .spawn_scoped(scope, || run(index))
                .expect("start a thread for a hidden test")
                .join()
        })
    }
}
