//! What an answer does to a file, on a runtime with one thread, watched from beside it.

use std::{
    fs,
    future::poll_fn,
    io::{self, ErrorKind, Write as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    task::Poll,
    thread,
    time::Duration,
};

use async_workbook::verdict::catch_panic_blocking;
use tokio::runtime::Builder;
use tokio_util::task::AbortOnDropHandle;

use crate::{
    Answer,
    pool::{NAP, Pool},
};

/// The watch on a file beside an answer.
struct Watch {
    path: PathBuf,
    pool: Arc<Pool>,
    /// What the file held when no job was in; `None` while one is.
    seen: Option<Option<Vec<u8>>>,
    /// How long a job may keep the loop.
    naps: u32,
    /// Whether the file changed while no job was in.
    outside: bool,
    /// What another program has appended, as soon as the loop came round; `None` before that.
    meanwhile: Option<&'static str>,
}

impl Watch {
    fn new(path: &Path, pool: &Arc<Pool>) -> Self {
        Self {
            path: path.to_owned(),
            pool: Arc::clone(pool),
            seen: Some(contents(path)),
            naps: 100,
            outside: false,
            meanwhile: None,
        }
    }

    fn look(&mut self) {
        let seen = self.seen.as_ref();
        self.outside |= seen.is_some_and(|seen| *seen != contents(&self.path));
    }

    /// Appends what another program might, to a file that is there.
    fn append_meanwhile(&self) -> &'static str {
        const LINE: &str = "from another program\n";
        if !self.path.is_file() {
            return "";
        }
        let mut file = fs::OpenOptions::new()
            .append(true)
            .open(&self.path)
            .expect("the file is the test's own");
        file.write_all(LINE.as_bytes())
            .expect("the disk is not full");
        LINE
    }

    /// The loop has come round: jobs are done.
    fn turn(&mut self) {
        self.look();
        if self.meanwhile.is_none() {
            self.meanwhile = Some(self.append_meanwhile());
        }
        self.pool.open();
        let none_left = self.pool.close(self.naps);
        self.seen = none_left.then(|| contents(&self.path));
        // One that needs the loop will do so again.
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
    /// What another program has appended before any job was done.
    pub(crate) meanwhile: &'static str,
    /// What the file held when the function returned.
    pub(crate) at_return: Option<Vec<u8>>,
    /// What it held when the pool had done everything.
    pub(crate) in_the_end: Option<Vec<u8>>,
}

/// Calls the answer once; a panic is returned as its message.
pub(crate) fn log_once(answer: &Answer, path: &Path, lines: &[&str]) -> Result<Logged, String> {
    let lines = lines.iter().map(|&line| line.to_owned()).collect();
    // A thread of its own, since a runtime cannot be run by a thread that runs one already.
    let ended = thread::scope(|scope| scope.spawn(|| run(answer, path, lines)).join());
    ended.expect("a panic of the answer's is caught")
}

fn run(answer: &Answer, path: &Path, lines: Vec<String>) -> Result<Logged, String> {
    let pool = Arc::new(Pool::default());
    let watch = Arc::new(Mutex::new(Watch::new(path, &pool)));
    let (begun, ended) = (Arc::clone(&pool), Arc::clone(&pool));
    let runtime = Builder::new_current_thread()
        .enable_all()
        .thread_keep_alive(Duration::ZERO)
        .on_thread_start(move || begun.enter())
        .on_thread_stop(move || ended.leave())
        .build()
        .expect("a runtime needs nothing but file descriptors");
    let turns = {
        let watch = Arc::clone(&watch);
        poll_fn::<(), _>(move |context| {
            watch.lock().expect("nobody panics with it").turn();
            // Not by `yield_now`, which waits until no other task is ready.
            context.waker().wake_by_ref();
            Poll::Pending
        })
    };
    let work = async {
        let turns = AbortOnDropHandle::new(tokio::spawn(turns));
        let outcome = (answer.append_log)(path, lines).await;
        drop(turns);
        // Those that have given their result end now. No other is let in.
        pool.close(2_000);
        watch.lock().expect("nobody panics with it").look();
        (outcome, contents(path), pool.lock().ended)
    };
    let returned = catch_panic_blocking(|| runtime.block_on(work));
    // Waits until every thread has ended, those included that have yet to begin.
    pool.open();
    runtime.shutdown_timeout(2_000 * NAP);
    let (outcome, at_return, ended) = returned?;
    let watch = watch.lock().expect("nobody panics with it");
    let threads = pool.lock();
    Ok(Logged {
        outcome,
        jobs: threads.begun,
        under_way: threads.begun - ended,
        kept: threads.impatient,
        outside: watch.outside,
        meanwhile: watch.meanwhile.unwrap_or_default(),
        at_return,
        in_the_end: contents(path),
    })
}

/// What the file holds; `None` if there is none, or no ordinary one: some devices can be read for ever.
fn contents(path: &Path) -> Option<Vec<u8>> {
    path.is_file().then(|| fs::read(path).ok()).flatten()
}

/// A folder of a test's own, which goes when the test does.
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
                Err(error) => panic!("cannot make {}: {error}", folder.display()),
            });
        Self(folder.expect("the numbers do not end"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is left to the system.
        drop(fs::remove_dir_all(&self.0));
    }
}
