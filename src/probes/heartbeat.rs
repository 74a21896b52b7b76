//! A sibling task that counts how often the runtime lets it run: what a blocked thread shows in.
//!
//! The heart is a task that does nothing but make itself ready again. While other code gives way, it
//! beats; while code keeps the runtime's thread, it cannot. Beats are counted, and never timed: on a busy
//! machine a healthy program stalls for milliseconds, but only a blocked one has no beat at all.
//!
//! ```
//! use async_workbook::probes::heartbeat::Heartbeat;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let heartbeat = Heartbeat::start();
//!
//! let (_, inline) = heartbeat.stage(|| "computed here");
//! assert!(inline.on_loop, "this is the runtime's thread");
//! assert_eq!(inline.beats(), 0, "nothing else can run on it meanwhile");
//!
//! let elsewhere = heartbeat.clone();
//! let (_, stage) = tokio::task::spawn_blocking(move || elsewhere.stage(|| "computed there"))
//!     .await
//!     .expect("it does not panic");
//! assert!(!stage.on_loop);
//! assert!(stage.beats() > 0, "the runtime's thread was free");
//! # }
//! ```

use std::{
    future::poll_fn,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::Poll,
    thread::{self, ThreadId},
    time::Duration,
};

use tokio::{
    runtime::{Handle, RuntimeFlavor},
    task,
};
use tokio_util::task::AbortOnDropHandle;

/// A running heart. Clones share it; it stops when the last of them is dropped.
///
/// It keeps one thread of the runtime busy, and a paused clock from moving on by itself: while it beats,
/// some task is always ready.
#[derive(Clone, Debug)]
pub struct Heartbeat {
    heart: Arc<Heart>,
    _task: Arc<AbortOnDropHandle<()>>,
}

#[derive(Debug)]
struct Heart {
    beats: AtomicU64,
    /// The one thread of a `current_thread` runtime.
    home: Option<ThreadId>,
    /// Whether a stage has waited for a beat in vain.
    given_up: AtomicBool,
}

/// A stretch of synchronous work, and what the heart did meanwhile.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Stage {
    /// How often the heart had beaten when it began.
    pub from: u64,
    /// How often the heart had beaten when it ended.
    pub to: u64,
    /// The thread that it ran on.
    pub thread: ThreadId,
    /// Whether this is the one thread of the heart's `current_thread` runtime.
    pub on_loop: bool,
    /// The tokio task that it ran in, blocking ones included; `None` outside any, as in `block_on`.
    pub task: Option<task::Id>,
}

impl Stage {
    /// How often the heart beat from its beginning to its end.
    #[must_use]
    pub fn beats(&self) -> u64 {
        self.to - self.from
    }

    /// Where it ran, in words: `the runtime's thread` if [`on_loop`](Self::on_loop), else `another thread`.
    #[must_use]
    pub fn place(&self) -> &'static str {
        if self.on_loop {
            "the runtime's thread"
        } else {
            "another thread"
        }
    }
}

impl Heartbeat {
    /// Starts a heart on the runtime of the caller. On a `current_thread` runtime, the caller's thread is
    /// taken for the one that it runs on.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    #[must_use]
    pub fn start() -> Self {
        let one_thread = Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread;
        let heart = Arc::new(Heart {
            beats: AtomicU64::new(0),
            home: one_thread.then(|| thread::current().id()),
            given_up: AtomicBool::new(false),
        });
        let task = tokio::spawn(Arc::clone(&heart).beat());
        Self {
            heart,
            _task: Arc::new(AbortOnDropHandle::new(task)),
        }
    }

    /// How often the heart has beaten so far.
    #[must_use]
    pub fn beats(&self) -> u64 {
        // A count is all that is read: it orders no other memory.
        self.heart.beats.load(Ordering::Relaxed)
    }

