//! Has answers compiled, and sorts what the compiler says by answer.
//!
//! Cargo compiles them. While somebody works on one file, where nothing but this file has changed since cargo last
//! compiled it, [`Recompiler`](super::recompile::Recompiler) calls the compiler as cargo did.

use std::{
    collections::{HashMap, HashSet},
    io,
    path::PathBuf,
    time::Duration,
};

use cargo_metadata::{Artifact, CompilerMessage, Message, Target, TargetKind};
use tokio::sync::watch;

use super::{
    AnswerFile, GradeError, Grader, Sources,
    built_from::BuiltFrom,
    cargo::Cargo,
    compilation::Compilation,
    compile_error::{CompileError, is_error, is_full_disk, is_summary, is_warning_at_heart},
    compiler_limits::Exceeded,
    stage::{Compiling, Stage},
};

/// A file to be built.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer<'a> {
    pub(super) file: &'a AnswerFile,
    /// What was in it, and in those that are modules of it, a moment ago.
    pub(super) sources: &'a Sources,
}

/// What became of one answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Built {
    /// The program to run.
    Program(PathBuf),
    /// It does not compile.
    Failed(CompileError),
    /// The compiler did not come to an end with it in time.
    TooSlow(Duration),
    /// The compiler wanted more than this many bytes of memory for it.
    TooLarge(u64),
}

