//! Builds and runs an answer, and turns whatever it does into verdicts.
//!
//! The stub, the reference solution, its alternatives and the known wrong answers all pass through
//! [`Grader::grade`], so that what the catalogue proves of the grader holds for the learner.
//!
//! A pass is proved: for each hidden test of a task, a process of its own must run exactly that test,
//! report it as content, print libtest's closing line, and end with status 0.

mod build;
pub(crate) mod drain;
pub(crate) mod group;
mod run;
mod state;

use std::{
    io, iter,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use async_workbook::verdict::Verdict;
pub use build::{Built, Cargo, build, forget_outer_cargo};
use futures::{Stream, StreamExt as _, future::try_join_all, stream};
pub use run::Limits;
pub use state::State;
use tokio::{fs, sync::Semaphore};

use crate::course::{Chapter, Course, Task};

/// A file to be graded.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The cargo test target whose root the file is.
    pub target: String,
    /// The file, from the folder of the workspace.
    pub file: PathBuf,
    /// The tasks that it is to fulfil.
    pub tasks: Vec<Task>,
}

/// What the grader found in one answer.
#[derive(Clone, Debug)]
pub struct Graded {
    /// The answer's file, from the folder of the workspace.
    pub file: PathBuf,
    /// The [`fingerprint()`] of the file as it was before cargo looked at it; `None` if it could not be read.
    pub fingerprint: Option<u32>,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of one answer.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The file cannot be graded, and why: it cannot be read, it does not compile, or the hidden tests are
    /// no part of it.
    File(Verdict),
    /// One grade a task, in the order of the tasks.
    Tasks(Vec<Grade>),
}

/// What the grader found of one task.
#[derive(Clone, Debug)]
pub struct Grade {
    /// The task's name.
    pub task: String,
    /// The verdict: that of its first hidden test that was not content.
    pub verdict: Verdict,
    /// What the code printed meanwhile.
    pub printed: String,
    /// Every verdict that differs from a pass, the first included. One at the most, unless
    /// [`Depth::EveryTest`] asks for all.
    pub faults: Vec<Verdict>,
}

impl Graded {
    /// Whether every task is passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        match &self.outcome {
            Outcome::File(_) => false,
            Outcome::Tasks(grades) => grades.iter().all(|grade| grade.verdict == Verdict::Passed),
        }
    }

    /// Why the file cannot be graded, if so.
    #[must_use]
    pub fn file_verdict(&self) -> Option<&Verdict> {
        match &self.outcome {
            Outcome::File(verdict) => Some(verdict),
            Outcome::Tasks(_) => None,
        }
    }

    /// The grades of the tasks; none if the file cannot be graded.
    #[must_use]
    pub fn grades(&self) -> &[Grade] {
        match &self.outcome {
            Outcome::File(_) => &[],
            Outcome::Tasks(grades) => grades,
        }
    }
}

impl Outcome {
    /// One hidden test that is no part of the program tells that none is: they all come with one line.
    fn of(mut grades: Vec<Grade>) -> Self {
        match grades.iter().position(|grade| grade.verdict.is_of_file()) {
            Some(at) => Self::File(grades.swap_remove(at).verdict),
            None => Self::Tasks(grades),
        }
    }
}

impl Answer {
    /// The learner's answer to a chapter.
    #[must_use]
    pub fn stub(chapter: &Chapter) -> Self {
        Self {
            target: chapter.slug.clone(),
            file: chapter.stub(),
            tasks: chapter.tasks.clone(),
        }
    }
}

/// How far to go once a task has failed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Depth {
    /// Up to the first fault of each task: what a learner needs.
    FirstFault,
    /// Through every hidden test: what the tests of the grader need.
    EveryTest,
}

/// Grades answers in one cargo workspace.
#[derive(Clone, Debug)]
pub struct Grader {
    /// How cargo is called.
    pub cargo: Cargo,
    /// What a running answer may use.
    pub limits: Limits,
    /// How far to go once a task has failed.
    pub depth: Depth,
}

impl Grader {
    /// Grades the stubs of `course`, for a learner.
    #[must_use]
    pub fn of_stubs(course: &Course) -> Self {
        Self {
            cargo: Cargo {
                workspace: course.root().to_owned(),
                package: "stubs".into(),
                target_dir: None,
                colour: false,
                ready: None,
            },
            limits: Limits::default(),
            depth: Depth::FirstFault,
        }
    }

