//! Compiles an answer as cargo did the last time, without cargo.
//!
//! With nothing to build, cargo takes a third of the time between a save and its verdict to find this out. While
//! somebody works on one file, nothing else changes. The compiler can be called with the words that cargo called it
//! with, as long as all else is what it was: the libraries, the manifests, the compiler itself, and the sources that
//! the libraries were made of. What is compiled here goes to a folder of its own, so that cargo's own files stay as
//! cargo left them.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
};

use cargo_metadata::diagnostic::Diagnostic;
use process_wrap::tokio::CommandWrap;
use serde::Deserialize;
use tokio::{io::AsyncReadExt as _, sync::watch};

use super::{
    AnswerFile,
    build::Built,
    built_from::{Stamp, sources_of},
    cargo::Cargo,
    compile_error::{CompileError, is_error, is_full_disk, is_summary, is_warning_at_heart},
    compiler_limits::CompilerLimits,
    process_group::ProcessGroup,
};

/// The compiler's calls of this session, by target. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Recompiler(Arc<Mutex<HashMap<String, Call>>>);

/// A call of the compiler, and what it depends on besides the answer's own files.
#[derive(Clone, Debug)]
struct Call {
    /// The folder of the workspace in which cargo made it.
    workspace: PathBuf,
    program: String,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    inputs: HashMap<PathBuf, Option<Stamp>>,
}

/// What came of a call.
#[derive(Debug)]
pub(super) enum Called {
    /// Something that is said of the answer.
    Built(Built),
    /// Nothing but a warning, which a lint that somebody asked for turns into an error.
    Denied,
    /// There is no room on the disk.
    DiskFull,
    /// The compiler ended without saying what is wrong; this is how it ended.
    Unexplained(String),
    /// What the answer is compiled with is no longer what it was.
    Outdated,
    /// The call doesn't name the answer.
    Unknown,
}

impl Recompiler {
    /// Takes note of how cargo called the compiler, from what it prints when asked to say so (`-vv`).
    pub(super) fn learn(&self, cargo: &Cargo, said: &str) {
        for line in said.lines() {
            if let Some((target, call)) = Call::parse(line, cargo) {
                self.calls().insert(target, call);
            }
        }
    }

    /// Whether cargo has called the compiler for this target, as far as is known.
    pub(super) fn knows(&self, target: &str) -> bool {
        self.calls().contains_key(target)
    }

    /// Compiles an answer; `None` if only cargo can tell what there is to be done.
    ///
    /// # Cancel safety
    ///
    /// Dropping this stops the compiler.
    pub(super) async fn compile(
        &self,
        cargo: &Cargo,
        limits: CompilerLimits,
        answer: &AnswerFile,
    ) -> Option<Built> {
        let call = self.calls().get(&answer.target).cloned()?;
        if !call.is_current() {
            self.calls().remove(&answer.target);
            return None;
        }
        match call.run(cargo, limits, answer).await {
            Called::Built(built) => Some(built),
            _ => None,
        }
    }

    /// Compiles an answer that stands in another folder, `cargo.workspace`, as cargo compiled the one of its name in this
    /// workspace. What comes of it goes to the folder `out`.
    ///
    /// # Cancel safety
    ///
    /// Dropping this stops the compiler.
    pub(super) async fn compile_elsewhere(
        &self,
        cargo: &Cargo,
        limits: CompilerLimits,
        answer: &AnswerFile,
        out: &Path,
    ) -> Called {
        let call = self.calls().get(&answer.target).cloned();
        let Some(mut call) = call.filter(Call::is_current) else {
            return Called::Outdated;
        };
        if !call.redirect(answer, out) {
            return Called::Unknown;
        }
        // As for an answer that cargo compiles: lints are capped only if one of them was denied, since a cap lifts the ban
        // of `unsafe` as well.
        match call.clone().run(cargo, limits, answer).await {
            Called::Denied => {
                let capped = ["--cap-lints", "warn"].map(str::to_owned);
                call.arguments.extend(capped);
                call.run(cargo, limits, answer).await
            }
            called => called,
        }
    }

