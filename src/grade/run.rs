//! Runs one hidden test in a process of its own, and lets nothing it does get away.

use std::{
    fs, future, io,
    num::NonZeroUsize,
    path::Path,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use process_wrap::tokio::{ChildWrapper, CommandWrap, KillOnDrop};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    sync::watch,
    time,
};
use tokio_util::task::AbortOnDropHandle;

use super::DEFAULT_TIME_LIMIT;
use crate::{
    timeline::Timeline,
    verdict::{Examination, Orders, Verdict},
};

/// What a running answer may use.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long one hidden test may run, on the wall's clock. A sound answer takes milliseconds.
    pub time: Duration,
    /// How many bytes it may print on each of its two outputs.
    pub output: u64,
    /// How many bytes of memory it may use, on platforms that can limit it.
    pub memory: u64,
    /// How many hidden tests run at the same time.
    pub processes: NonZeroUsize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: DEFAULT_TIME_LIMIT,
            output: 1 << 20,
            memory: 1 << 30,
            // More than there are tasks in a chapter, so that a task which hangs delays no other.
            processes: NonZeroUsize::new(4).expect("four is not zero"),
        }
    }
}

/// How one hidden test went.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) verdict: Verdict,
    /// What the code under study printed.
    pub(super) printed: String,
}

/// Runs the hidden test of this full name, and no other.
///
/// # Errors
///
/// The program could not be started, or the system refused to say how it ended.
///
/// # Cancel safety
///
/// Dropping this ends the program and everything it started.
pub(super) async fn run(
    executable: &Path,
    folder: &Path,
    test: &str,
    limits: &Limits,
) -> io::Result<Run> {
    let scratch = tempfile::Builder::new().prefix("workbook-").tempdir()?;
    let orders = Orders {
        report: scratch.path().join("report.json"),
        time_limit: limits.time,
        memory_limit: limits.memory,
    };
    let mut child = Group(spawn(executable, folder, test, &orders)?);

    let mut stdout = Drain::start(child.0.stdout().take());
    let mut stderr = Drain::start(child.0.stderr().take());
    let ending = tokio::select! {
        status = child.0.wait() => Ending::Exited(status?),
        // The process watches its own time, and can say what ran until then. This is for one that
        // does not come to it.
        () = time::sleep(limits.time + GRACE) => Ending::OutOfTime,
        () = stdout.exceeds(limits.output) => Ending::OutOfOutput,
        () = stderr.exceeds(limits.output) => Ending::OutOfOutput,
    };
    // Whatever the test started ends with it. Only then do the pipes close, whoever held them.
    child.end().await?;
    let (stdout, stderr) = tokio::join!(stdout.finish(), stderr.finish());

    let verdict = match ending {
        Ending::OutOfTime => Verdict::NeverReturned {
            limit: limits.time,
            timeline: Timeline::default(),
        },
        Ending::OutOfOutput => Verdict::PrintedTooMuch {
            limit: limits.output,
        },
        Ending::Exited(status) => Evidence {
            status,
            stdout: stdout.text(),
            stderr: stderr.text(),
            examination: examination(&orders.report, test),
        }
        .verdict(limits),
    };
    Ok(Run {
        printed: printed_by_answer(&stdout.text(), &stderr.text(), test),
        verdict,
    })
}

/// What is left to a process beyond its time, before it is ended from outside; and to a pipe, after
/// everybody known to hold it has ended.
const GRACE: Duration = Duration::from_secs(1);

enum Ending {
    Exited(ExitStatus),
    OutOfTime,
    OutOfOutput,
}

fn spawn(
    executable: &Path,
    folder: &Path,
    test: &str,
    orders: &Orders,
) -> io::Result<Box<dyn ChildWrapper>> {
    let mut command = CommandWrap::with_new(executable, |command| {
        command
            .current_dir(folder)
            // What is printed passes through at once: libtest would keep it in memory, all of it.
            .args(["--exact", test, "--nocapture", "--color=never"])
            .env(Orders::VARIABLE, orders.to_variable())
            .env("RUST_BACKTRACE", "0")
            .env_remove("RUST_TEST_NOCAPTURE")
            .env_remove("RUST_TEST_SHUFFLE")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
    });
    command.wrap(KillOnDrop);
    #[cfg(unix)]
    command.wrap(process_wrap::tokio::ProcessGroup::leader());
    #[cfg(windows)]
    command.wrap(process_wrap::tokio::JobObject);
    command.spawn()
}

/// A running test with everything it started, which end at the latest when this is dropped.
struct Group(Box<dyn ChildWrapper>);

