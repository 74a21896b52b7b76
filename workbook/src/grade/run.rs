//! Runs one hidden test in a process of its own, and lets nothing it does get away.

use std::{
    io,
    num::NonZeroUsize,
    path::Path,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use async_workbook::{
    timeline::Timeline,
    verdict::{Examination, Orders, Verdict},
};
use process_wrap::tokio::CommandWrap;
use tokio::{fs, io::AsyncReadExt as _, time};

use super::{
    DEFAULT_TIME_LIMIT,
    drain::{Drain, GRACE},
    group::Group,
};

/// What a running answer may use.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long one hidden test may run, on the wall clock. A sound answer takes milliseconds.
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
            // The stacks of tokio's 512 blocking threads take 1 GiB of it, should anybody start them all.
            memory: 3 << 29,
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
    let mut group = spawn(executable, folder, test, &orders)?;
    let mut stdout = Drain::start(group.child.stdout().take());
    let mut stderr = Drain::start(group.child.stderr().take());
    let ending = tokio::select! {
        status = group.wait() => Ending::Exited(status?),
        // The process watches its own time, and can say what ran until then. This is for one that
        // does not come to it.
        () = time::sleep(limits.time + GRACE) => Ending::Stopped,
        () = stdout.exceeds(limits.output) => Ending::Stopped,
        () = stderr.exceeds(limits.output) => Ending::Stopped,
    };
    group.end().await?;
    let (stdout, stderr) = tokio::join!(stdout.finish(), stderr.finish());

    let examination = examination(&orders.report, test).await;
    let verdict = match ending {
        // A process that ends by itself just after it printed too much is judged like one that is
        // ended for it: by how much there was.
        _ if stdout.bytes.max(stderr.bytes) > limits.output => Verdict::PrintedTooMuch {
            limit: limits.output,
        },
        Ending::Exited(status) => Evidence {
            status,
            stdout: stdout.text(),
            stderr: stderr.text(),
            examination,
        }
        .verdict(limits),
        Ending::Stopped => match examination.and_then(|examination| examination.verdict) {
            Some(told @ Verdict::NeverReturned { .. }) => told,
            _ => Verdict::NeverReturned {
                limit: limits.time,
                timeline: Timeline::default(),
            },
        },
    };
    Ok(Run {
        printed: printed_by_answer(&stdout.text(), &stderr.text(), test),
        verdict,
    })
}

enum Ending {
    /// By itself.
    Exited(ExitStatus),
    /// By the grader, for its time or its output.
    Stopped,
}

fn spawn(executable: &Path, folder: &Path, test: &str, orders: &Orders) -> io::Result<Group> {
    let orders = orders.to_variable()?;
    let mut command = CommandWrap::with_new(executable, |command| {
        command
            .current_dir(folder)
            // What is printed passes through at once: libtest would keep it in memory, all of it. With
            // one thread, it would print the test's name first; with two, after what the test prints.
            .args(["--exact", test, "--nocapture", "--test-threads=2"])
            .arg("--color=never")
            .env(Orders::VARIABLE, orders)
            .env("RUST_BACKTRACE", "0")
            .env_remove("RUST_TEST_NOCAPTURE")
            .env_remove("RUST_TEST_SHUFFLE")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
    });
    Group::spawn(&mut command)
}

/// What the hidden test of this name reported.
async fn examination(report: &Path, test: &str) -> Option<Examination> {
    // The code under study can write there too; what no timeline comes near is not read.
    const LIMIT: u64 = 16 << 20;
    let mut json = Vec::new();
    let file = fs::File::open(report).await.ok()?;
    file.take(LIMIT).read_to_end(&mut json).await.ok()?;
    let examination: Examination = serde_json::from_slice(&json).ok()?;
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
        // Not always in one piece, nor at the end: a thread that was left behind may print as well.
        let ended_by_libtest = self.stdout.contains("test result: ");
        let one_passed = ended_by_libtest && self.stdout.contains("1 passed; 0 failed;");
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