    /// The folder in which what is compiled here may have folders of its own, beside all else that cargo built.
    pub(super) fn folder(&self, target: &str) -> Option<PathBuf> {
        let mut call = self.calls().get(target).cloned()?;
        let answers = value_of(&mut call.arguments, "--out-dir")?;
        Some(Path::new(answers.as_str()).parent()?.to_owned())
    }

    /// Tells one state of all that an answer is compiled with from another, by what is in the sources.
    pub(super) fn fingerprint(&self, target: &str) -> Option<u32> {
        let call = self.calls().get(target).cloned()?;
        let mut hasher = crc32fast::Hasher::new();
        for word in &call.arguments {
            hasher.update(word.as_bytes());
            hasher.update(b"\0");
        }
        // A library is what its sources say, and is compiled anew now and then without a change in them.
        let is_source = |file: &&PathBuf| {
            let extension = file.extension().unwrap_or_default();
            ["rs", "toml", "lock"]
                .iter()
                .any(|known| extension == *known)
        };
        let mut sources: Vec<&PathBuf> = call.inputs.keys().filter(is_source).collect();
        sources.sort();
        for source in sources {
            hasher.update(source.to_string_lossy().as_bytes());
            hasher.update(&fs::read(source).unwrap_or_default());
        }
        Some(hasher.finalize())
    }

    fn calls(&self) -> std::sync::MutexGuard<'_, HashMap<String, Call>> {
        // Each change is one call of the map's, which cannot be left half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Call {
    /// Reads ``Running `NAME=value … rustc --crate-name 03_gather …` ``, where that is a call for a test.
    fn parse(line: &str, cargo: &Cargo) -> Option<(String, Self)> {
        let command = line
            .trim_start()
            .strip_prefix("Running `")?
            .strip_suffix('`')?;
        let mut words = shlex::split(command)?.into_iter().peekable();
        let mut environment = Vec::new();
        while let Some((name, value)) = words.peek().and_then(|word| word.split_once('='))
            && !name.contains(['/', '\\'])
        {
            environment.push((name.to_owned(), value.to_owned()));
            words.next();
        }
        let program = words.next()?;
        let mut arguments: Vec<String> = words.collect();
        if !arguments.iter().any(|argument| argument == "--test") {
            return None;
        }
        let target = value_of(&mut arguments, "--crate-name")?.clone();
        let mut call = Self {
            workspace: cargo.workspace.clone(),
            inputs: inputs(&program, &arguments, cargo).ok()?,
            program,
            arguments,
            environment,
        };
        let folder = value_of(&mut call.arguments, "--out-dir")?;
        let answers = Path::new(folder).parent()?.join("answers");
        fs::create_dir_all(&answers).ok()?;
        *folder = answers.to_str()?.to_owned();
        Some((target, call))
    }

    /// Whether everything but the answer is what it was.
    fn is_current(&self) -> bool {
        let is_same = |(file, known): (&PathBuf, &Option<Stamp>)| Stamp::of(file).ok() == *known;
        self.inputs.iter().all(is_same)
    }

    /// Has the call compile the file of the same name in the folder in which it runs, and leave nothing behind but in the
    /// folder `out`. Says whether it can.
    fn redirect(&mut self, answer: &AnswerFile, out: &Path) -> bool {
        let own = self.workspace.join(&answer.file);
        let mut is_named = false;
        for argument in &mut self.arguments {
            if super::compile_error::normalized(&self.workspace.join(&*argument)) == own {
                *argument = answer.file.display().to_string();
                is_named = true;
            }
        }
        if let Some(folder) = value_of(&mut self.arguments, "--out-dir") {
            *folder = out.display().to_string();
        }
        // The compiler keeps a folder for each crate of a name, and there are many answers of one name.
        self.remove_pair("-C", |value| value.starts_with("incremental="));
        self.remove_pair("--cap-lints", |_| true);
        is_named
    }

