//! The disk below a log: it ends appends when it is told to, and remembers them.

use std::{
    collections::HashMap,
    io::{self, ErrorKind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, ThreadId},
    time::Duration,
};

use tokio::{
    runtime::{self, Handle},
    sync::watch,
    task,
};

use super::LogFile;

/// A simulated disk with one log on it. Clones are the same disk.
#[derive(Clone, Debug)]
pub struct Disk(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// The thread of the `current_thread` runtime that the disk was made on.
    home: ThreadId,
    runtime: runtime::Id,
    record: Mutex<Record>,
    /// Rung when more appends may end.
    ended: Condvar,
    /// How many appends have begun.
    begun: watch::Sender<usize>,
}

#[derive(Debug, Default)]
struct Record {
    appends: Vec<Append>,
    /// How many appends may end.
    may_end: usize,
    /// What becomes of the appends that don't succeed, by number.
    plans: HashMap<usize, Plan>,
    /// Whether an append went on by itself because nobody ended it.
    lost_patience: bool,
}

#[derive(Clone, Copy, Debug)]
enum Plan {
    Fail(ErrorKind),
    Panic,
}

/// One call of [`LogFile::append`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Append {
    /// The lines that it was given.
    pub lines: Vec<String>,
    /// Where it ran.
    pub place: Place,
    /// The tokio task or blocking job that it ran in; `None` outside of any.
    pub task: Option<task::Id>,
    /// How many other appends were under way when it began.
    pub beside: usize,
    /// What it has come to, or `None` while it is under way.
    pub succeeded: Option<bool>,
}

/// The kind of thread that an append ran on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// The thread of the runtime itself, where it kept all tasks waiting.
    RuntimeThread,
    /// A thread of this runtime's blocking pool, in a job.
    BlockingPool,
    /// Any other thread.
    Elsewhere,
}

impl Place {
    /// `the runtime's thread`, `the blocking pool`, or `a thread of its own`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::RuntimeThread => "the runtime's thread",
            Self::BlockingPool => "the blocking pool",
            Self::Elsewhere => "a thread of its own",
        }
    }
}

