//! Builds and runs an answer, and turns whatever it does into verdicts.
//!
//! The learner's file, the reference solution, its alternatives and the known wrong answers all pass through
//! [`Grader`], so that what the catalogue proves of the grader holds for the learner.
//!
//! A pass is proved: a process that was built from what is in the file now must report, in lines that begin with a secret
//! of this very run, that each hidden test of the task was content, and end with status 0.

mod answer_file;
mod build;
mod built_from;
mod cargo;
mod compilation;
mod compile_error;
mod compiler_limits;
mod diagnostics;
pub(crate) mod drain;
mod executable;
mod handed_in;
mod outer_cargo;
pub(crate) mod process_group;
mod recompile;
mod run;
mod scene;
mod sources;
mod span;
mod stage;
mod state;
mod stragglers;
mod untouched;

use std::{collections::HashMap, io, iter, path::PathBuf, pin::pin, sync::Arc};

pub use answer_file::AnswerFile;
use async_workbook::verdict::Verdict;
pub use build::Built;
pub use cargo::Cargo;
pub use compile_error::CompileError;
pub use compiler_limits::CompilerLimits;
pub use diagnostics::Diagnostics;
pub use executable::{Executable, ExecutableError};
use futures::{Stream, StreamExt as _, future::try_join_all, stream};
pub use handed_in::{Examiner, HandedIn};
pub use outer_cargo::forget_outer_cargo;
pub use recompile::Recompiler;
pub use run::{DEFAULT_TIME_LIMIT, Limits, Program};
pub use scene::{Pictures, Scene};
pub use sources::{Source, Sources, fingerprint_of};
pub use span::Span;
pub use stage::{Compiling, Stage, Stages};
pub use state::State;
use stragglers::Stragglers;
use tokio::sync::Semaphore;

use crate::course::{Course, Task};

/// What the grader found in one answer.
#[derive(Clone, Debug)]
pub struct Graded {
    /// The answer's file, from the folder of the workspace.
    pub file: PathBuf,
    /// The [`fingerprint_of`] its files as they were before cargo looked at them; `None` if they could not be read.
    pub fingerprint: Option<u32>,
    /// What was in them then; nothing, if they could not be read.
    pub sources: Sources,
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
    /// What the code printed meanwhile: in the test that the verdict is of, or else in the first in which it printed.
    pub printed: String,
    /// Where the verdict was found, if it isn't a pass.
    pub scene: Option<Scene>,
    /// What ran in the tests that were content.
    pub pictures: Pictures,
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
    /// What the compiler may use.
    pub compiler_limits: CompilerLimits,
    /// What a running answer may use.
    pub limits: Limits,
    /// How far to go once a task has failed.
    pub depth: Depth,
    /// How the compiler was called, for those who grade the same file again and again.
    pub recompiler: Option<Recompiler>,
}

impl Grader {
    /// Grades the stubs of `course`, for a learner.
    #[must_use]
    pub fn of_stubs(course: &Course) -> Self {
        Self {
            cargo: Cargo::new(course.root()),
            compiler_limits: CompilerLimits::default(),
            limits: Limits::default(),
            depth: Depth::FirstFault,
            recompiler: None,
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
        answers: &'a [AnswerFile],
    ) -> Result<impl Stream<Item = Result<Graded, GradeError>> + 'a, GradeError> {
        let mut read = Vec::with_capacity(answers.len());
        for answer in answers {
            read.push(answer.read(&self.cargo.workspace).await);
        }
        let readable = iter::zip(answers, &read).filter_map(|(file, read)| {
            let sources = read.as_ref().ok()?;
            Some(build::Answer { file, sources })
        });
        let readable: Vec<_> = readable.collect();
        let mut built = build::build(self, &readable).await?;
        self.cargo.stages.tell(Stage::Running);
        let processes = Arc::new(Semaphore::new(self.limits.processes.get()));
        let answers: Vec<_> = iter::zip(answers, read)
            .map(|(answer, read)| {
                let built = read.map(|sources| (sources, built.remove(&answer.target)));
                (answer, built)
            })
            .collect();
        // The semaphore bounds what runs. It is fair, so that the tasks of the first answer come first.
        let at_once = answers.len().max(1);
        Ok(stream::iter(answers)
            .map(move |(answer, built)| self.grade_file(answer, built, Arc::clone(&processes)))
            .buffered(at_once))
    }

