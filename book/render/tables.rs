//! Tables that are made of what stands elsewhere: the chapters, and what goes wrong in them.

use std::{fmt::Write as _, fs, path::Path};

use workbook::course::{Chapter, Course};

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
        for section in sections(&text) {
            let row = row(chapter, section).map_err(|reason| {
                let name = section.lines().next().unwrap_or_default();
                format!("{}: the section `{name}` {reason}", page.display())
            })?;
            table.push_str(&row);
        }
    }
    Ok(table)
}

/// The sections below "What goes wrong", each from its heading on.
fn sections(page: &str) -> impl Iterator<Item = &str> {
    let below = page.split("\n## What goes wrong\n").nth(1);
    let below = below.unwrap_or_default().split("\n## ").next();
    below.unwrap_or_default().split("\n### ").skip(1)
}

fn row(chapter: &Chapter, section: &str) -> Result<String, &'static str> {
    let (heading, text) = section.split_once('\n').ok_or("is empty")?;
    let heading = heading.trim();
    let paragraph = text.trim_start().split("\n\n").next().unwrap_or_default();
    let symptom = paragraph
        .strip_prefix("Symptom: ")
        .ok_or("does not begin with `Symptom: `")?;
    let symptom = first_sentence(&symptom.replace('\n', " ")).ok_or("has a symptom without end")?;
    let slug = &chapter.slug;
    Ok(format!(
        "| {symptom} | [{name}]({slug}.md#{id}) | [{number}]({slug}.md) |\n",
        symptom = cell(&symptom),
        name = cell(heading),
        id = id(heading),
        number = chapter.number(),
    ))
}

/// Up to the first full stop that ends a sentence, and does not stand in code.
fn first_sentence(text: &str) -> Option<String> {
    let mut in_code = false;
    for (at, c) in text.char_indices() {
        in_code ^= c == '`';
        let after = text[at + c.len_utf8()..].chars().next();
        if c == '.' && !in_code && after.is_none_or(char::is_whitespace) {
            return Some(text[..=at].to_owned());
        }
    }
    None
}

/// The id that mdBook gives a heading. Were it another one, the link would lead nowhere, which is noticed.
fn id(heading: &str) -> String {
    let kept = heading.chars().filter_map(|c| match c {
        c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
        c if c.is_whitespace() => Some('-'),
        _ => None,
    });
    kept.collect::<String>().to_lowercase()
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

    #[test]
    fn a_full_stop_in_code_ends_no_sentence() {
        let sentence = |text| first_sentence(text);
        assert_eq!(
            sentence("`a. b` at 4.7 s. More."),
            Some("`a. b` at 4.7 s.".into())
        );
        assert_eq!(sentence("Never ends"), None);
    }
}
