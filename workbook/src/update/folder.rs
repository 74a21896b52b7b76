//! Where there is no git: this workbook is the new one, and an older one has the answers.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use super::{Change, Touched, UpdateError, keep, merge::merge, read};
use crate::{
    course::{Course, ROOT, files_of},
    progress::Store,
};

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
    let originals = Path::new("exercises/original");
    if !old.join(originals).is_dir() {
        return Err(UpdateError::NoWorkbook(old.to_owned()));
    }
    let same = |a: &Path, b: &Path| a.canonicalize().ok() == b.canonicalize().ok();
    if same(root, old) {
        return Err(UpdateError::SameFolder(old.to_owned()));
    }
    let mut answers = Vec::new();
    for name in names_in(old)? {
        answers.extend(bring(root, old, &name)?);
    }
    Ok(Brought {
        answers,
        progress: bring_progress(course, old)?,
    })
}

/// The files of the answers and of the originals, from the folder that they are in.
fn names_in(workbook: &Path) -> Result<BTreeSet<PathBuf>, UpdateError> {
    let mut names = BTreeSet::new();
    let exercises = Path::new("exercises");
    for folder in [exercises.join("original"), exercises.to_owned()] {
        let failed = || UpdateError::file("read", &folder);
        let entries = fs::read_dir(workbook.join(&folder)).map_err(failed())?;
        for entry in entries {
            let name = PathBuf::from(entry.map_err(failed())?.file_name());
            let original = workbook.join("exercises/original").join(&name);
            if original.is_dir() {
                // An answer with several files: those that it came with, and the learner's own.
                let answer = folder.join(&name);
                let files = files_of(workbook, &answer.join(ROOT), Some(&answer));
                let below = files.map_err(failed())?.into_iter();
                names
                    .extend(below.filter_map(|file| Some(file.strip_prefix(&folder).ok()?.into())));
            } else if original.is_file() {
                names.insert(name);
            }
        }
    }
    Ok(names)
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
    // A file of the learner's own, in a folder of several.
    if let (None, None, None) = (&base, &new, &here)
        && name.components().count() > 1
    {
        write(root, &file, &yours)?;
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
    write(root, &file, &content)?;
    Ok(Some(Touched { file, change, kept }))
}

fn write(root: &Path, file: &Path, content: &[u8]) -> Result<(), UpdateError> {
    let path = root.join(file);
    let folder = path.parent().unwrap_or(root);
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, content));
    written.map_err(UpdateError::file("write", file))
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