    /// Builds and runs one answer.
    ///
    /// # Errors
    ///
    /// As those of [`grade`](Self::grade).
    ///
    /// # Cancel safety
    ///
    /// Dropping this stops cargo and the answer.
    pub async fn grade_one(&self, answer: AnswerFile) -> Result<Graded, GradeError> {
        let answers = [answer];
        let mut graded = pin!(self.grade(&answers).await?);
        let first = graded.next().await;
        first.unwrap_or_else(|| Err(GradeError::NotBuilt(answers[0].target.clone())))
    }

    /// Builds answers that can be read, without running them: by target, what became of each.
    ///
    /// # Errors
    ///
    /// As those of [`grade`](Self::grade).
    ///
    /// # Cancel safety
    ///
    /// Dropping this stops cargo.
    pub async fn build(
        &self,
        answers: &[AnswerFile],
    ) -> Result<HashMap<String, Built>, GradeError> {
        let mut read = Vec::with_capacity(answers.len());
        for file in answers {
            if let Ok(sources) = file.read(&self.cargo.workspace).await {
                read.push((file, sources));
            }
        }
        let readable: Vec<_> = read
            .iter()
            .map(|(file, sources)| build::Answer { file, sources })
            .collect();
        build::build(self, &readable).await
    }

    async fn grade_file(
        &self,
        answer: &AnswerFile,
        built: Result<(Sources, Option<Built>), String>,
        processes: Arc<Semaphore>,
    ) -> Result<Graded, GradeError> {
        let sources = built.as_ref().ok().map(|(sources, _)| sources.clone());
        let outcome = match built {
            Err(cause) => Outcome::File(Verdict::Unreadable { cause }),
            Ok((sources, Some(Built::Program(program)))) => {
                let program = Program::of_tests(program);
                let grades = self.grade_program(&program, &answer.tasks, &processes);
                let mut grades = grades.await?;
                if let Some(original) = answer.read_original(&self.cargo.workspace).await
                    && let Some(root) = sources.root()
                {
                    untouched::hold_back(&mut grades, answer, &root.text, &original);
                }
                Outcome::of(grades)
            }
            Ok((_, Some(Built::Failed(error)))) => Outcome::File(Verdict::DoesNotCompile {
                in_hidden_tests: error.in_last_line,
                error: error.text(),
            }),
            Ok((_, Some(Built::TooSlow(limit)))) => {
                Outcome::File(Verdict::CompiledTooLong { limit })
            }
            Ok((_, Some(Built::TooLarge(limit)))) => {
                Outcome::File(Verdict::CompilerOutOfMemory { limit })
            }
            Ok((_, None)) => return Err(GradeError::NotBuilt(answer.target.clone())),
        };
        Ok(Graded {
            file: answer.file.clone(),
            fingerprint: sources.as_ref().map(Sources::fingerprint),
            sources: sources.unwrap_or_default(),
            outcome,
        })
    }

    /// Runs the tasks of a program side by side, so that one which hangs does not delay the others, and as many at a time
    /// as there are permits.
    ///
    /// # Errors
    ///
    /// The program could not be run.
    ///
    /// # Cancel safety
    ///
    /// Dropping this ends the program.
    pub async fn grade_program(
        &self,
        program: &Program,
        tasks: &[Task],
        processes: &Semaphore,
    ) -> Result<Vec<Grade>, GradeError> {
        let stragglers = Stragglers::new();
        let graded = tasks
            .iter()
            .map(|task| self.grade_task(program, task, processes, &stragglers));
        let grades = try_join_all(graded).await?;
        stragglers.end().await;
        Ok(grades)
    }

