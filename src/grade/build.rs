//! Has cargo build test targets, and sorts what it says by target.

use std::{
    collections::HashMap,
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Stdio,
};

use process_wrap::tokio::{CommandWrap, KillOnDrop};
use serde::Deserialize;

use super::GradeError;

/// How cargo is called.
#[derive(Clone, Debug)]
pub struct Cargo {
    /// The folder of the workspace; paths that the compiler prints start there.
    pub workspace: PathBuf,
    /// The package whose test targets are built.
    pub package: String,
    /// The folder for what is built, if not the workspace's own.
    pub target_dir: Option<PathBuf>,
    /// Whether the compiler's errors carry colours.
    pub colour: bool,
}

impl Cargo {
    /// The cargo that runs this program, or else the one on the path.
    fn program() -> PathBuf {
        env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
    }
}

/// What became of one target.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Built {
    /// The program to run.
    Executable(PathBuf),
    /// It does not compile.
    Failed(CompileError),
}

/// The compiler's first error in a target.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CompileError {
    /// The error, as the compiler renders it.
    pub rendered: String,
    /// Whether it stands in the hidden tests.
    pub in_hidden_tests: bool,
}

/// Builds `targets`, going past those that do not compile.
///
/// # Errors
///
/// Cargo could not be started, or failed without the fault of any target.
///
/// # Cancel safety
///
/// Dropping this stops cargo.
pub async fn build(cargo: &Cargo, targets: &[&str]) -> Result<HashMap<String, Built>, GradeError> {
    if targets.is_empty() {
        return Ok(HashMap::new());
    }
    let program = Cargo::program();
    let child = CommandWrap::with_new(&program, |command| {
        command
            .current_dir(&cargo.workspace)
            .args([
                "build",
                "--package",
                &cargo.package,
                "--keep-going",
                "--quiet",
            ])
            .args(targets.iter().flat_map(|target| ["--test", target]))
            .arg(if cargo.colour {
                "--message-format=json-diagnostic-rendered-ansi"
            } else {
                "--message-format=json"
            })
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // What cargo told this program about its own package is not true of the next one.
        for name in variables_of_the_outer_cargo() {
            command.env_remove(name);
        }
        if let Some(folder) = &cargo.target_dir {
            command.env("CARGO_TARGET_DIR", folder);
        }
    })
    .wrap(KillOnDrop)
    .spawn()
    .map_err(|source| GradeError::NoCargo {
        program: program.clone(),
        source,
    })?;
    let output = Box::into_pin(child.wait_with_output())
        .await
        .map_err(|source| GradeError::NoCargo { program, source })?;

    let built = sort(&output.stdout, cargo);
    if !output.status.success()
        && !built
            .values()
            .any(|built| matches!(built, Built::Failed(_)))
    {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(GradeError::Cargo(said.trim_end().to_owned()));
    }
    Ok(built)
}

/// The variables that `cargo run` and `cargo test` set for the program they start.
fn variables_of_the_outer_cargo() -> impl Iterator<Item = OsString> {
    const SET_BY_USERS: [&str; 6] = [
        "CARGO_HOME",
        "CARGO_TARGET_DIR",
        "CARGO_TERM_COLOR",
        "CARGO_INCREMENTAL",
        "CARGO_BUILD_JOBS",
        "CARGO_NET_OFFLINE",
    ];
    env::vars_os().map(|(name, _)| name).filter(|name| {
        let name = name.to_string_lossy();
        name.starts_with("CARGO_") && !SET_BY_USERS.contains(&&*name)
    })
}

/// Reads cargo's messages: one JSON object a line, of which two kinds matter here.
///
/// A program for every target that compiled, the first error for each of the others. An error in a
/// target of another package is none of theirs, and leaves the map as it is.
fn sort(messages: &[u8], cargo: &Cargo) -> HashMap<String, Built> {
    let mut built = HashMap::new();
    for message in messages
        .split(|&byte| byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<Message>(line).ok())
    {
        match message {
            Message::Artifact {
                target,
                executable: Some(executable),
            } if target.is_test() => {
                built.insert(target.name, Built::Executable(executable));
            }
            Message::Diagnostic { target, message }
                if target.is_test() && message.level.starts_with("error") =>
            {
                built
                    .entry(target.name)
                    .or_insert_with(|| Built::Failed(message.into_error(&cargo.workspace)));
            }
            _ => {}
        }
    }
    built
}

#[derive(Deserialize)]
#[serde(tag = "reason")]
enum Message {
    #[serde(rename = "compiler-artifact")]
    Artifact {
        target: Target,
        executable: Option<PathBuf>,
    },
    #[serde(rename = "compiler-message")]
    Diagnostic { target: Target, message: Diagnostic },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

impl Target {
    fn is_test(&self) -> bool {
        self.kind.iter().any(|kind| kind == "test")
    }
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    rendered: Option<String>,
    message: String,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    is_primary: bool,
}

impl Diagnostic {
    fn into_error(self, workspace: &Path) -> CompileError {
        let hidden = workspace.join("exercises").join("hidden");
        let is_hidden = |span: &Span| {
            let file = workspace.join(&span.file_name);
            file.starts_with(&hidden) || span.file_name.replace('\\', "/").contains("/hidden/")
        };
        CompileError {
            in_hidden_tests: self
                .spans
                .iter()
                .any(|span| span.is_primary && is_hidden(span)),
            rendered: self.rendered.unwrap_or(self.message),
        }
    }
}
