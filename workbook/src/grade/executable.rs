//! A program of the workspace, built by cargo: a lesson, a bench, what renders the book.

use std::{io, path::PathBuf};

use cargo_metadata::Message;

use super::{
    cargo::Cargo,
    compilation::Compilation,
    compile_error::{is_error, is_full_disk},
};

/// A program that is up to date.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Executable {
    /// Where it is.
    pub path: PathBuf,
    /// What the compiler warned of, as it renders it.
    pub warnings: String,
}

/// Why there is no program.
#[derive(Debug, thiserror::Error)]
pub enum ExecutableError {
    /// Cargo could not be started, or what it prints not be read.
    #[error(
        "cannot start {}: {source}; `cargo run -- doctor` checks what is installed", .program.display()
    )]
    NoCargo {
        /// The program that was tried.
        program: PathBuf,
        /// What the system says of it.
        source: io::Error,
    },
    /// There is no room on the disk for what cargo builds.
    #[error(
        "the disk is full; free some space (`cargo clean` deletes everything that it built), or set CARGO_TARGET_DIR to a \
         folder on another disk"
    )]
    DiskFull,
    /// It does not compile, or cargo did not come so far.
    #[error("{0}")]
    Failed(String),
}

impl Executable {
    /// Has cargo build the target of this name: `["build", "--example", "03_gather"]` builds `03_gather`.
    ///
    /// # Errors
    ///
    /// It does not compile, or cargo did not come so far.
    ///
    /// # Cancel safety
    ///
    /// Dropping this stops cargo.
    pub async fn build(
        cargo: &Cargo,
        arguments: &[&str],
        target: &str,
    ) -> Result<Self, ExecutableError> {
        let failed = |source| ExecutableError::NoCargo {
            program: Cargo::program(),
            source,
        };
        let mut command = cargo.command();
        command.args(arguments).arg(cargo.message_format());
        let mut compilation = Compilation::start(command).map_err(failed)?;
        let mut path = None;
        let (mut errors, mut warnings) = (String::new(), String::new());
        let take = |message| match message {
            Message::CompilerArtifact(artifact) if artifact.target.name == target => {
                path = artifact.executable.or(path.take());
            }
            Message::CompilerMessage(said) => {
                let is_error = is_error(&said.message);
                let kept = if is_error { &mut errors } else { &mut warnings };
                *kept += said
                    .message
                    .rendered
                    .as_deref()
                    .unwrap_or(&said.message.message);
            }
            _ => {}
        };
        let said = compilation
            .read(&cargo.stages, take)
            .await
            .map_err(failed)?;
        let status = compilation.wait().await.map_err(failed)?;
        match path {
            Some(path) if status.success() => Ok(Self {
                path: path.into(),
                warnings,
            }),
            _ if is_full_disk(&errors) || is_full_disk(&said) => Err(ExecutableError::DiskFull),
            _ => {
                // Cargo's own last words say nothing that the compiler's do not.
                let why = if errors.is_empty() { said } else { errors };
                Err(ExecutableError::Failed(why.trim_end().to_owned()))
            }
        }
    }
}