    /// Does `work` on the calling thread, and returns its output with what the heart did meanwhile.
    ///
    /// Work may be over before the heart had a chance. So a stage on another thread than the runtime's
    /// lasts until the heart has beaten once, which it does as soon as the runtime's thread is free. If
    /// that does not come, the stage gives up after two seconds or more, and so do all later ones, at once. On
    /// the runtime's own thread it does not wait: there can be no beat before it ends.
    ///
    /// # Panics
    ///
    /// If `work` does.
    pub fn stage<T>(&self, work: impl FnOnce() -> T) -> (T, Stage) {
        let here = thread::current().id();
        let on_loop = self.heart.home == Some(here);
        let from = self.beats();
        let output = work();
        if !on_loop {
            self.wait_for_more_than(from);
        }
        let stage = Stage {
            from,
            to: self.beats(),
            thread: here,
            on_loop,
            task: task::try_id(),
        };
        (output, stage)
    }

    /// Counts naps, not time: on a busy machine each of them takes longer, and so does the patience.
    #[expect(
        clippy::disallowed_methods,
        reason = "this thread is none of the runtime's"
    )]
    fn wait_for_more_than(&self, beats: u64) {
        const NAP: Duration = Duration::from_millis(1);
        const NAPS: u32 = 2_000;
        let given_up = &self.heart.given_up;
        for nap in 0..NAPS {
            if self.beats() > beats || given_up.load(Ordering::Relaxed) {
                return;
            }
            // Most often the beat comes within microseconds.
            if nap < 100 {
                thread::yield_now();
            } else {
                thread::sleep(NAP);
            }
        }
        given_up.store(true, Ordering::Relaxed);
    }
}

/// Draws stages in their order, and what lies between them: `/\\` where the heart beat, `__` where not.
///
/// Two stages off the loop follow each other at once: whether there is a beat in between is luck, and the
/// line goes on as in the second of them.
#[must_use]
pub fn line(stages: &[Stage]) -> String {
    let draw = |beats: u64| if beats > 0 { "/\\" } else { "__" };
    let mut line = String::new();
    let mut before: Option<&Stage> = None;
    for stage in stages {
        line += match before {
            Some(before) if stage.on_loop => draw(stage.from.saturating_sub(before.to)),
            Some(_) => draw(stage.beats()),
            None => "",
        };
        line += draw(stage.beats());
        before = Some(stage);
    }
    line
}

/// What a [`line()`] shows of work called `name`, with what its signs mean, in two lines of at most 70 columns:
/// a name has up to 20, and of many stages the first are drawn.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use async_workbook::probes::heartbeat::{Heartbeat, drawing};
///
/// let heartbeat = Heartbeat::start();
/// let pieces: Vec<_> = (0..3).map(|_| heartbeat.stage(|| ()).1).collect();
/// assert_eq!(
///     drawing("checksum", &pieces),
///     "heart     /\\ it beat, __ it could not\n\
///      checksum  __________\n"
/// );
/// # });
/// ```
#[must_use]
pub fn drawing(name: &str, stages: &[Stage]) -> String {
    const MOST: usize = 12;
    let shown = &stages[..stages.len().min(MOST)];
    let more = if stages.len() > MOST { "…" } else { "" };
    let width = name.len().max("heart".len());
    format!(
        "{:width$}  /\\ it beat, __ it could not\n{name:width$}  {}{more}\n",
        "heart",
        line(shown)
    )
}

