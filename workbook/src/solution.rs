//! The reference solution of a chapter, as it is shown to learners.

use std::{fs, path::PathBuf};

use crate::{
    course::{Chapter, Course},
    error::Error,
};

/// The solution without its last lines, which only name the hidden tests, and where others stand.
///
/// # Errors
///
/// It cannot be read.
pub fn text(course: &Course, chapter: &Chapter) -> Result<String, Error> {
    let unreadable = |file: PathBuf| {
        move |source| Error::File {
            what: "read",
            file,
            source,
        }
    };
    let files = chapter.solution_files(course.root());
    let mut text = String::new();
    for file in files.map_err(unreadable(chapter.solution()))? {
        let code =
            fs::read_to_string(course.root().join(&file)).map_err(unreadable(file.clone()))?;
        let end = code.find(LAST_LINES);
        let code = &code[..end.unwrap_or(code.len())];
        text += &format!("{}\n\n// From {}.\n\n", code.trim_end(), file.display());
    }
    Ok(format!(
        "{} Others that are just as good are in solutions/also/{}.\n",
        text.trim_end(),
        chapter.slug
    ))
}

/// What the last lines begin with, which hand the answer, some functions or a service, to the hidden tests.
const LAST_LINES: &str = "\n// Hands th";