    fn remove_pair(&mut self, name: &str, is_meant: fn(&str) -> bool) {
        let is_pair = |pair: &[String]| pair[0] == name && is_meant(&pair[1]);
        while let Some(at) = self.arguments.windows(2).position(is_pair) {
            self.arguments.drain(at..at + 2);
        }
    }

    async fn run(self, cargo: &Cargo, limits: CompilerLimits, answer: &AnswerFile) -> Called {
        let called = self.try_run(cargo, limits, answer).await;
        called.unwrap_or_else(|error| Called::Unexplained(error.to_string()))
    }

    async fn try_run(
        mut self,
        cargo: &Cargo,
        limits: CompilerLimits,
        answer: &AnswerFile,
    ) -> io::Result<Called> {
        if !cargo.colour {
            for argument in &mut self.arguments {
                *argument = argument.replace("diagnostic-rendered-ansi,", "");
            }
        }
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .current_dir(&cargo.workspace)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        cargo.provide_temporary_folder(&mut command);
        let wrapped = CommandWrap::from(tokio::process::Command::from(command));
        let mut group = ProcessGroup::spawn(wrapped)?;
        let stderr = group.child.stderr().take();
        let mut stderr = stderr.ok_or_else(|| io::Error::other("its output cannot be read"))?;
        let mut said = Vec::new();
        // Everything that it depends on is ready.
        let (_ready, libraries_ready) = watch::channel(1);
        let id = group.id();
        let ended = async { tokio::try_join!(group.wait(), stderr.read_to_end(&mut said)) };
        let status = tokio::select! {
            ended = ended => ended?.0,
            exceeded = limits.exceeded(id, libraries_ready, 1) => return Ok(Called::Built(exceeded.into_built())),
        };
        let said = Said::parse(&said);
        Ok(match (said.error, said.program) {
            (None, Some(program)) if status.success() => {
                let root = cargo.workspace.join(&answer.file);
                let known = sources_of(&program, &cargo.workspace)?;
                // The answer that was compiled is the one to be graded.
                if known.contains(&super::compile_error::normalized(&root)) {
                    Called::Built(Built::Program(program))
                } else {
                    Called::Unexplained("it compiled another file".to_owned())
                }
            }
            (Some(error), _) if is_warning_at_heart(&error) => Called::Denied,
            (Some(error), _) if is_full_disk(&error.message) => Called::DiskFull,
            (Some(error), _) => Called::Built(Built::Failed(CompileError {
                others: said.others,
                ..CompileError::of(&error)
            })),
            (None, _) => Called::Unexplained(status.to_string()),
        })
    }
}

/// The value after `name` among the arguments.
fn value_of<'a>(arguments: &'a mut [String], name: &str) -> Option<&'a mut String> {
    let at = arguments.iter().position(|argument| argument == name)?;
    arguments.get_mut(at + 1)
}

/// All that a call depends on, besides the answer's own files.
fn inputs(
    program: &str,
    arguments: &[String],
    cargo: &Cargo,
) -> io::Result<HashMap<PathBuf, Option<Stamp>>> {
    let mut files = vec![PathBuf::from(program)];
    for (folder, name) in [
        ("", "Cargo.toml"),
        ("", "Cargo.lock"),
        ("", "rust-toolchain.toml"),
        ("", "rust-toolchain"),
        (".cargo", "config.toml"),
        (".cargo", "config"),
    ] {
        files.push(cargo.workspace.join(folder).join(name));
    }
    let libraries = std::iter::zip(arguments, arguments.iter().skip(1))
        .filter(|(name, _)| *name == "--extern")
        .filter_map(|(_, library)| library.split_once('='));
    for (_, library) in libraries {
        let library = PathBuf::from(library);
        files.extend(sources_of_library(&library, cargo));
        files.push(library);
    }
    // What is not there is noted as well: it may come.
    let stamps = files.into_iter().map(|file| {
        let stamp = Stamp::of(&file).ok();
        (file, stamp)
    });
    Ok(stamps.collect())
}

