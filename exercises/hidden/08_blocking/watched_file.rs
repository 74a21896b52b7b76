//! Watches what an answer does to a file, on a runtime with one thread.

use std::{
    fs,
    future::poll_fn,
    io::{self, ErrorKind, Write as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    task::Poll,
    thread,
    time::{Duration, SystemTime},
};

use async_workbook::verdict::catch_panic_blocking;
use futures::future::join_all;
use tokio::runtime::Builder;
use tokio_util::task::AbortOnDropHandle;

use crate::{
    Answer,
    pool::{NAP, Pool},
};

/// What another program does with the file before any job is done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Meanwhile {
    /// Appends a line to a file that exists.
    Appends,
    /// Creates the missing file, with a line.
    Makes,
    /// Removes it, as log rotation does.
    Removes,
}

/// A way to a folder through a symbolic link. Following it reads the link, and the system records when. That shows an
/// answer that looked at a file without changing it. If the system records no such times, it shows nothing.
pub(crate) struct Link {
    path: PathBuf,
    made: Option<SystemTime>,
}

impl Link {
    #[cfg(target_os = "linux")]
    pub(crate) fn to(folder: &Path) -> Option<Self> {
        let path = folder.join("logs");
        std::os::unix::fs::symlink(".", &path).ok()?;
        // The system's times go forward in ticks of up to 10 ms.
        nap(30);
        let mut link = Self { path, made: None };
        link.made = link.read();
        Some(link)
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn to(_: &Path) -> Option<Self> {
        None
    }

    fn read(&self) -> Option<SystemTime> {
        fs::symlink_metadata(&self.path).ok()?.accessed().ok()
    }
}

#[cfg(target_os = "linux")]
#[expect(clippy::disallowed_methods, reason = "no runtime is driven yet")]
fn nap(naps: u32) {
    thread::sleep(naps * NAP);
}

/// Watches a file beside an answer.
struct Watch {
    path: PathBuf,
    /// A link that the answer must not have followed yet.
    link: Option<(PathBuf, Option<SystemTime>)>,
    pool: Arc<Pool>,
    /// What the file contained when no job was running, or `None` while one is.
    seen: Option<Option<Vec<u8>>>,
    /// How long a job may hold up the loop.
    naps: u32,
    /// Whether the file changed while no job was running.
    outside: bool,
    /// What another program does as soon as the loop comes round.
    meanwhile: Option<Meanwhile>,
    /// What the file held then.
    found: Option<Vec<u8>>,
}

impl Watch {
    fn new(path: &Path, link: Option<&Link>, meanwhile: Meanwhile, pool: &Arc<Pool>) -> Self {
        Self {
            path: path.to_owned(),
            link: link.map(|link| (link.path.clone(), link.made)),
            pool: Arc::clone(pool),
            seen: Some(contents(path)),
            naps: 100,
            outside: false,
            meanwhile: Some(meanwhile),
            found: contents(path),
        }
    }

    fn look(&mut self) {
        let seen = self.seen.as_ref();
        self.outside |= seen.is_some_and(|seen| *seen != contents(&self.path));
    }

    /// Does to the file what another program might.
    fn meddle(&self, meanwhile: Meanwhile) {
        const LINE: &str = "from another program\n";
        let changed = match (meanwhile, self.path.is_file()) {
            (Meanwhile::Appends, true) | (Meanwhile::Makes, false) => {
                let mut options = fs::OpenOptions::new();
                let file = options.append(true).create(true).open(&self.path);
                file.and_then(|mut file| file.write_all(LINE.as_bytes()))
            }
            (Meanwhile::Removes, true) => fs::remove_file(&self.path),
            _ => return,
        };
        changed.expect("the file is the test's own");
    }

