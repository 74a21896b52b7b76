//! The reference solution of a chapter, as it is shown to learners.

use std::fs;

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
    let file = chapter.solution();
    let code = fs::read_to_string(course.root().join(&file)).map_err(|source| Error::File {
        what: "read",
        file: file.clone(),
        source,
    })?;
    let end = code.find(LAST_LINES);
    let code = &code[..end.unwrap_or(code.len())];
    Ok(format!(
        "{}\n\n// From {}. Others that are just as good are in solutions/also/{}.\n",
        code.trim_end(),
        file.display(),
        chapter.slug
    ))
}

/// What the last lines begin with, which hand the answer, some functions or a service, to the hidden tests.
const LAST_LINES: &str = "\n// Hands th";
