//! A table that is made of what stands elsewhere: the chapters.

use std::{fmt::Write as _, path::Path};

use workbook::course::Course;

/// A line for each chapter: its number, its title with a link, and its idea.
///
/// # Errors
///
/// The course cannot be read.
pub(crate) fn chapters(root: &Path) -> Result<String, String> {
    let course = Course::open(root).map_err(|error| error.to_string())?;
    let mut table = String::from("| chapter | title | what you learn |\n|---|---|---|\n");
    for chapter in course.chapters() {
        let title = format!("[{}]({}.md)", cell(&chapter.title), chapter.slug);
        let idea = cell(&chapter.idea);
        writeln!(table, "| {} | {title} | {idea} |", chapter.number())
            .expect("a String takes every write");
    }
    Ok(table)
}

/// What can stand in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::fixture::workbook;

    #[test]
    fn every_chapter_has_a_line() {
        let table = chapters(workbook()).expect("the course is here");
        let line = "| 03 | [Gather](03_gather.md) | Overlap the waits: ";
        assert!(table.contains(line), "{table}");
        let course = Course::open(workbook()).expect("the course is here");
        assert_eq!(table.lines().count(), 2 + course.chapters().len());
    }
}
