//! Tables that are made of what stands elsewhere: the chapters, and what goes wrong in them.

use std::{fmt::Write as _, fs, path::Path};

use workbook::course::{Chapter, Course};

use crate::mistakes::Section;

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

/// A line for each section on a misconception: its symptom, its name with a link, and its chapter.
///
/// # Errors
///
/// The course or a page cannot be read, or a section does not begin with its symptom.
pub(crate) fn misconceptions(root: &Path) -> Result<String, String> {
    let course = Course::open(root).map_err(|error| error.to_string())?;
    let mut table = String::from("| what you see | what it may be | chapter |\n|---|---|---|\n");
    for chapter in course.chapters() {
        let page = chapter.page();
        let text = fs::read_to_string(root.join(&page))
            .map_err(|error| format!("cannot read {}: {error}", page.display()))?;
        let sections =
            Section::all(&text).map_err(|reason| format!("{}: {reason}", page.display()))?;
        for section in sections {
            table.push_str(&row(chapter, &section));
        }
    }
    Ok(table)
}

fn row(chapter: &Chapter, section: &Section<'_>) -> String {
    let slug = &chapter.slug;
    format!(
        "| {symptom} | [{name}]({slug}.md#{id}) | [{number}]({slug}.md) |\n",
        symptom = cell(&section.symptom),
        name = cell(section.heading),
        id = section.id(),
        number = chapter.number(),
    )
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

    #[test]
    fn every_misconception_has_a_line() {
        let table = misconceptions(workbook()).expect("every section has its symptom");
        let line = "| ten calls take ten times as long as one. | [Awaits in a loop](03_gather.md#awaits-in-a-loop) | [03](03_gather.md) |";
        assert!(table.lines().any(|found| found == line), "{table}");
        let course = Course::open(workbook()).expect("the course is here");
        let sections = course.chapters().iter().map(|chapter| {
            let page = fs::read_to_string(workbook().join(chapter.page())).expect("it has a page");
            let lines = page.lines();
            let below = lines.skip_while(|line| *line != "## What goes wrong");
            below.filter(|line| line.starts_with("### ")).count()
        });
        assert_eq!(table.lines().count(), 2 + sections.sum::<usize>());
    }
}
