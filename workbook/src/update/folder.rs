//! Where there is no git: this workbook is the new one, and an older one has the answers.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{Change, Touched, UpdateError, keep, merge::merge, read};
use crate::{course::Course, progress::Store};

/// What was brought along.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Brought {
    /// The answers.
    pub answers: Vec<Touched>,
    /// Whether the progress is the older workbook's: there was none here.
    pub progress: bool,
}

/// Brings answers and progress from the workbook in the folder `old`, in which nothing is changed.
///
/// # Errors
///
/// There is no workbook in it, or the disk refuses.
pub fn from_folder(course: &Course, old: &Path) -> Result<Brought, UpdateError> {
    let root = course.root();
    let stubs = old.join("exercises");
    let Ok(entries) = fs::read_dir(stubs.join("original")) else {
        return Err(UpdateError::NoWorkbook(old.to_owned()));
    };
    let same = |a: &Path, b: &Path| a.canonicalize().ok() == b.canonicalize().ok();
    if same(root, old) {
        return Err(UpdateError::SameFolder(old.to_owned()));
    }
    let names = entries.map(|entry| entry.map(|entry| entry.file_name()));
    let mut names = names
        .collect::<io::Result<Vec<_>>>()
        .map_err(UpdateError::file("read", &stubs))?;
    names.sort();
    let mut answers = Vec::new();
    for name in names {
        answers.extend(bring(root, old, Path::new(&name))?);
    }
    Ok(Brought {
        answers,
        progress: bring_progress(course, old)?,
    })
}

/// Brings one answer, if there is one.
fn bring(root: &Path, old: &Path, name: &Path) -> Result<Option<Touched>, UpdateError> {
    let file = Path::new("exercises").join(name);
    let original = Path::new("exercises/original").join(name);
    let (base, yours) = (read(old, &original)?, read(old, &file)?);
    let (new, here) = (read(root, &original)?, read(root, &file)?);
    let Some(yours) = yours.filter(|yours| Some(yours) != base.as_ref()) else {
        return Ok(None);
    };
    if here.as_ref() == Some(&yours) {
        return Ok(None);
    }
    let Some(new) = new else {
        return Ok(Some(Touched {
            kept: Some(keep(root, &file, &yours)?),
            change: Change::Removed,
            file,
        }));
    };
    if here.is_some_and(|here| here != new) {
        return Ok(Some(Touched {
            kept: Some(keep(root, &file, &yours)?),
            change: Change::LeftAlone,
            file,
        }));
    }
    let texts = [base.unwrap_or_default(), yours.clone(), new].map(String::from_utf8);
    // A text that isn't UTF-8 comes as it is: the grader says what to do about it.
    let (content, change) = match texts {
        [Ok(base), Ok(yours), Ok(new)] => {
            let merged = merge(&base, &yours, &new);
            let change = match merged.conflicts.is_empty() {
                true => Change::Merged,
                false => Change::Conflicts(merged.conflicts),
            };
            (merged.text.into_bytes(), change)
        }
        _ => (yours.clone(), Change::Merged),
    };
    let kept = match content == yours {
        true => None,
        false => Some(keep(root, &file, &yours)?),
    };
    fs::write(root.join(&file), content).map_err(UpdateError::file("write", &file))?;
    Ok(Some(Touched { file, change, kept }))
}

fn bring_progress(course: &Course, old: &Path) -> Result<bool, UpdateError> {
    let here = Store::of(course);
    if here.file().exists() {
        return Ok(false);
    }
    let old: PathBuf = old.join(".workbook");
    if !old.join("progress.json").exists() {
        return Ok(false);
    }
    let progress = Store::in_folder(old).open()?.progress;
    here.update(|here| *here = progress)?;
    Ok(true)
}
