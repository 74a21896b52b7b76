//! Runs the hidden tests of one task in a process, and lets nothing it does get away.

use std::{
    fs::File,
    hash::{BuildHasher as _, RandomState},
    io::{self, Read as _, Seek as _},
    iter,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use async_workbook::{
    harness::{Event, Request, read_events},
    timeline::Timeline,
    verdict::{Picture, Verdict},
};
use process_wrap::tokio::CommandWrap;
use tempfile::NamedTempFile;
use tokio::{io::AsyncWriteExt as _, task::spawn_blocking, time};

use super::{
    Depth, Grader,
    cargo::Cargo,
    drain::{Drain, GRACE},
    process_group::ProcessGroup,
    stragglers::Stragglers,
};

/// How long a hidden test may run, unless the learner asks for more or less.
pub const DEFAULT_TIME_LIMIT: Duration = Duration::from_secs(10);

/// What a running answer may use.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long one hidden test may run, on the wall clock. A sound answer takes milliseconds.
    pub time: Duration,
    /// How many bytes it may print on each of its two outputs.
    pub output: u64,
    /// How many bytes of memory it may use, on platforms that can limit it.
    pub memory: u64,
    /// How many tasks run at the same time.
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
            processes: NonZeroUsize::new(4).expect("take four for more than zero"),
        }
    }
}

/// A program that runs the hidden tests of a task, and how it is told which task.
#[derive(Clone, Debug)]
pub struct Program {
    /// The program.
    pub path: PathBuf,
    /// What comes before the task's name in its arguments.
    pub arguments: Vec<String>,
    /// What comes right before the task's name in one argument with it.
    pub prefix: &'static str,
}

impl Program {
    /// A test program of cargo's, with a `#[test]` for each task.
    #[must_use]
    pub fn of_tests(path: PathBuf) -> Self {
        // What is printed passes through at once: libtest would keep it in memory, all of it. With one thread, it would
        // print the test's name first; with two, after what the test prints.
        let arguments = [
            "--nocapture",
            "--test-threads=2",
            "--color=never",
            "--exact",
        ];
        Self {
            path,
            arguments: arguments.map(str::to_owned).to_vec(),
            prefix: "hidden::",
        }
    }

    fn test(&self, task: &str) -> String {
        format!("{}{task}", self.prefix)
    }
}

/// How one process went.
#[derive(Debug, Default)]
pub(super) struct Run {
    /// What is known of each hidden test that was run, from the first one that was asked for.
    pub(super) judged: Vec<Judged>,
    /// How many hidden tests the task has; `None` if the program does not know the task.
    pub(super) tests: Option<usize>,
}

/// What is known of a hidden test that was run.
#[derive(Debug)]
pub(super) struct Judged {
    /// What was found.
    pub(super) verdict: Verdict,
    /// In which scenario of the test.
    pub(super) scenario: usize,
    /// What ran in each scenario, if the test was content.
    pub(super) pictures: Vec<Picture>,
    /// What the code under study printed meanwhile.
    pub(super) printed: String,
}

impl Judged {
    /// What is found without anything that the test says.
    fn unheard(verdict: Verdict) -> Self {
        Self {
            verdict,
            scenario: 0,
            pictures: Vec::new(),
            printed: String::new(),
        }
    }
}