/// The sources of a library of this workspace, its manifest included. Those of others do not change.
fn sources_of_library(library: &Path, cargo: &Cargo) -> Vec<PathBuf> {
    let stem = library.file_stem().unwrap_or_default().to_string_lossy();
    let rules = library.with_file_name(stem.strip_prefix("lib").unwrap_or(&stem));
    let sources = sources_of(&rules, &cargo.workspace).unwrap_or_default();
    let is_ours = |source: &PathBuf| source.starts_with(&cargo.workspace);
    let mut sources: Vec<PathBuf> = sources.into_iter().filter(is_ours).collect();
    let manifests: Vec<PathBuf> = sources
        .iter()
        .filter_map(|source| Some(source.parent()?.join("Cargo.toml")))
        .collect();
    sources.extend(manifests);
    sources
}

/// What the compiler said: a JSON object a line.
#[derive(Default)]
struct Said {
    error: Option<Diagnostic>,
    /// How many true errors there are besides.
    others: usize,
    program: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(tag = "$message_type", rename_all = "snake_case")]
enum Message {
    Diagnostic(Box<Diagnostic>),
    Artifact {
        artifact: PathBuf,
        emit: String,
    },
    #[serde(other)]
    Other,
}

impl Said {
    fn parse(stderr: &[u8]) -> Self {
        let mut said = Self::default();
        for line in stderr.split(|&byte| byte == b'\n') {
            match serde_json::from_slice(line) {
                Ok(Message::Diagnostic(error)) if is_error(&error) => said.take_error(*error),
                Ok(Message::Artifact { artifact, emit }) if emit == "link" => {
                    said.program = Some(artifact);
                }
                _ => {}
            }
        }
        said
    }

    /// A true error counts, whatever lints come before it; how many errors there were, only if nothing else was said.
    fn take_error(&mut self, error: Diagnostic) {
        let is_true = |error: &Diagnostic| !is_warning_at_heart(error) && !is_summary(error);
        match &self.error {
            None => self.error = Some(error),
            Some(_) if !is_true(&error) => {}
            Some(first) if is_true(first) => self.others += 1,
            Some(_) => self.error = Some(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(errors: &[(Option<&str>, &str)]) -> Said {
        let lines = errors.iter().map(|(code, text)| {
            let spans = match code {
                Some(_) => json!([{
                    "file_name": "a.rs", "byte_start": 0, "byte_end": 1, "line_start": 1, "line_end": 1,
                    "column_start": 1, "column_end": 2, "is_primary": true, "text": [], "label": null,
                    "suggested_replacement": null, "suggestion_applicability": null, "expansion": null,
                }]),
                None => json!([]),
            };
            let code = code.map(|code| json!({ "code": code, "explanation": null }));
            let line = json!({
                "$message_type": "diagnostic", "message": text, "code": code, "level": "error", "spans": spans,
                "children": [], "rendered": text,
            });
            format!("{line}\n")
        });
        Said::parse(lines.collect::<String>().as_bytes())
    }

    #[test]
    fn a_denied_lint_is_told_from_an_error_whatever_is_said_of_their_number() {
        let lint = (Some("unused_imports"), "unused import");
        let types = (Some("E0308"), "mismatched types");
        let no_unsafe = (Some("unsafe_code"), "usage of an `unsafe` block");
        let summary = (None, "aborting due to 1 previous error");
        let denied = said(&[lint, summary]);
        assert!(denied.error.as_ref().is_some_and(is_warning_at_heart));
        for errors in [
            &[lint, types, summary][..],
            &[types, lint, summary],
            &[lint, no_unsafe, summary],
        ] {
            let said = said(errors);
            let error = said.error.expect("there is one");
            assert!(
                !is_warning_at_heart(&error) && !is_summary(&error),
                "{error}"
            );
            assert_eq!(said.others, 0);
        }
        assert_eq!(said(&[types, types, summary]).others, 1);
        assert!(said(&[summary]).error.is_some());
    }
}