/// Builds each answer from what is in its file now, going past those that do not compile.
///
/// # Errors
///
/// Cargo could not be started, or failed without the fault of any answer.
///
/// # Cancel safety
///
/// Dropping this stops cargo.
pub(super) async fn build(
    grader: &Grader,
    answers: &[Answer<'_>],
) -> Result<HashMap<String, Built>, GradeError> {
    // Twice is enough for a program that cargo takes for current; more often, a file is saved meanwhile.
    const ATTEMPTS: usize = 4;
    let mut built = HashMap::new();
    let mut open = answers.to_vec();
    for _ in 0..ATTEMPTS {
        let mut again = Vec::new();
        for (answer, outcome) in build_once(grader, &open).await? {
            match outcome {
                Some(built_now) => drop(built.insert(answer.file.target.clone(), built_now)),
                None => again.push(answer),
            }
        }
        open = again;
        if open.is_empty() {
            return Ok(built);
        }
    }
    Err(GradeError::KeepsChanging(open[0].file.file.clone()))
}

/// Builds each answer; `None` for one that was built from something else than is in its file.
async fn build_once<'a>(
    grader: &Grader,
    answers: &[Answer<'a>],
) -> Result<Vec<(Answer<'a>, Option<Built>)>, GradeError> {
    let (cargo, limits) = (&grader.cargo, grader.compiler_limits);
    if let ([answer], Some(recompiler)) = (answers, &grader.recompiler)
        && recompiler.knows(&answer.file.target)
    {
        let name = answer.file.target.clone();
        cargo.stages.tell(Stage::Compiling(Compiling {
            name,
            done: 0,
            all: 1,
        }));
        if let Some(built) = recompiler.compile(cargo, limits, answer.file).await {
            let now = answer.file.read(&cargo.workspace).await;
            let is_current = now.is_ok_and(|now| now == *answer.sources);
            return Ok(vec![(*answer, is_current.then_some(built))]);
        }
    }
    if answers.is_empty() {
        return Ok(Vec::new());
    }
    let mut outcomes = call_cargo(grader, answers).await?;
    let mut all = Vec::new();
    for &answer in answers {
        let outcome = match outcomes.remove(&answer.file.target) {
            Some(Outcome::Refused) => call_cargo_without_lints(grader, answer).await?,
            outcome => outcome,
        };
        match outcome {
            Some(Outcome::Program { program, fresh }) => {
                let current = is_of_its_source(cargo, answer, &program, fresh)?;
                all.push((answer, current.then_some(Built::Program(program))));
            }
            Some(Outcome::Built(built)) => all.push((answer, Some(built))),
            Some(Outcome::Refused) | None => {
                return Err(GradeError::NotBuilt(answer.file.target.clone()));
            }
        }
    }
    Ok(all)
}

/// Whether a program was built from what is in the answer's file now; if not, sees to it that it is built anew.
fn is_of_its_source(
    cargo: &Cargo,
    answer: Answer<'_>,
    program: &PathBuf,
    fresh: bool,
) -> Result<bool, GradeError> {
    let root = cargo.workspace.join(&answer.file.file);
    let checksums = answer.sources.checksums();
    // A file that is a module of no other is no part of the program.
    let had = |built_from: &BuiltFrom| {
        built_from.names(&root)
            && checksums
                .iter()
                .all(|(file, checksum)| built_from.had_only(&cargo.workspace.join(file), *checksum))
    };
    let unreadable = |source| GradeError::Compiled {
        program: program.clone(),
        source,
    };
    let built_from = if fresh {
        BuiltFrom::of(program)
    } else {
        let built_from = BuiltFrom::read(program, &cargo.workspace).map_err(unreadable)?;
        built_from.keep(program);
        Some(built_from)
    };
    let is_current =
        built_from.is_some_and(|built_from| had(&built_from) && built_from.is_current());
    if !is_current {
        // Cargo builds what is not there, whatever the times of the files say.
        std::fs::remove_file(program).map_err(unreadable)?;
    }
    Ok(is_current)
}

/// What cargo says of one answer.
enum Outcome {
    Program {
        program: PathBuf,
        /// Whether it was there already.
        fresh: bool,
    },
    /// It has nothing but warnings, which somebody's settings turn into errors.
    Refused,
    Built(Built),
}

async fn call_cargo(
    grader: &Grader,
    answers: &[Answer<'_>],
) -> Result<HashMap<String, Outcome>, GradeError> {
    let mut command = grader.cargo.command();
    command.args(["build", "--keep-going"]);
    for Answer { file, .. } in answers {
        command.args(["--package", &file.package, "--test", &file.target]);
    }
    let said = run(grader, command, answers, &[]).await?;
    let mut outcomes = said.outcomes;
    match said.exceeded {
        Some(exceeded) if answers.len() == 1 => {
            let outcome = Outcome::Built(exceeded.into_built());
            outcomes.insert(answers[0].file.target.clone(), outcome);
        }
        // Which of several answers it is that keeps the compiler shows when each is built alone.
        Some(_) => {
            for answer in answers {
                if !outcomes.contains_key(&answer.file.target) {
                    outcomes.extend(Box::pin(call_cargo(grader, &[*answer])).await?);
                }
            }
        }
        None if !said.success && !outcomes.values().any(Outcome::is_failure) => {
            return Err(GradeError::of_cargo(&said.stderr));
        }
        None => {}
    }
    Ok(outcomes)
}

/// Builds an answer as the workbook's own settings ask for, whatever lints the environment asks for besides
/// (`RUSTFLAGS=-D warnings`, say), and without having what it depends on compiled anew.
async fn call_cargo_without_lints(
    grader: &Grader,
    answer: Answer<'_>,
) -> Result<Option<Outcome>, GradeError> {
    let mut command = grader.cargo.command();
    command
        .args(["rustc", "--profile=test", "--package", &answer.file.package])
        .args(["--test", &answer.file.target]);
    let flags = ["--cap-lints", "warn"];
    let mut said = run(grader, command, &[answer], &flags).await?;
    if let Some(exceeded) = said.exceeded {
        return Ok(Some(Outcome::Built(exceeded.into_built())));
    }
    match said.outcomes.remove(&answer.file.target) {
        Some(Outcome::Refused) | None => Err(GradeError::of_cargo(&said.stderr)),
        outcome => Ok(outcome),
    }
}

/// All that came of a call of cargo.
struct Said {
    success: bool,
    exceeded: Option<Exceeded>,
    outcomes: HashMap<String, Outcome>,
    stderr: String,
}

/// Runs cargo to its end, or until it exceeds the limits.
async fn run(
    grader: &Grader,
    mut command: std::process::Command,
    answers: &[Answer<'_>],
    flags: &[&str],
) -> Result<Said, GradeError> {
    let cargo = &grader.cargo;
    command.arg(cargo.message_format());
    if grader.recompiler.is_some() {
        command.arg("-vv");
    }
    if !flags.is_empty() {
        command.arg("--").args(flags);
    }
    let failed = |error: io::Error| GradeError::of_cargo(&error.to_string());
    // The compilers that cargo starts end with it.
    let mut compilation = Compilation::start(command).map_err(|source| GradeError::NoCargo {
        program: Cargo::program(),
        source,
    })?;
    let mut sorted = Sorted::new(answers);
    let (libraries, libraries_ready) = watch::channel(0);
    let id = compilation.id();
    let mut stderr = String::new();
    let reading = compilation.read(&cargo.stages, |message| {
        cargo.diagnostics.add(&message);
        sorted.take(message, &libraries);
    });
    let limits = grader.compiler_limits;
    let packages: HashSet<&str> = answers
        .iter()
        .map(|answer| answer.file.package.as_str())
        .collect();
    let exceeded = tokio::select! {
        read = reading => {
            stderr = read.map_err(failed)?;
            None
        }
        exceeded = limits.exceeded(id, libraries_ready, packages.len()) => Some(exceeded),
    };
    if exceeded.is_some() {
        compilation.kill();
    }
    let status = compilation.wait().await.map_err(failed)?;
    if let Some(recompiler) = &grader.recompiler {
        recompiler.learn(cargo, &stderr);
    }
    Ok(Said {
        success: status.success(),
        exceeded,
        outcomes: sorted.outcomes,
        stderr,
    })
}

/// Cargo's messages, one JSON object a line: a program for every answer that compiled, the first error for each of the
/// others. An error in another crate is none of theirs.
struct Sorted<'a> {
    answers: &'a [Answer<'a>],
    outcomes: HashMap<String, Outcome>,
}

impl<'a> Sorted<'a> {
    fn new(answers: &'a [Answer<'a>]) -> Self {
        Self {
            answers,
            outcomes: HashMap::new(),
        }
    }

    /// Takes note of a message, counting the libraries of hidden tests: once all of these are ready, nothing but answers is
    /// left to be compiled.
    fn take(&mut self, message: Message, libraries: &watch::Sender<usize>) {
        match message {
            Message::CompilerArtifact(artifact) => {
                if self.is_library_of_hidden_tests(&artifact) {
                    libraries.send_modify(|libraries| *libraries += 1);
                }
                self.artifact(artifact);
            }
            Message::CompilerMessage(message) => self.message(&message),
            _ => {}
        }
    }

    fn is_library_of_hidden_tests(&self, artifact: &Artifact) -> bool {
        let name = &artifact.target.name;
        let mut answers = self.answers.iter();
        artifact.target.is_lib()
            && answers.any(|answer| answer.file.package.replace('-', "_") == *name)
    }

    fn artifact(&mut self, artifact: Artifact) {
        if let (Some(program), true) = (artifact.executable, is_test(&artifact.target)) {
            let outcome = Outcome::Program {
                program: program.into(),
                fresh: artifact.fresh,
            };
            self.outcomes.insert(artifact.target.name, outcome);
        }
    }

    fn message(
        &mut self,
        CompilerMessage {
            target, message, ..
        }: &CompilerMessage,
    ) {
        // A full disk is told by what cargo itself says in the end.
        if !is_test(target) || !is_error(message) || is_full_disk(&message.message) {
            return;
        }
        let outcome = self.outcomes.entry(target.name.clone());
        if is_warning_at_heart(message) {
            outcome.or_insert(Outcome::Refused);
        } else if !is_summary(message) {
            // A true error counts, whatever else is there.
            match outcome.or_insert(Outcome::Refused) {
                Outcome::Built(Built::Failed(first)) => first.others += 1,
                outcome => *outcome = Outcome::Built(Built::Failed(CompileError::of(message))),
            }
        } else {
            outcome.or_insert_with(|| Outcome::Built(Built::Failed(CompileError::of(message))));
        }
    }
}