/// Runs the hidden tests of a task from this one on, until one of them is not content or the process ends.
///
/// # Errors
///
/// The program could not be started, or the system refused to say how it ended.
///
/// # Cancel safety
///
/// Dropping this ends the program and its process group. What got away from both is left to `stragglers`.
pub(super) async fn run(
    program: &Program,
    task: &str,
    first_test: usize,
    grader: &Grader,
    stragglers: &Stragglers,
) -> io::Result<Run> {
    let Grader {
        limits,
        cargo,
        depth,
        ..
    } = grader;
    let report = Report::create(&program.path)?;
    let mark = format!("\u{1}{}\u{1}", secret());
    let request = Request {
        proof: report.proof.clone(),
        mark: mark.clone(),
        report: report.file.path().to_owned(),
        first_test,
        every_test: *depth == Depth::EveryTest,
        time_limit: limits.time,
        memory_limit: limits.memory,
    };
    let mut group = spawn(program, task, cargo, stragglers)?;
    if let Some(mut stdin) = group.child.stdin().take() {
        // A program that does not read has ended, or is no program of ours: its report says so.
        let request = serde_json::to_vec(&request).map_err(io::Error::other)?;
        drop(stdin.write_all(&request).await);
    }
    let mut stdout = Drain::start(group.child.stdout().take());
    let mut stderr = Drain::start(group.child.stderr().take());
    let ending = tokio::select! {
        status = group.wait() => Ending::Exited(status?),
        // The process watches the time of each test, and can say what ran until then. This is for one that does not come
        // to it.
        () = report.stands_still(limits.time + GRACE) => Ending::Stopped,
        () = stdout.exceeds(limits.output) => Ending::Stopped,
        () = stderr.exceeds(limits.output) => Ending::Stopped,
    };
    group.end().await?;
    let (stdout, stderr) = tokio::join!(stdout.finish(), stderr.finish());

    let printed_too_much = stdout.bytes.max(stderr.bytes) > limits.output;
    let (stdout, stderr) = (stdout.text(), stderr.text());
    let events = spawn_blocking(move || report.events());
    let evidence = Evidence {
        ending,
        printed_too_much,
        stderr: &stderr,
        events: events.await.unwrap_or_default(),
        limits,
    };
    let mut judged = evidence.judged(first_test);
    let printed = printed_by_answer(&stdout, &stderr, &mark, &program.test(task));
    // Of what was cut for its length, it is known only what was printed last.
    let known = if printed.len() == judged.len() {
        printed.len()
    } else {
        1
    };
    for (judged, printed) in iter::zip(judged.iter_mut().rev(), printed).take(known) {
        judged.printed = printed;
    }
    Ok(Run {
        tests: evidence.tests(),
        judged,
    })
}

enum Ending {
    /// By itself.
    Exited(ExitStatus),
    /// By the grader, for its time or its output.
    Stopped,
}

fn spawn(
    program: &Program,
    task: &str,
    cargo: &Cargo,
    stragglers: &Stragglers,
) -> io::Result<ProcessGroup> {
    let mut command = std::process::Command::new(&program.path);
    command
        .current_dir(&cargo.workspace)
        .args(&program.arguments)
        .arg(program.test(task))
        .env(Request::VARIABLE, stragglers.mark())
        .env("RUST_BACKTRACE", "0")
        .env_remove("RUST_TEST_NOCAPTURE")
        .env_remove("RUST_TEST_SHUFFLE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    cargo.provide_temporary_folder(&mut command);
    ProcessGroup::spawn(CommandWrap::from(tokio::process::Command::from(command)))
}

/// Letters and digits that nobody can guess.
pub(super) fn secret() -> String {
    // The keys of the standard library's hash maps are random, and do not show in what they hash.
    let random = RandomState::new();
    format!("{:016x}{:016x}", random.hash_one(0), random.hash_one(1))
}

/// The file in which a process reports.
struct Report {
    // Open here as well as there: to remove the file or its folder takes nothing away.
    file: NamedTempFile,
    proof: String,
}

impl Report {
    /// Beside the program, where there was room a moment ago.
    fn create(program: &Path) -> io::Result<Self> {
        let folder = program.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::Builder::new();
        file.prefix("report-").suffix(".jsonl");
        Ok(Self {
            file: file.tempfile_in(folder)?,
            proof: secret(),
        })
    }

    /// Waits until nothing was added for this long.
    async fn stands_still(&self, limit: Duration) {
        let length = || self.file.as_file().metadata().map_or(0, |data| data.len());
        let mut known = length();
        loop {
            time::sleep(limit).await;
            let now = length();
            if now == known {
                return;
            }
            known = now;
        }
    }

    fn events(self) -> Vec<Event> {
        // The code under study can write there too; what no timeline comes near is not read.
        const LIMIT: u64 = 64 << 20;
        let mut report = Vec::new();
        let mut read = |mut file: &File| {
            file.rewind()?;
            file.take(LIMIT).read_to_end(&mut report)
        };
        // What cannot be read proves nothing.
        drop(read(self.file.as_file()));
        read_events(&report, &self.proof)
    }
}

/// All that is known of a process that ended.
struct Evidence<'a> {
    ending: Ending,
    printed_too_much: bool,
    stderr: &'a str,
    events: Vec<Event>,
    limits: &'a Limits,
}

