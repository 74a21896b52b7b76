//! Brings a clone up to date without losing a word of what the learner wrote.
//!
//! A file that the learner left alone becomes the new one. Where both sides changed a file, the two are merged, with the
//! text that both began with as the base: for an exercise, the stub as it came. Whatever the learner had is copied to
//! `.workbook/kept` before the file is touched.
//!
//! - [`from_remote`]: the clone is a git repository, and its remote has something newer.
//! - [`from_folder`]: there is no git; an older copy of the workbook holds the answers, and this is the new one.

mod folder;
mod git;
mod merge;
mod remote;

use std::{
    fs, io,
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

pub use folder::{Brought, from_folder};
pub use git::{Git, GitError};
pub use remote::{News, Updated, fetch, from_remote};

use crate::progress::{ProgressError, advice};

/// A file of the learner's that the update had to do with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Touched {
    /// The file, from the root of the workbook.
    pub file: PathBuf,
    /// What became of it.
    pub change: Change,
    /// The copy of what it held before, from the root of the workbook.
    pub kept: Option<PathBuf>,
}

/// What became of a file that the learner had changed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Change {
    /// It holds the learner's changes and the new ones.
    Merged,
    /// Learner and new version changed the same lines. Both are in the file, between marks, on these lines.
    Conflicts(Vec<RangeInclusive<usize>>),
    /// It is the new one. Both sides changed the same lines of it, and it isn't an answer.
    Replaced,
    /// The new version has no such file.
    Removed,
    /// The learner had deleted it, and it is not brought back.
    StillDeleted,
    /// It is the learner's, as it was: the file here was begun by other means.
    LeftAlone,
}

/// Why a clone could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// Git could not do what it was asked for.
    #[error(transparent)]
    Git(#[from] GitError),
    /// There is nothing to fetch from.
    #[error(
        "this folder isn't a git clone ({why}), so there is nothing to fetch; download the new version into a folder of its own, \
         and run `cargo run -- update --from {}` there: it brings your answers and your progress along", quoted(.here)
    )]
    NoClone {
        /// What is missing.
        why: String,
        /// This folder.
        here: PathBuf,
    },
    /// The repository holds the workbook in one of its folders.
    #[error(
        "the workbook is the folder {folder} of another repository, whose commits are yours to merge; \
         clone the workbook anew, and run `cargo run -- update --from {}` there: it brings your answers along", quoted(.here)
    )]
    Inside {
        /// Where in the repository.
        folder: String,
        /// This folder.
        here: PathBuf,
    },
    /// The clone has no remote.
    #[error("this clone knows no remote to fetch from: `git remote add origin URL` names one")]
    NoRemote,
    /// A merge or a rebase is under way.
    #[error(
        "git is in the middle of a {0}: finish it, or give it up with `git {0} --abort`, then run `cargo run -- update` again"
    )]
    Unfinished(&'static str),
    /// The folder of the exercises is a link, which git can't see through.
    #[error(
        "the folder `exercises` is a link, which git cannot see through; put the folder itself here, run `cargo run -- update`, \
         and link it again"
    )]
    LinkedFolder,
    /// The new version could not be merged; everything is as it was.
    #[error(
        "git could not merge the new version with your commits, and nothing was changed: {said}; `git merge {new}` shows where the two meet"
    )]
    NotMerged {
        /// What git says of it.
        said: String,
        /// The commit that was to be merged.
        new: String,
    },
    /// The folder with the older workbook holds none.
    #[error("{} holds no workbook: name the folder with its `Cargo.toml` and `exercises`", .0.display())]
    NoWorkbook(PathBuf),
    /// The folder with the older workbook is this one.
    #[error("{} is this folder: run the command in the new workbook, and name the old one", .0.display())]
    SameFolder(PathBuf),
    /// The progress of the older workbook could not be read, or not be written here.
    #[error(transparent)]
    Progress(#[from] ProgressError),
    /// A file could not be read or written.
    #[error("cannot {what} {}: {source}; {}", .file.display(), advice(.source))]
    File {
        /// What was attempted.
        what: &'static str,
        /// The file.
        file: PathBuf,
        /// What the system says of it.
        source: io::Error,
    },
    /// Writing failed when the new version was in place already.
    #[error("cannot write {}: {source}; {}. What you had written there is safe in {}", .file.display(), advice(.source), .kept.display())]
    Unwritten {
        /// The file.
        file: PathBuf,
        /// Its copy.
        kept: PathBuf,
        /// What the system says of it.
        source: io::Error,
    },
}

impl UpdateError {
    fn file(what: &'static str, file: &Path) -> impl FnOnce(io::Error) -> Self {
        let file = file.to_owned();
        move |source| Self::File { what, file, source }
    }
}

/// A path as an argument that every shell takes for one.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "/\\:._-".contains(c);
    match path.chars().all(is_plain) {
        true => path,
        false => format!("\"{path}\""),
    }
}

/// What is in a file; nothing, if there is none.
fn read(root: &Path, file: &Path) -> Result<Option<Vec<u8>>, UpdateError> {
    match fs::read(root.join(file)) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(UpdateError::file("read", file)(error)),
    }
}

/// Writes a copy of what the learner has in `file`.
fn keep(root: &Path, file: &Path, content: &[u8]) -> Result<PathBuf, UpdateError> {
    crate::kept::keep(root, file, content).map_err(UpdateError::file("write a copy of", file))
}
