//! The known answers to a chapter, found by where they stand.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use workbook::course::{Chapter, Task};

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
    /// Every fault found has this misconception; the tasks that it is not about are passed.
    Wrong {
        /// The misconception: the file's name up to its first dot. What follows tells apart several
        /// answers with the same misconception.
        misconception: String,
    },
}

impl Known {
    /// What its program calls it: `reference`, `also.buffered`, `wrong.awaits_in_a_loop.stream_then`.
    #[must_use]
    pub fn name(&self) -> String {
        let name = self.file.file_stem().unwrap_or_default().to_string_lossy();
        let kind = self.file.parent().and_then(Path::parent);
        match kind
            .and_then(Path::file_name)
            .and_then(|kind| kind.to_str())
        {
            Some(kind @ ("also" | "wrong")) => format!("{kind}.{name}"),
            _ => "reference".to_owned(),
        }
    }
}

/// The tasks of a chapter that an answer can have other grades in than the reference has. What a wrong answer leaves as it
/// is has been graded with the reference.
///
/// # Errors
///
/// A file cannot be read, or no whole answer can be made of it.
pub fn tasks_to_grade(root: &Path, chapter: &Chapter, known: &Known) -> io::Result<Vec<Task>> {
    if known.kind == Kind::Right {
        return Ok(chapter.tasks.clone());
    }
    let reference = whole(&root.join(chapter.solution()))?;
    let functions = overlay::functions(&reference).map_err(|(line, error)| {
        io::Error::other(format!("{}:{line}: {error}", chapter.solution().display()))
    })?;
    let names = overlay::differing_names(&reference, &whole(&known.file)?);
    let names = names.map_err(io::Error::other)?;
    let differs = |task: &&Task| {
        let is_function = functions
            .iter()
            .any(|function| function.name == task.name && !function.is_method());
        // A task that is no function of this name is a type, or a method of one.
        (is_function && names.values.contains(&task.name)) || (!is_function && names.has_types)
    };
    let tasks: Vec<Task> = chapter.tasks.iter().filter(differs).cloned().collect();
    // What differs may be something that the hidden tests call besides the tasks, such as an endpoint.
    Ok(if tasks.is_empty() {
        chapter.tasks.clone()
    } else {
        tasks
    })
}

/// All known answers to a chapter: the reference, the alternatives, the wrong ones.
///
/// # Errors
///
/// A folder that exists cannot be read.
pub fn of_chapter(root: &Path, chapter: &Chapter) -> io::Result<Vec<Known>> {
    let solutions = root.join("solutions");
    let mut known = vec![Known {
        file: root.join(chapter.solution()),
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

/// The whole text of a known answer, as it can take the place of the stub.
///
/// # Errors
///
/// The file cannot be read, or is an overlay of which no whole answer can be made.
pub fn whole(file: &Path) -> io::Result<String> {
    let is_in = |name: &str| file.components().any(|part| part.as_os_str() == name);
    let whole = if is_in("wrong") || (is_in("also") && is_of_folder(file)?) {
        overlay::compose_file(&workbook(), file)
    } else {
        overlay::read_answer(file)
    };
    whole.map_err(io::Error::other)
}

/// Whether an answer belongs to a chapter whose answers have several files. All but its reference are overlays.
fn is_of_folder(file: &Path) -> io::Result<bool> {
    let reference = overlay::reference_of(&workbook(), file);
    Ok(reference.map_err(io::Error::other)?.ends_with("main.rs"))
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