impl Disk {
    /// A fast disk: it ends each append at once. The caller's thread is taken for the one that the `current_thread`
    /// runtime runs on.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    #[must_use]
    #[expect(
        clippy::new_without_default,
        reason = "a default must not depend on the runtime"
    )]
    pub fn new() -> Self {
        Self(Arc::new(Inner {
            home: thread::current().id(),
            runtime: Handle::current().id(),
            record: Mutex::new(Record {
                may_end: usize::MAX,
                ..Record::default()
            }),
            ended: Condvar::new(),
            begun: watch::Sender::new(0),
        }))
    }

    /// Has each append last until [`end`](Self::end) ends it. One on the runtime's own thread ends at once, since nobody
    /// could end it; and one that nobody has ended after three seconds or more gives up waiting, as do all later ones.
    #[must_use]
    pub fn slow(self) -> Self {
        self.record().may_end = 0;
        self
    }

    /// Refuses the lines of the append with this number, counted from 1.
    #[must_use]
    pub fn fails_at(self, number: usize, kind: ErrorKind) -> Self {
        self.record().plans.insert(number, Plan::Fail(kind));
        self
    }

    /// Has the append with this number panic.
    #[must_use]
    pub fn panics_at(self, number: usize) -> Self {
        self.record().plans.insert(number, Plan::Panic);
        self
    }

    /// The log on this disk.
    #[must_use]
    pub fn log_file(&self) -> LogFile {
        LogFile { disk: self.clone() }
    }

    /// Waits until so many appends have begun.
    ///
    /// # Cancel safety
    ///
    /// It may be dropped at any time.
    pub async fn begun(&self, appends: usize) {
        let mut begun = self.0.begun.subscribe();
        let enough = begun.wait_for(|&begun| begun >= appends).await;
        enough.expect("the sender is in the same disk");
    }

    /// Lets the first so many appends end, those that have yet to begin included.
    pub fn end(&self, appends: usize) {
        let mut record = self.record();
        record.may_end = record.may_end.max(appends);
        self.0.ended.notify_all();
    }

    /// Every append that was begun, in the order in which they began.
    #[must_use]
    pub fn appends(&self) -> Vec<Append> {
        self.record().appends.clone()
    }

    /// What is in the file, in the order in which the appends ended that wrote it: since one is under way at a time, that
    /// is the order in which they began.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let record = self.record();
        let written = record.appends.iter();
        let written = written.filter(|append| append.succeeded == Some(true));
        written.flat_map(|append| append.lines.clone()).collect()
    }

    /// Whether an append on another thread went on by itself, because nobody ended it: the runtime's thread stood still.
    #[must_use]
    pub fn lost_patience(&self) -> bool {
        self.record().lost_patience
    }

    pub(super) fn append(&self, lines: &[String]) -> io::Result<()> {
        let number = self.begin(lines);
        if self.place() != Place::RuntimeThread {
            self.wait_for_end(number);
        }
        let mut record = self.record();
        let plan = record.plans.get(&number).copied();
        record.appends[number - 1].succeeded = Some(plan.is_none());
        drop(record);
        match plan {
            None => Ok(()),
            Some(Plan::Fail(kind)) => Err(io::Error::new(kind, "the disk refuses the lines")),
            Some(Plan::Panic) => panic!("the log's library has a bug: append {number}"),
        }
    }

    /// Notes a new append, and returns its number.
    fn begin(&self, lines: &[String]) -> usize {
        let mut record = self.record();
        let appends = record.appends.iter();
        let beside = appends.filter(|append| append.succeeded.is_none()).count();
        record.appends.push(Append {
            lines: lines.to_vec(),
            place: self.place(),
            task: task::try_id(),
            beside,
            succeeded: None,
        });
        let number = record.appends.len();
        drop(record);
        self.0
            .begun
            .send_modify(|begun| *begun = number.max(*begun));
        number
    }

    fn place(&self) -> Place {
        if thread::current().id() == self.0.home {
            return Place::RuntimeThread;
        }
        let here = Handle::try_current().map(|runtime| runtime.id());
        if task::try_id().is_some() && here.is_ok_and(|here| here == self.0.runtime) {
            Place::BlockingPool
        } else {
            Place::Elsewhere
        }
    }

    /// Counts naps, not time: on a busy machine each nap takes longer, and so does the patience. It lasts longer than that of
    /// [`parked`](crate::probes::rest::parked), so a test can learn what runs beside an append before that goes on by itself.
    fn wait_for_end(&self, number: usize) {
        const NAP: Duration = Duration::from_millis(1);
        const NAPS: u32 = 3_000;
        let mut record = self.record();
        for _ in 0..NAPS {
            if record.may_end >= number || record.lost_patience {
                return;
            }
            let napped = self.0.ended.wait_timeout(record, NAP);
            record = napped.unwrap_or_else(PoisonError::into_inner).0;
        }
        record.lost_patience = true;
    }

    // The lock is held for a few assignments, and never while a thread waits; nothing is left half done by a panic.
    fn record(&self) -> MutexGuard<'_, Record> {
        self.0.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::task::spawn_blocking;

    use super::*;

    fn lines<const N: usize>(lines: [&str; N]) -> Vec<String> {
        lines.map(str::to_owned).to_vec()
    }

    #[tokio::test]
    async fn an_append_knows_where_it_ran() {
        let disk = Disk::new();
        let append = |log_file: LogFile| log_file.append(&lines(["a"]));
        append(disk.log_file()).expect("the disk has room");
        let log_file = disk.log_file();
        let task = tokio::spawn(async move { append(log_file) });
        task.await.expect("no panic").expect("the disk has room");
        let log_file = disk.log_file();
        let job = spawn_blocking(move || append(log_file));
        job.await.expect("no panic").expect("the disk has room");
        let (log_file, handle) = (disk.log_file(), Handle::current());
        let own = thread::spawn(move || {
            let _inside = handle.enter();
            append(log_file)
        });
        own.join().expect("no panic").expect("the disk has room");

        let appends = disk.appends();
        let shown: Vec<_> = appends
            .iter()
            .map(|append| (append.place, append.task.is_some()))
            .collect();
        let expected = [
            (Place::RuntimeThread, false),
            (Place::RuntimeThread, true),
            (Place::BlockingPool, true),
            (Place::Elsewhere, false),
        ];
        assert_eq!(shown, expected);
    }

    #[tokio::test]
    async fn a_slow_append_lasts_until_it_is_ended() {
        let disk = Disk::new().slow();
        let append = |text: &'static str| {
            let log_file = disk.log_file();
            spawn_blocking(move || log_file.append(&lines([text])))
        };
        let first = append("first");
        disk.begun(1).await;
        let second = append("second");
        disk.begun(2).await;
        let appends = disk.appends();
        assert_eq!((appends[0].beside, appends[1].beside), (0, 1));
        assert_eq!(disk.lines(), Vec::<String>::new());

        disk.end(1);
        first.await.expect("no panic").expect("the disk has room");
        assert_eq!(disk.lines(), ["first"]);
        assert!(!second.is_finished());
        disk.end(2);
        second.await.expect("no panic").expect("the disk has room");
        assert_eq!(disk.lines(), ["first", "second"]);
        assert!(!disk.lost_patience());
    }

    #[tokio::test]
    async fn an_append_on_the_runtimes_thread_waits_for_nobody() {
        let disk = Disk::new().slow();
        disk.log_file().append(&[]).expect("the disk has room");
        assert!(!disk.lost_patience());
    }

    #[tokio::test]
    async fn an_append_that_nobody_can_end_gives_up_waiting() {
        let disk = Disk::new().slow();
        let log_file = disk.log_file();
        let own = thread::spawn(move || log_file.append(&[]));
        own.join().expect("no panic").expect("the disk has room");
        assert!(disk.lost_patience());
    }

    #[tokio::test]
    async fn appends_fail_and_panic_as_planned_and_leave_nothing_in_the_file() {
        let disk = Disk::new().fails_at(1, ErrorKind::StorageFull).panics_at(2);
        let log_file = disk.log_file();
        let refused = log_file.append(&lines(["a"])).expect_err("it is planned");
        assert_eq!(refused.kind(), ErrorKind::StorageFull);
        let panics = spawn_blocking(move || log_file.append(&lines(["b"])));
        assert!(panics.await.is_err_and(|error| error.is_panic()));
        let last = disk.log_file();
        last.append(&lines(["c"])).expect("the disk has room");
        assert_eq!(disk.lines(), ["c"]);
        assert_eq!(disk.appends().len(), 3);
    }
}