impl Outcome {
    fn is_failure(&self) -> bool {
        !matches!(self, Self::Program { .. })
    }
}

impl Exceeded {
    pub(super) fn into_built(self) -> Built {
        match self {
            Self::Time(limit) => Built::TooSlow(limit),
            Self::Memory(limit) => Built::TooLarge(limit),
        }
    }
}

fn is_test(target: &Target) -> bool {
    target.kind.contains(&TargetKind::Test)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use serde_json::json;

    use super::*;

    /// Cargo's line for an error in the answer `03_gather`.
    fn message(code: Option<&str>, text: &str) -> String {
        let spans: &[serde_json::Value] = match code {
            Some(_) => &[json!({
                "file_name": "exercises/03_gather.rs", "byte_start": 0, "byte_end": 1, "line_start": 1,
                "line_end": 1, "column_start": 1, "column_end": 2, "is_primary": true, "text": [],
                "label": null, "suggested_replacement": null, "suggestion_applicability": null,
                "expansion": null,
            })],
            None => &[],
        };
        let code = code.map(|code| json!({ "code": code, "explanation": null }));
        let line = json!({
            "reason": "compiler-message",
            "package_id": "hidden-gather 0.1.0",
            "target": {
                "kind": ["test"], "crate_types": ["bin"], "name": "03_gather",
                "src_path": "/exercises/03_gather.rs", "edition": "2024", "doc": false, "doctest": false,
                "test": true,
            },
            "message": {
                "message": text, "code": code, "level": "error", "spans": spans, "children": [],
                "rendered": text,
            },
        });
        format!("{line}\n")
    }

    /// What comes of an answer of which cargo says this.
    fn sorted(lines: &[String]) -> Option<Outcome> {
        let file = AnswerFile {
            package: "hidden-gather".into(),
            target: "03_gather".into(),
            file: PathBuf::from("exercises/03_gather.rs"),
            folder: None,
            original: PathBuf::from("exercises/original/03_gather.rs"),
            tasks: Vec::new(),
        };
        let sources = Sources::default();
        let answers = [Answer {
            file: &file,
            sources: &sources,
        }];
        let mut sorted = Sorted::new(&answers);
        let (libraries, _) = watch::channel(0);
        for line in lines {
            let message = serde_json::from_str(line).expect("it is a message of cargo's");
            sorted.take(message, &libraries);
        }
        sorted.outcomes.remove("03_gather")
    }

    #[test]
    fn a_denied_warning_is_no_error_and_hides_none() {
        let unused = message(Some("unused_imports"), "unused import");
        let no_unsafe = message(Some("unsafe_code"), "usage of an `unsafe` block");
        let types = message(Some("E0308"), "mismatched types");
        let summary = message(None, "aborting due to 2 previous errors");

        let only_lint = sorted(&[unused.clone(), summary.clone()]);
        assert!(matches!(only_lint, Some(Outcome::Refused)));
        for error in [no_unsafe, types] {
            for [first, second] in [[&unused, &error], [&error, &unused]] {
                let outcome = sorted(&[first.clone(), second.clone(), summary.clone()]);
                let Some(Outcome::Built(Built::Failed(failed))) = outcome else {
                    panic!("the error was taken for a warning: {error}");
                };
                assert!(error.contains(&failed.rendered), "{}", failed.rendered);
            }
        }
        let full = message(
            None,
            "failed to write: No space left on device (os error 28)",
        );
        assert!(sorted(&[full]).is_none(), "cargo tells of it itself");
    }

    #[test]
    fn how_many_more_errors_there_are_is_said() {
        let error = message(Some("E0308"), "mismatched types");
        let lint = message(Some("unused_imports"), "unused import");
        let summary = message(None, "aborting due to 2 previous errors");
        let text = |lines: &[&String]| {
            let lines: Vec<String> = lines.iter().map(|&line| line.clone()).collect();
            match sorted(&lines) {
                Some(Outcome::Built(Built::Failed(failed))) => failed.text(),
                _ => panic!("it does not compile"),
            }
        };
        assert_eq!(text(&[&error, &lint, &summary]), "mismatched types");
        assert_eq!(
            text(&[&lint, &error, &error, &summary]),
            "mismatched types\n\nThere is one more error after this one."
        );
        assert_eq!(
            text(&[&error, &error, &error]),
            "mismatched types\n\nThere are 2 more errors after this one."
        );
    }
}