impl Heart {
    /// Beats until it is aborted.
    ///
    /// Not by `yield_now`, which waits until no other task is ready: one that makes itself ready over and
    /// over would keep the heart from beating, although it gives way each time. Woken like this, the heart
    /// stands behind all that is ready, and in front of all that becomes so later.
    async fn beat(self: Arc<Self>) {
        poll_fn::<(), _>(|context| {
            self.beats.fetch_add(1, Ordering::Relaxed);
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::{sync::oneshot, task::yield_now, time};

    use super::*;

    #[tokio::test]
    async fn the_heart_beats_only_when_others_give_way() {
        let heartbeat = Heartbeat::start();
        assert_eq!(heartbeat.beats(), 0, "nobody has given way yet");
        yield_now().await;
        let before = heartbeat.beats();
        assert!(before > 0);
        async {}.await;
        assert_eq!(heartbeat.beats(), before, "what is ready does not yield");
    }

    #[tokio::test]
    async fn a_stage_on_the_loop_has_no_beat() {
        let heartbeat = Heartbeat::start();
        yield_now().await;
        let (value, stage) = heartbeat.stage(|| 7);
        assert_eq!((value, stage.beats(), stage.on_loop), (7, 0, true));
        assert_eq!(stage.from, heartbeat.beats());
        assert_eq!(stage.thread, thread::current().id());
        assert_eq!(stage.place(), "the runtime's thread");
    }

    #[tokio::test]
    async fn a_line_shows_in_which_stages_the_heart_beat_and_between_which() {
        let heartbeat = Heartbeat::start();
        let mut stages = vec![heartbeat.stage(|| ()).1];
        assert_eq!(line(&stages), "__");
        stages.push(heartbeat.stage(|| ()).1);
        yield_now().await;
        stages.push(heartbeat.stage(|| ()).1);
        assert_eq!(line(&stages), "______/\\__");
        let job = task::spawn_blocking(move || [(), ()].map(|()| heartbeat.stage(|| ()).1));
        let elsewhere = job.await.expect("it does not panic");
        assert_eq!(line(&elsewhere), "/\\/\\/\\");
        assert_eq!(line(&[]), "");
    }

    #[tokio::test]
    async fn a_task_that_wakes_itself_lets_the_heart_beat_each_time() {
        let heartbeat = Heartbeat::start();
        let counted = heartbeat.clone();
        let task = tokio::spawn(async move {
            let mut seen = Vec::new();
            poll_fn(|context| {
                seen.push(counted.beats());
                context.waker().wake_by_ref();
                if seen.len() < 100 {
                    Poll::Pending
                } else {
                    Poll::Ready(())
                }
            })
            .await;
            seen
        });
        let seen = task.await.expect("it does not panic");
        assert!(seen.windows(2).all(|pair| pair[0] < pair[1]), "{seen:?}");
    }

    #[tokio::test]
    async fn a_stage_on_another_thread_lasts_until_there_is_a_beat() {
        let heartbeat = Heartbeat::start();
        let (sender, receiver) = oneshot::channel();
        let elsewhere = heartbeat.clone();
        let thread = thread::spawn(move || {
            let ((), stage) = elsewhere.stage(|| ());
            sender.send(stage).expect("the test waits for it");
        });
        let stage = receiver.await.expect("it does not panic");
        assert!(!stage.on_loop && stage.beats() > 0, "{stage:?}");
        assert_eq!(stage.task, None);
        assert_eq!(stage.place(), "another thread");
        thread.join().expect("it does not panic");
    }

    #[tokio::test]
    async fn a_stage_whose_thread_is_waited_for_on_the_loop_gives_up_once() {
        let heartbeat = Heartbeat::start();
        yield_now().await;
        for _ in 0..3 {
            let ((), stage) = thread::scope(|scope| {
                let thread = scope.spawn(|| heartbeat.stage(|| ()));
                thread.join().expect("it does not panic")
            });
            assert_eq!((stage.on_loop, stage.beats()), (false, 0));
        }
        assert!(heartbeat.heart.given_up.load(Ordering::Relaxed));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_runtime_with_several_threads_has_no_one_loop() {
        let heartbeat = Heartbeat::start();
        let elsewhere = heartbeat.clone();
        let stage = tokio::spawn(async move { elsewhere.stage(|| ()).1 });
        let stage = stage.await.expect("it does not panic");
        assert!(!stage.on_loop && stage.beats() > 0, "{stage:?}");
    }

    #[tokio::test]
    async fn the_last_handle_stops_the_heart() {
        let metrics = Handle::current().metrics();
        let heartbeat = Heartbeat::start();
        let clone = heartbeat.clone();
        yield_now().await;
        drop(heartbeat);
        yield_now().await;
        assert_eq!(metrics.num_alive_tasks(), 1, "a clone is left");
        drop(clone);
        yield_now().await;
        assert_eq!(metrics.num_alive_tasks(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_beating_heart_holds_a_paused_clock() {
        let heartbeat = Heartbeat::start();
        let slept = tokio::spawn(time::sleep(Duration::from_millis(1)));
        while heartbeat.beats() < 10_000 {
            yield_now().await;
        }
        assert!(!slept.is_finished());
        time::advance(Duration::from_millis(2)).await;
        slept.await.expect("it does not panic");
    }
}