    async fn grade_task(
        &self,
        program: &Program,
        task: &Task,
        processes: &Semaphore,
        stragglers: &Stragglers,
    ) -> Result<Grade, GradeError> {
        let mut grade = Grade {
            task: task.name.clone(),
            verdict: Verdict::Passed,
            printed: String::new(),
            scene: None,
            pictures: Pictures::default(),
            faults: Vec::new(),
        };
        let _permit = processes
            .acquire()
            .await
            .expect("take a permit of a semaphore that nobody closes");
        let mut first_test = 0;
        loop {
            let run = run::run(program, &task.name, first_test, self, stragglers);
            let run = run.await.map_err(|source| GradeError::Run {
                program: program.path.clone(),
                source,
            })?;
            for (test, judged) in (first_test..).zip(&run.judged) {
                if judged.verdict == Verdict::Passed {
                    grade.pictures.add(test, &judged.pictures);
                    if grade.faults.is_empty() && grade.printed.is_empty() {
                        grade.printed.clone_from(&judged.printed);
                    }
                    continue;
                }
                if grade.faults.is_empty() {
                    grade.verdict = judged.verdict.clone();
                    grade.printed.clone_from(&judged.printed);
                    grade.scene = Some(Scene {
                        test,
                        scenario: judged.scenario,
                    });
                }
                grade.faults.push(judged.verdict.clone());
            }
            first_test += run.judged.len();
            let is_over = run.tests.is_none_or(|tests| first_test >= tests);
            if is_over || (self.depth == Depth::FirstFault && !grade.faults.is_empty()) {
                return Ok(grade);
            }
        }
    }
}

/// Tells one content of a file from another.
#[must_use]
pub fn fingerprint(content: &[u8]) -> u32 {
    crc32fast::hash(content)
}

/// Why nothing could be graded. What an answer does wrong is a [`Verdict`], not an error.
#[derive(Debug, thiserror::Error)]
pub enum GradeError {
    /// Cargo could not be started.
    #[error(
        "cannot start {}: {source}; install Rust from https://rustup.rs, then open a new terminal",
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
        "cargo could not build the exercises:\n{0}\nrun `cargo build` to see whether the rest of the workbook builds"
    )]
    Cargo(String),
    /// There is no room on the disk for what cargo builds.
    #[error(
        "the disk is full, so cargo cannot build the exercises; free some space (`cargo clean` deletes everything \
         that it built), or set CARGO_TARGET_DIR to a folder on another disk"
    )]
    DiskFull,
    /// Cargo was content, and yet left a target out.
    #[error(
        "cargo did not build the test `{0}`; restore its manifest with `git checkout -- exercises/hidden`"
    )]
    NotBuilt(String),
    /// The file was saved anew each time that it was compiled.
    #[error("{} changed each time that it was compiled; when you are done, save it again", .0.display())]
    KeepsChanging(PathBuf),
    /// Cargo built everything, and yet did not say how it called the compiler.
    #[error(
        "cannot tell how cargo compiles {} in this clone; `git checkout -- {}` brings it back", .0.display(), .0.display()
    )]
    NotLearned(PathBuf),
    /// What answers are compiled with was changed while they were graded.
    #[error(
        "the hidden tests, or what they depend on, have changed since the first answer was compiled; start again"
    )]
    CourseChanged,
    /// What was handed in has no place to be compiled in.
    #[error("cannot write to {}: {source}; check its permissions", .folder.display())]
    Desk {
        /// The folder.
        folder: PathBuf,
        /// What the system says of it.
        source: io::Error,
    },
    /// What cargo compiled cannot be read or removed.
    #[error("cannot tell what {} was built from: {source}; run `cargo clean`, then try again", .program.display())]
    Compiled {
        /// The program.
        program: PathBuf,
        /// What the system says of it.
        source: io::Error,
    },
    /// A built answer could not be run.
    #[error("cannot run {}: {source}; run `cargo clean`, then try again", .program.display())]
    Run {
        /// The program that was tried.
        program: PathBuf,
        /// What the system says of it.
        source: io::Error,
    },
}

impl GradeError {
    /// What cargo's last words come to.
    fn of_cargo(said: &str) -> Self {
        if compile_error::is_full_disk(said) {
            return Self::DiskFull;
        }
        // Left out: which commands it ran, if it was asked to say so.
        let is_progress = |line: &&str| {
            let words = ["Running", "Fresh", "Dirty", "Compiling", "Blocking"];
            !words.iter().any(|word| line.trim_start().starts_with(word))
        };
        let said: Vec<&str> = said.lines().filter(is_progress).collect();
        Self::Cargo(said.join("\n").trim_end().to_owned())
    }
}
