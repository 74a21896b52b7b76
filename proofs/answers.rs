//! The known answers to a chapter, found by where they stand.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

use workbook::course::Chapter;

use crate::scratch::workbook;

/// A known answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Known {
    /// The file.
    pub file: PathBuf,
    /// What the grader must say of it.
    pub kind: Kind,
}

/// What the grader must say of an answer.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Kind {
    /// All of its tasks are passed.
    Right,
    /// Every fault found has this misconception; the tasks that it is not about are not started.
    Wrong {
        /// The misconception: the file's name up to its first dot. What follows tells apart several
        /// answers with the same misconception.
        misconception: String,
    },
}

impl Known {
    /// Whether it differs from another wrong answer only in how the same misconception is written.
    #[must_use]
    pub fn is_variant(&self) -> bool {
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        let name = name.trim_end_matches(".rs").trim_end_matches(".linux");
        self.kind != Kind::Right && name.contains('.')
    }
}

/// Of several wrong answers with the same misconception, keeps the one that is no variant, or else the
/// first. Right answers are all kept.
pub fn without_variants(known: &mut Vec<Known>) {
    let plain: HashSet<_> = known
        .iter()
        .filter(|known| !known.is_variant())
        .map(|known| known.kind.clone())
        .collect();
    let mut seen = HashSet::new();
    known.retain(|known| {
        known.kind == Kind::Right
            || !known.is_variant()
            || (!plain.contains(&known.kind) && seen.insert(known.kind.clone()))
    });
}

/// All known answers to a chapter: the reference, the alternatives, the wrong ones.
///
/// # Errors
///
/// A folder that exists cannot be read.
pub fn of_chapter(root: &Path, chapter: &Chapter) -> io::Result<Vec<Known>> {
    let solutions = root.join("solutions");
    let mut known = vec![Known {
        file: solutions.join(format!("{}.rs", chapter.slug)),
        kind: Kind::Right,
    }];
    for file in rust_files(&solutions.join("also").join(&chapter.slug))? {
        known.push(Known {
            file,
            kind: Kind::Right,
        });
    }
    for file in rust_files(&solutions.join("wrong").join(&chapter.slug))? {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        // Some faults show only where the system has something to show them with, such as `/dev/full`.
        if name.ends_with(".linux.rs") && !cfg!(target_os = "linux") {
            continue;
        }
        let misconception = name.split('.').next().unwrap_or_default().to_owned();
        known.push(Known {
            file,
            kind: Kind::Wrong { misconception },
        });
    }
    Ok(known)
}

/// The whole text of a known answer as it stands where the stub does: with another way to the hidden tests.
///
/// # Errors
///
/// The file cannot be read, or is a wrong answer of which no whole one can be made.
pub fn in_place_of_the_stub(file: &Path) -> io::Result<String> {
    let is_overlay = file.components().any(|part| part.as_os_str() == "wrong");
    let text = if is_overlay {
        overlay::compose_file(&workbook(), file).map_err(io::Error::other)?
    } else {
        fs::read_to_string(file)?
    };
    Ok(text
        .replace("../../../exercises/hidden", "hidden")
        .replace("../exercises/hidden", "hidden"))
}

/// The Rust files of a folder in the order of their names; none if there is no such folder.
fn rust_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut files = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    files.sort();
    Ok(files)
}
