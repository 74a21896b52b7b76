//! Which threads polled a future, on which runtime, and how many polls there were at the same moment.
//!
//! The threads are numbered from 1, in the order in which they first polled anything that is watched:
//! unlike their ids, these numbers are the same in every run, as far as the program's own order is.
//!
//! ```
//! use async_workbook::probes::threads::Polls;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let polls = Polls::new();
//! let first = tokio::spawn(polls.watch("first", tokio::task::yield_now()));
//! let second = tokio::spawn(polls.watch("second", async {}));
//! first.await.expect("it does not panic");
//! second.await.expect("it does not panic");
//!
//! assert_eq!(polls.of("first").len(), 2, "once before it yielded, and once after");
//! assert_eq!((polls.threads(), polls.together()), (1, 1), "one thread polls one future at a time");
//! # }
//! ```

use std::{
    future::{self, Future},
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    thread::{self, ThreadId},
};

use tokio::runtime::{self, Handle};
use unicode_width::UnicodeWidthStr as _;

/// One poll of a watched future.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Poll {
    /// What the future was called when it began to be watched.
    pub label: String,
    /// The thread that polled it.
    pub thread: ThreadId,
    /// The name of this thread: `main`, say. Empty if it has none.
    pub thread_name: String,
    /// The number of this thread, counted from 1 in the order of first polls.
    pub number: usize,
    /// The runtime in whose context it was polled; `None` outside of any.
    pub runtime: Option<runtime::Id>,
}

/// A record of polls. Clones share one record.
#[derive(Clone, Debug, Default)]
pub struct Polls(Arc<Mutex<Record>>);

#[derive(Debug, Default)]
struct Record {
    polls: Vec<Poll>,
    seen: Vec<ThreadId>,
    under_way: usize,
    together: usize,
}

impl Polls {
    /// Makes an empty record.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Wraps `future`, so that each of its polls is recorded. It is as lazy as `future` is.
    ///
    /// # Cancel safety
    ///
    /// Dropping this drops `future`, and nothing else.
    pub fn watch<F: Future>(
        &self,
        label: &str,
        future: F,
    ) -> impl Future<Output = F::Output> + use<F> {
        let (record, label) = (self.clone(), label.to_owned());
        async move {
            let mut future = pin!(future);
            future::poll_fn(|context| {
                let _under_way = record.begin(&label);
                future.as_mut().poll(context)
            })
            .await
        }
    }

    /// All polls so far, in the order in which they began.
    #[must_use]
    pub fn all(&self) -> Vec<Poll> {
        self.with(|record| record.polls.clone())
    }

    /// The polls of the future with this label, in the order in which they began.
    #[must_use]
    pub fn of(&self, label: &str) -> Vec<Poll> {
        let mut polls = self.all();
        polls.retain(|poll| poll.label == label);
        polls
    }

