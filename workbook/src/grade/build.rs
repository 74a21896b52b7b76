//! Has cargo build test targets, and sorts what it says by target.

use std::{
    collections::HashMap,
    env, io,
    path::{Path, PathBuf},
    process::Stdio,
};

use process_wrap::tokio::CommandWrap;
use serde::Deserialize;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader},
    sync::watch,
};

use super::{GradeError, group::Group};

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
    /// Where to say how many crates are ready, if anybody wants to know.
    pub ready: Option<watch::Sender<usize>>,
}

impl Cargo {
    /// The cargo that runs this program, or else the one on the path.
    #[must_use]
    pub fn program() -> PathBuf {
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
    let mut command = CommandWrap::with_new(&program, |command| {
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
        forget_outer_cargo(command.as_std_mut());
        if let Some(folder) = &cargo.target_dir {
            command.env("CARGO_TARGET_DIR", folder);
        }
    });
    // The compilers that cargo starts end with it.
    let mut group =
        Group::spawn(&mut command).map_err(|source| GradeError::NoCargo { program, source })?;
    let (Some(mut out), Some(mut err)) = (group.child.stdout().take(), group.child.stderr().take())
    else {
        return Err(GradeError::Cargo("its output cannot be read".into()));
    };
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let (status, _, _) = tokio::try_join!(
        group.wait(),
        read(&mut out, &mut stdout, cargo.ready.as_ref()),
        err.read_to_end(&mut stderr)
    )
    .map_err(|error| GradeError::Cargo(error.to_string()))?;

    let built = sort(&stdout, cargo);
    if !status.success()
        && !built
            .values()
            .any(|built| matches!(built, Built::Failed(_)))
    {
        let said = String::from_utf8_lossy(&stderr);
        return Err(GradeError::Cargo(said.trim_end().to_owned()));
    }
    Ok(built)
}

/// Reads cargo's messages to their end, counting the crates that are ready.
async fn read(
    out: impl AsyncRead + Unpin,
    messages: &mut Vec<u8>,
    ready: Option<&watch::Sender<usize>>,
) -> io::Result<()> {
    const ARTIFACT: &[u8] = b"{\"reason\":\"compiler-artifact\"";
    let mut out = BufReader::new(out);
    loop {
        let start = messages.len();
        if out.read_until(b'\n', messages).await? == 0 {
            return Ok(());
        }
        if let Some(ready) = ready
            && messages[start..].starts_with(ARTIFACT)
        {
            ready.send_modify(|crates| *crates += 1);
        }
    }
}

/// Takes out of a command's environment what cargo told this program about its own package, which is
/// not true of the next one. What users set for cargo stays.
pub fn forget_outer_cargo(command: &mut std::process::Command) {
    const SET_BY_CARGO: [&str; 6] = [
        "CARGO_BIN_NAME",
        "CARGO_CRATE_NAME",
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "CARGO_PRIMARY_PACKAGE",
        "CARGO_TARGET_TMPDIR",
    ];
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        let by_prefix = text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_BIN_EXE_");
        if by_prefix || SET_BY_CARGO.contains(&&*text) {
            command.env_remove(&name);
        }
    }
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
        // The compiler joins the answer's path and what its last lines say, `..` and all.
        let is_hidden = |span: &Span| {
            let file = workspace.join(&span.file_name);
            let folder = file.parent().and_then(|folder| folder.canonicalize().ok());
            folder.is_some_and(|folder| folder.ends_with("exercises/hidden"))
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
