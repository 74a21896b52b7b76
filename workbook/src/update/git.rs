//! The git program, in one folder.

use std::{
    io,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// Git in a folder.
#[derive(Clone, Debug)]
pub struct Git {
    folder: PathBuf,
}

/// Why git did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// It could not be started.
    #[error("cannot start git: {0}; install it from https://git-scm.com")]
    Start(io::Error),
    /// It ended with an error.
    #[error("`git {command}` failed: {said}")]
    Failed {
        /// What it was asked for.
        command: String,
        /// What it says of it.
        said: String,
    },
}

impl Git {
    /// Git in this folder.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    /// What git prints.
    ///
    /// # Errors
    ///
    /// It cannot be started, or ends with an error.
    pub fn output(&self, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
        said_yes(arguments, self.run(arguments)?)
    }

    /// The one line that git prints.
    ///
    /// # Errors
    ///
    /// As [`output`](Self::output).
    pub fn line(&self, arguments: &[&str]) -> Result<String, GitError> {
        let output = self.output(arguments)?;
        Ok(String::from_utf8_lossy(&output).trim().to_owned())
    }

    /// The paths that git prints with `-z`.
    ///
    /// # Errors
    ///
    /// As [`output`](Self::output).
    pub fn paths(&self, arguments: &[&str]) -> Result<Vec<PathBuf>, GitError> {
        let output = self.output(arguments)?;
        let paths = output
            .split(|&byte| byte == 0)
            .filter(|path| !path.is_empty());
        Ok(paths
            .map(|path| PathBuf::from(String::from_utf8_lossy(path).into_owned()))
            .collect())
    }

    /// Whether git answers with yes: it ends without an error.
    ///
    /// # Errors
    ///
    /// It cannot be started.
    pub fn agrees(&self, arguments: &[&str]) -> Result<bool, GitError> {
        Ok(self.run(arguments)?.status.success())
    }

    /// What a file holds in a commit; nothing, if the commit has no such file.
    ///
    /// # Errors
    ///
    /// It cannot be started.
    pub fn file(&self, commit: &str, file: &Path) -> Result<Option<Vec<u8>>, GitError> {
        let output = self.run(&["show", &format!("{commit}:{}", slashes(file))])?;
        Ok(output.status.success().then_some(output.stdout))
    }

    /// Fetches from a remote. Git may ask for a password meanwhile, and Ctrl-C stops it.
    ///
    /// # Errors
    ///
    /// As [`output`](Self::output).
    pub fn fetch(&self, remote: &str, branch: &str) -> Result<(), GitError> {
        let arguments = ["fetch", "--quiet", remote, branch];
        let output = self.command(&arguments).output().map_err(GitError::Start)?;
        said_yes(&arguments, output).map(|_| ())
    }

    fn run(&self, arguments: &[&str]) -> Result<Output, GitError> {
        let mut command = self.command(arguments);
        // Ctrl-C doesn't reach git in the middle of a step.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.output().map_err(GitError::Start)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command
            .args(arguments)
            .current_dir(&self.folder)
            .stdin(Stdio::null());
        // A hook of another repository may have started the workbook.
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
            command.env_remove(variable);
        }
        command
    }
}

/// What git printed, if it ended well.
fn said_yes(arguments: &[&str], output: Output) -> Result<Vec<u8>, GitError> {
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(GitError::Failed {
        command: arguments.join(" "),
        said: last_words(&output),
    })
}

/// A path as git writes it.
pub(super) fn slashes(file: &Path) -> String {
    file.to_string_lossy().replace('\\', "/")
}

/// What git says of a failure, in one line.
fn last_words(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let said = match said.trim() {
        "" => String::from_utf8_lossy(&output.stdout),
        _ => said,
    };
    let lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines: Vec<_> = lines.collect();
    match lines.is_empty() {
        true => format!("it ended with {}", output.status),
        false => lines.join(" "),
    }
}