impl Evidence<'_> {
    /// How many hidden tests the task has, if the process came so far as to say it.
    fn tests(&self) -> Option<usize> {
        self.events.iter().find_map(|event| match event {
            Event::Started { tests } => Some(*tests),
            _ => None,
        })
    }

    /// What is known of each test that was begun. The last one passed only if the process ended well.
    fn judged(&self, first_test: usize) -> Vec<Judged> {
        let mut judged: Vec<Judged> = Vec::new();
        let mut begun = 0;
        for event in &self.events {
            match event {
                Event::Begun { test } if *test == first_test + judged.len() => {
                    begun = judged.len() + 1
                }
                Event::Judged {
                    test,
                    verdict,
                    scenario,
                    pictures,
                } if *test == first_test + judged.len() && begun > judged.len() => {
                    judged.push(Judged {
                        verdict: verdict.clone(),
                        scenario: *scenario,
                        pictures: pictures.clone(),
                        printed: String::new(),
                    });
                }
                _ => {}
            }
        }
        if begun > judged.len() || self.tests().is_none() {
            judged.push(Judged::unheard(self.unfinished()));
        } else if judged
            .iter()
            .all(|judged| judged.verdict == Verdict::Passed)
            && !self.ended_well()
            && let Some(last) = judged.last_mut()
        {
            // With a test that was not content, the process ends otherwise than well by design.
            *last = Judged::unheard(self.unfinished());
        }
        judged
    }

    fn ended_well(&self) -> bool {
        !self.printed_too_much && matches!(self.ending, Ending::Exited(status) if status.success())
    }

    /// What is said of a test that did not come to its end.
    fn unfinished(&self) -> Verdict {
        if self.printed_too_much {
            return Verdict::PrintedTooMuch {
                limit: self.limits.output,
            };
        }
        let Ending::Exited(status) = self.ending else {
            return Verdict::NeverReturned {
                limit: self.limits.time,
                timeline: Timeline::default(),
            };
        };
        // What the runtime says before it aborts is the only trace of these.
        let said = |words: &str| self.stderr.contains(words);
        if said("memory allocation of ") {
            Verdict::OutOfMemory {
                limit: self.limits.memory,
            }
        } else if said("has overflowed its stack") {
            Verdict::StackOverflow
        } else if said("panic in a destructor during cleanup")
            || said("thread panicked while processing panic")
        {
            Verdict::PanickedTwice
        } else if self.tests().is_none() && matches!(status.code(), Some(0 | 101)) {
            // libtest came to its end, with a test of another's or with none.
            Verdict::HiddenTestsMissing
        } else {
            Verdict::EndedEarly {
                how: status.to_string(),
            }
        }
    }
}

/// What the answer printed in each hidden test that was begun, the last one first, without libtest's own lines. If no
/// test was begun, all of it is one test's.
fn printed_by_answer(stdout: &str, stderr: &str, mark: &str, test: &str) -> Vec<String> {
    let (_, stdout) = stdout
        .split_once("running 1 test\n")
        .unwrap_or(("", stdout));
    let end = stdout.rfind(&format!("test {test} ... "));
    let stdout = &stdout[..end.unwrap_or(stdout.len())];
    let tests = stdout
        .matches(mark)
        .count()
        .max(stderr.matches(mark).count());
    // What comes before the first mark was printed before any hidden test began.
    let (mut stdout, mut stderr) = (stdout.rsplit(mark), stderr.rsplit(mark));
    (0..tests.max(1))
        .map(|_| {
            let (out, err) = (stdout.next(), stderr.next());
            let (out, err) = (out.unwrap_or_default(), err.unwrap_or_default());
            format!("{}\n{}", out.trim(), err.trim()).trim().to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_belongs_to_the_test_that_runs() {
        let stdout = "\nrunning 1 test\nM1one\nM1two\ntest hidden::t ... ok\n\ntest result: ok";
        let stderr = "M1M1to stderr\n";
        assert_eq!(
            printed_by_answer(stdout, stderr, "M1", "hidden::t"),
            ["two\nto stderr", "one"]
        );
        let early = printed_by_answer("", "before all", "M1", "hidden::t");
        assert_eq!(early, ["before all"]);
    }
}