impl Group {
    /// Ends whatever is left, and waits until it has.
    async fn end(&mut self) -> io::Result<()> {
        self.kill();
        self.0.wait().await.map(drop)
    }

    fn kill(&mut self) {
        // The only error is that nobody is left to be ended.
        drop(self.0.start_kill());
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Reads a pipe in a task of its own, which ends when this is dropped.
struct Drain {
    printed: watch::Receiver<Printed>,
    task: AbortOnDropHandle<()>,
}

impl Drain {
    fn start(pipe: Option<impl AsyncRead + Send + Unpin + 'static>) -> Self {
        let (sender, printed) = watch::channel(Printed::default());
        let task = AbortOnDropHandle::new(tokio::spawn(async move {
            let Some(mut pipe) = pipe else { return };
            let mut buffer = vec![0; 16 * 1024];
            // An error means that the other side is gone, as the end of the pipe does.
            while let Ok(bytes @ 1..) = pipe.read(&mut buffer).await {
                sender.send_modify(|printed| printed.keep(&buffer[..bytes]));
            }
        }));
        Self { printed, task }
    }

    /// Waits until more than `limit` bytes were printed; for ever if they never are.
    async fn exceeds(&mut self, limit: u64) {
        if self
            .printed
            .wait_for(|printed| printed.bytes > limit)
            .await
            .is_err()
        {
            future::pending().await
        }
    }

    /// What was printed until the pipe was closed.
    async fn finish(self) -> Printed {
        // A process that left the group may hold the pipe for as long as it likes. What it prints
        // from now on is no part of the answer; the task ends with the handle.
        drop(time::timeout(GRACE, self.task).await);
        self.printed.borrow().clone()
    }
}

/// What came through a pipe: the first bytes of it and the last.
#[derive(Clone, Debug, Default)]
struct Printed {
    head: Vec<u8>,
    tail: Vec<u8>,
    bytes: u64,
}

impl Printed {
    const HEAD: usize = 16 * 1024;
    const TAIL: usize = 16 * 1024;

    fn keep(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        let room = (Self::HEAD - self.head.len()).min(bytes.len());
        let (first, rest) = bytes.split_at(room);
        self.head.extend_from_slice(first);
        self.tail.extend_from_slice(rest);
        if self.tail.len() > 2 * Self::TAIL {
            self.tail.drain(..self.tail.len() - Self::TAIL);
        }
    }

    fn text(&self) -> String {
        let mut text = String::from_utf8_lossy(&self.head).into_owned();
        if self.bytes > (self.head.len() + self.tail.len()) as u64 {
            text.push_str("\n[…]\n");
        }
        text.push_str(&String::from_utf8_lossy(&self.tail));
        text
    }
}

/// What the hidden test of this name reported.
fn examination(report: &Path, test: &str) -> Option<Examination> {
    let examination: Examination = serde_json::from_slice(&fs::read(report).ok()?).ok()?;
    (examination.test == test).then_some(examination)
}

/// All that is known of a process that ended.
struct Evidence {
    status: ExitStatus,
    stdout: String,
    stderr: String,
    examination: Option<Examination>,
}

impl Evidence {
    /// A pass needs all of it: the test's own report, libtest's closing line, and exit status 0.
    fn verdict(self, limits: &Limits) -> Verdict {
        let closing = self
            .stdout
            .trim_end()
            .lines()
            .next_back()
            .unwrap_or_default();
        let one_passed = closing.starts_with("test result: ok. 1 passed; 0 failed;");
        let ended_by_libtest = closing.starts_with("test result: ");
        match self.examination.map(|examination| examination.verdict) {
            Some(Some(Verdict::Passed)) if self.status.success() && one_passed => Verdict::Passed,
            Some(Some(fault)) if fault != Verdict::Passed => fault,
            // libtest ran to its end without the test that was asked for.
            None if ended_by_libtest => Verdict::HiddenTestsMissing,
            // What the runtime says before it aborts is the only trace of these two.
            _ if self.stderr.contains("memory allocation of ") => Verdict::OutOfMemory {
                limit: limits.memory,
            },
            _ if self.stderr.contains("has overflowed its stack") => Verdict::StackOverflow,
            _ => Verdict::EndedEarly {
                how: self.status.to_string(),
            },
        }
    }
}

/// What is left of the output without libtest's own lines.
fn printed_by_answer(stdout: &str, stderr: &str, test: &str) -> String {
    let body = stdout
        .split_once("running 1 test\n")
        .map_or(stdout, |(_, body)| body);
    let body = body
        .rfind(&format!("test {test} ... "))
        .map_or(body, |end| &body[..end]);
    format!("{}\n{}", body.trim(), stderr.trim())
        .trim()
        .to_owned()
}