    /// How many different threads polled anything.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.with(|record| record.seen.len())
    }

    /// The most polls that were ever under way at the same moment.
    #[must_use]
    pub fn together(&self) -> usize {
        self.with(|record| record.together)
    }

    /// Draws the polls from left to right, in the order in which they began: each with its label, on the line of
    /// its thread, which `name` names. In lines of at most 70 columns, if the names have no more than 30: of many
    /// polls the first are drawn. Empty if there was none.
    ///
    /// ```
    /// # use async_workbook::probes::threads::Polls;
    /// let polls = Polls::new();
    /// futures::executor::block_on(async {
    ///     polls.watch("a", async {}).await;
    ///     polls.watch("b", async {}).await;
    /// });
    /// assert_eq!(
    ///     polls.drawing(|poll| format!("thread {}", poll.number)),
    ///     "each poll, from left to right, on the line of its thread:\n\
    ///      thread 1  [a][b]\n"
    /// );
    /// ```
    #[must_use]
    pub fn drawing(&self, name: impl Fn(&Poll) -> String) -> String {
        const WIDTH: usize = 37;
        let mut lanes: Vec<(String, String)> = Vec::new();
        let mut columns = 0;
        for poll in self.all() {
            let name = name(&poll);
            let lane = match lanes.iter().position(|(known, _)| *known == name) {
                Some(lane) => lane,
                None => {
                    lanes.push((name, String::new()));
                    lanes.len() - 1
                }
            };
            let lane = &mut lanes[lane].1;
            let end = columns + poll.label.width() + 2;
            if end > WIDTH {
                *lane = format!("{lane:columns$}…");
                break;
            }
            *lane = format!("{lane:columns$}[{}]", poll.label);
            columns = end;
        }
        let widest = lanes
            .iter()
            .map(|(name, _)| name.width())
            .max()
            .unwrap_or(0);
        let heading = "each poll, from left to right, on the line of its thread:\n";
        let heading = (!lanes.is_empty()).then(|| heading.to_owned());
        let line = |(name, lane)| format!("{name:widest$}  {lane}\n");
        heading
            .into_iter()
            .chain(lanes.into_iter().map(line))
            .collect()
    }

    fn begin(&self, label: &str) -> UnderWay<'_> {
        let here = thread::current();
        self.with(|record| {
            if !record.seen.contains(&here.id()) {
                record.seen.push(here.id());
            }
            let index = record.seen.iter().position(|&seen| seen == here.id());
            record.polls.push(Poll {
                label: label.to_owned(),
                thread: here.id(),
                thread_name: here.name().unwrap_or_default().to_owned(),
                number: index.map_or(0, |index| index + 1),
                runtime: Handle::try_current().ok().map(|runtime| runtime.id()),
            });
            record.under_way += 1;
            record.together = record.together.max(record.under_way);
        });
        UnderWay(self)
    }

    // The lock is held for a few assignments, and never while a future is polled. A future that panics
    // leaves nothing half written: poison is ignored.
    fn with<T>(&self, change: impl FnOnce(&mut Record) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Counts one poll as under way for as long as it lives, so that one that panics is counted out too.
#[must_use]
struct UnderWay<'a>(&'a Polls);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.with(|record| record.under_way -= 1);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Barrier, mpsc};

    use futures::{FutureExt as _, executor, join};
    use tokio::{runtime::Builder, sync::oneshot, task::yield_now};

    use super::*;

    #[test]
    fn an_unpolled_future_leaves_no_record() {
        let polls = Polls::new();
        drop(polls.watch("nothing", async {}));
        assert_eq!(
            (polls.all(), polls.threads(), polls.together()),
            (vec![], 0, 0)
        );
    }

    #[test]
    fn each_poll_names_its_thread_and_runtime() {
        let polls = Polls::new();
        let runtime = Builder::new_current_thread()
            .build()
            .expect("it needs nothing");
        let nameless = thread::spawn({
            let polls = polls.clone();
            move || executor::block_on(polls.watch("off", async {}))
        });
        nameless.join().expect("it does not panic");
        runtime.block_on(polls.watch("on", yield_now()));

        let [off] = &polls.of("off")[..] else {
            panic!("{polls:?}")
        };
        assert_eq!(
            (off.number, off.thread_name.as_str(), off.runtime),
            (1, "", None)
        );
        let on = polls.of("on");
        assert_eq!(on.len(), 2);
        for poll in on {
            assert_eq!(poll.thread, thread::current().id());
            assert_eq!(Some(poll.thread_name.as_str()), thread::current().name());
            assert_eq!(
                (poll.number, poll.runtime),
                (2, Some(runtime.handle().id()))
            );
        }
        assert_eq!(polls.threads(), 2);
    }

    #[test]
    fn joined_futures_are_polled_one_at_a_time_and_workers_together() {
        let joined = Polls::new();
        executor::block_on(async {
            join!(joined.watch("a", async {}), joined.watch("b", async {}));
        });
        assert_eq!((joined.threads(), joined.together()), (1, 1));

        let spawned = Polls::new();
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .build()
            .expect("two threads are to be had");
        // Opens only if two threads wait at it, each within a poll.
        let both = Arc::new(Barrier::new(2));
        let meet = |label: &str| {
            let both = Arc::clone(&both);
            let (tell, begun) = mpsc::channel();
            let task = runtime.spawn(spawned.watch(label, async move {
                tell.send(()).expect("somebody waits");
                both.wait();
            }));
            // Spawned side by side, both could end up in the queue of one worker, which then blocks.
            begun.recv().expect("it begins");
            task
        };
        let (a, b) = (meet("a"), meet("b"));
        runtime.block_on(async {
            a.await.expect("it does not panic");
            b.await.expect("it does not panic");
        });
        assert_eq!((spawned.threads(), spawned.together()), (2, 2));
    }

    #[test]
    fn a_task_is_resumed_by_whichever_worker_is_free() {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .build()
            .expect("two threads are to be had");
        // ANCHOR: moved
        let polls = Polls::new();
        let ((tell, told), (wake, woken)) = (mpsc::channel(), oneshot::channel::<()>());
        let task = runtime.spawn(polls.watch("task", async move {
            tell.send(thread::current().id()).expect("it is waited for");
            woken.await
        }));
        let its_worker = told.recv().expect("the task begins");

        // One of these begins after the other and both meet, so that each worker has one. The one that
        // has the task's worker then keeps it.
        let (meet, release) = (Arc::new(Barrier::new(3)), Arc::new(Barrier::new(2)));
        for _ in 0..2 {
            let (meet, release) = (Arc::clone(&meet), Arc::clone(&release));
            let (tell, begun) = mpsc::channel();
            runtime.spawn(async move {
                tell.send(()).expect("it is waited for");
                meet.wait();
                if thread::current().id() == its_worker {
                    // No await: as long as this waits, its worker polls nothing else.
                    release.wait();
                }
            });
            begun.recv().expect("it begins");
        }
        meet.wait();
        wake.send(()).expect("the task waits");
        runtime
            .block_on(task)
            .expect("it does not panic")
            .expect("it was woken");
        release.wait();

        let polled_by: Vec<_> = polls.all().iter().map(|poll| poll.number).collect();
        assert_eq!(polled_by, [1, 2], "first by one worker, then by the other");
        // ANCHOR_END: moved
    }

    #[test]
    fn a_drawing_has_a_line_for_each_thread() {
        let polls = Polls::new();
        let on_a_thread = |label: &'static str, times: usize| {
            let polls = polls.clone();
            let thread = thread::spawn(move || {
                executor::block_on(async {
                    for _ in 0..times {
                        polls.watch(label, async {}).await;
                    }
                });
            });
            thread.join().expect("it does not panic");
        };
        on_a_thread("a", 1);
        on_a_thread("work", 2);
        let by_number = |poll: &Poll| format!("no. {}", poll.number);
        assert_eq!(
            polls.drawing(by_number),
            "each poll, from left to right, on the line of its thread:\n\
             no. 1  [a]\n\
             no. 2     [work][work]\n"
        );

        on_a_thread("work", 1000);
        let long = polls.drawing(by_number);
        assert!(long.ends_with("[work]…\n"), "{long}");
        assert!(long.lines().all(|line| line.width() <= 70), "{long}");
        assert_eq!(Polls::new().drawing(by_number), "");
    }

    #[test]
    fn a_poll_that_panics_is_over() {
        let polls = Polls::new();
        let panics = std::panic::AssertUnwindSafe(polls.watch("a", async { panic!("on purpose") }));
        assert!(executor::block_on(panics.catch_unwind()).is_err());
        executor::block_on(polls.watch("b", async {}));
        assert_eq!(polls.together(), 1);
    }
}