    /// The loop has come round: jobs are done.
    fn turn(&mut self) {
        self.look();
        if let Some(meanwhile) = self.meanwhile.take() {
            let link = self.link.take();
            self.outside |=
                link.is_some_and(|(path, made)| Link { path, made: None }.read() != made);
            self.meddle(meanwhile);
            self.found = contents(&self.path);
        }
        self.pool.open();
        let none_left = self.pool.close(self.naps);
        self.seen = none_left.then(|| contents(&self.path));
        // A job that needs the loop will need it again.
        if !none_left {
            self.naps = 0;
        }
    }
}

/// What an answer did on a runtime with one thread.
pub(crate) struct Logged {
    pub(crate) outcome: io::Result<usize>,
    /// How many jobs the pool was given.
    pub(crate) jobs: usize,
    /// How many of them were not done when the function returned.
    pub(crate) under_way: usize,
    /// Whether a job was done while the runtime's thread stood still.
    pub(crate) kept: bool,
    /// Whether the file changed while the pool stood still.
    pub(crate) outside: bool,
    /// What the file contained just before any job was done.
    pub(crate) found: Option<Vec<u8>>,
    /// What the file contained when the function returned.
    pub(crate) at_return: Option<Vec<u8>>,
    /// What it contained when the pool had done everything.
    pub(crate) in_the_end: Option<Vec<u8>>,
}

/// Calls the answer once, and returns a panic as its message.
pub(crate) fn log_once(
    answer: &Answer,
    path: &Path,
    link: Option<&Link>,
    lines: &[&str],
    meanwhile: Meanwhile,
) -> Result<Logged, String> {
    let lines = lines.iter().map(|&line| line.to_owned()).collect();
    let pool = Arc::new(Pool::default());
    let watch = Watch::new(path, link, meanwhile, &pool);
    let name = path.file_name();
    let shown = link.zip(name).map(|(link, name)| link.path.join(name));
    let shown = shown.as_deref().unwrap_or(path);
    // On its own thread, since a thread that runs one runtime can't run another.
    let ended = thread::scope(|scope| {
        let thread = scope.spawn(|| run(answer, (path, shown), lines, pool, watch));
        thread.join()
    });
    ended.expect("the answer's panics are caught")
}

/// The answer gets one path to the file, and the test uses another.
fn run(
    answer: &Answer,
    (path, shown): (&Path, &Path),
    lines: Vec<String>,
    pool: Arc<Pool>,
    watch: Watch,
) -> Result<Logged, String> {
    let watch = Arc::new(Mutex::new(watch));
    let (begun, ended) = (Arc::clone(&pool), Arc::clone(&pool));
    let runtime = Builder::new_current_thread()
        .enable_all()
        .thread_keep_alive(Duration::ZERO)
        .on_thread_start(move || begun.enter())
        .on_thread_stop(move || ended.leave())
        .build()
        .expect("a runtime needs only file descriptors");
    let turns = {
        let watch = Arc::clone(&watch);
        poll_fn::<(), _>(move |context| {
            watch
                .lock()
                .expect("no thread panics while it holds the lock")
                .turn();
            // Not with `yield_now`, which waits until no other task is ready.
            context.waker().wake_by_ref();
            Poll::Pending
        })
    };
    let work = async {
        let turns = AbortOnDropHandle::new(tokio::spawn(turns));
        let outcome = (answer.append_log)(shown, lines).await;
        drop(turns);
        // Jobs that have returned their result end now. The gate lets no others in.
        pool.close(2_000);
        watch
            .lock()
            .expect("no thread panics while it holds the lock")
            .look();
        (outcome, contents(path), pool.lock().ended)
    };
    let returned = catch_panic_blocking(|| runtime.block_on(work));
    // Waits until every thread has ended, even those that have yet to begin.
    pool.open();
    runtime.shutdown_timeout(2_000 * NAP);
    let (outcome, at_return, ended) = returned?;
    let watch = watch
        .lock()
        .expect("no thread panics while it holds the lock");
    let threads = pool.lock();
    Ok(Logged {
        outcome,
        jobs: threads.begun,
        under_way: threads.begun - ended,
        kept: threads.impatient,
        outside: watch.outside,
        found: watch.found.clone(),
        at_return,
        in_the_end: contents(path),
    })
}

/// What the file contains, or `None` if it's missing or isn't a regular file: some devices can be read for ever.
fn contents(path: &Path) -> Option<Vec<u8>> {
    path.is_file().then(|| fs::read(path).ok()).flatten()
}

/// A test's own folder, which is removed at the end of the test.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = (0..)
            .map(|number| {
                std::env::temp_dir().join(format!("workbook-08-{}-{number}", std::process::id()))
            })
            .find(|folder| match fs::create_dir(folder) {
                Ok(()) => true,
                Err(error) if error.kind() == ErrorKind::AlreadyExists => false,
                Err(error) => panic!("cannot create {}: {error}", folder.display()),
            });
        Self(folder.expect("the numbers do not end"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // If it can't be removed, leave it to the system.
        drop(fs::remove_dir_all(&self.0));
    }
}

/// Makes this many calls of the answer at once, on an ordinary runtime, and returns how long the file is if it's too
/// short. Ignores calls that fail.
pub(crate) fn log_together(answer: &Answer, calls: usize) -> Option<Shorter> {
    let folder = Folder::new();
    let path = folder.0.join("access.log");
    let lines = |call| (0..300).map(move |line| format!("call {call}, line {line}"));
    let due = (0..calls).flat_map(lines).map(|line| line.len() as u64 + 1);
    let due = due.sum();
    let logging = || {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime needs only file descriptors");
        let calls = (0..calls).map(|call| (answer.append_log)(&path, lines(call).collect()));
        let outcomes = runtime.block_on(join_all(calls));
        outcomes.iter().all(Result::is_ok)
    };
    let all_done = thread::scope(|scope| scope.spawn(logging).join());
    let length = fs::metadata(&path).map_or(0, |metadata| metadata.len());
    (all_done.is_ok_and(|done| done) && length < due).then_some(Shorter { due, length })
}

/// How many bytes a file should have, and how many it has.
pub(crate) struct Shorter {
    pub(crate) due: u64,
    pub(crate) length: u64,
}