    /// Builds `answers`, then runs them side by side, and yields what was found in their order. What
    /// is broken in one leaves the others whole.
    ///
    /// # Errors
    ///
    /// Not the fault of any answer: cargo could not be started, or did not come as far as compiling.
    ///
    /// # Cancel safety
    ///
    /// Dropping this, or the stream, stops cargo and every running answer.
    pub async fn grade<'a>(
        &'a self,
        answers: &'a [Answer],
    ) -> Result<impl Stream<Item = Result<Graded, GradeError>> + 'a, GradeError> {
        let mut read = Vec::with_capacity(answers.len());
        for answer in answers {
            read.push(readable(&self.cargo.workspace.join(&answer.file)).await);
        }
        let targets: Vec<&str> = iter::zip(answers, &read)
            .filter(|(_, read)| read.is_ok())
            .map(|(answer, _)| answer.target.as_str())
            .collect();
        let mut built = build(&self.cargo, &targets).await?;
        let processes = Arc::new(Semaphore::new(self.limits.processes.get()));
        let answers: Vec<_> = iter::zip(answers, read)
            .map(|(answer, read)| {
                let built = read.map(|fingerprint| (fingerprint, built.remove(&answer.target)));
                (answer, built)
            })
            .collect();
        // The semaphore bounds what runs. It is fair, so that the tasks of the first answer come first.
        let at_once = answers.len().max(1);
        Ok(stream::iter(answers)
            .map(move |(answer, built)| self.grade_one(answer, built, Arc::clone(&processes)))
            .buffered(at_once))
    }

    async fn grade_one(
        &self,
        answer: &Answer,
        built: Result<(u32, Option<Built>), String>,
        processes: Arc<Semaphore>,
    ) -> Result<Graded, GradeError> {
        let fingerprint = built.as_ref().ok().map(|&(fingerprint, _)| fingerprint);
        let outcome = match built.map(|(_, built)| built) {
            Err(cause) => Outcome::File(Verdict::Unreadable { cause }),
            Ok(Some(Built::Failed(error))) => Outcome::File(Verdict::DoesNotCompile {
                in_hidden_tests: error.in_hidden_tests,
                error: error.rendered,
            }),
            Ok(Some(Built::Executable(executable))) => {
                // Side by side, so that a task which hangs does not delay the others.
                let tasks = answer
                    .tasks
                    .iter()
                    .map(|task| self.run_task(task, &executable, &processes));
                Outcome::of(try_join_all(tasks).await?)
            }
            Ok(None) => return Err(GradeError::NotBuilt(answer.target.clone())),
        };
        Ok(Graded {
            file: answer.file.clone(),
            fingerprint,
            outcome,
        })
    }

    async fn run_task(
        &self,
        task: &Task,
        executable: &Path,
        processes: &Semaphore,
    ) -> Result<Grade, GradeError> {
        let mut grade = Grade {
            task: task.name.clone(),
            verdict: Verdict::Passed,
            printed: String::new(),
            faults: Vec::new(),
        };
        let _permit = processes.acquire().await.expect("nobody closes it");
        for test in &task.tests {
            let test = format!("hidden::{}::{test}", task.name);
            let run = run::run(executable, &self.cargo.workspace, &test, &self.limits)
                .await
                .map_err(|source| GradeError::Run {
                    executable: executable.to_owned(),
                    source,
                })?;
            if run.verdict == Verdict::Passed {
                continue;
            }
            if grade.faults.is_empty() {
                grade.verdict = run.verdict.clone();
                grade.printed = run.printed;
            }
            grade.faults.push(run.verdict);
            if self.depth == Depth::FirstFault {
                break;
            }
        }
        Ok(grade)
    }
}

/// Tells one content of a file from another.
#[must_use]
pub fn fingerprint(content: &[u8]) -> u32 {
    crc32fast::hash(content)
}

/// Looks at a file before cargo does, which would refuse the whole package for a missing one, and
/// returns its fingerprint.
async fn readable(file: &Path) -> Result<u32, String> {
    const LIMIT: u64 = 1 << 20;
    let not_readable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound if file.is_symlink() => "a link that leads nowhere".to_owned(),
        io::ErrorKind::NotFound => "missing".to_owned(),
        _ => format!("not readable ({error})"),
    };
    let data = fs::metadata(file).await.map_err(not_readable)?;
    if data.is_dir() {
        return Err("a folder, where a file should be".to_owned());
    }
    if !data.is_file() {
        return Err("no ordinary file".to_owned());
    }
    if data.len() > LIMIT {
        return Err("longer than 1 MiB".to_owned());
    }
    let bytes = fs::read(file).await.map_err(not_readable)?;
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
        format!("not UTF-8 text: the first byte that is none stands in line {line}")
    })?;
    if text.trim().is_empty() {
        return Err("empty".to_owned());
    }
    Ok(fingerprint(&bytes))
}

/// Why nothing could be graded. What an answer does wrong is a [`Verdict`], not an error.
#[derive(Debug, thiserror::Error)]
pub enum GradeError {
    /// Cargo could not be started.
    #[error(
        "cannot start {}: {source}; install Rust from https://rustup.rs, and open a new terminal",
        .program.display()
    )]
    NoCargo {
        /// The program that was tried.
        program: PathBuf,
        /// What the system says of it.
        source: io::Error,
    },
    /// Cargo failed before it came to the answers.
    #[error(
        "cargo could not build the exercises:\n{0}\ntype `cargo build -p stubs --tests` to see the whole of it"
    )]
    Cargo(String),
    /// Cargo was content, and yet left a target out.
    #[error(
        "cargo built no test `{0}`; `git checkout -- exercises/Cargo.toml` brings its entry back"
    )]
    NotBuilt(String),
    /// A built answer could not be started.
    #[error("cannot run {}: {source}; type `cargo clean`, then try again", .executable.display())]
    Run {
        /// The program that was tried.
        executable: PathBuf,
        /// What the system says of it.
        source: io::Error,
    },
}

/// How long a hidden test may run, unless the learner asks for more or less.
pub const DEFAULT_TIME_LIMIT: Duration = Duration::from_secs(10);
