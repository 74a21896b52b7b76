//! Verdicts as JUnit XML, for the machines that gather test results.
//!
//! A chapter is a test suite and a task a test case. A task that is not started counts as skipped, one
//! that is wrong or cannot be graded as failed. The shape is the common one of Jenkins and GitLab.

use std::io;

use async_workbook::verdict::escape_control;
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::json::{ChapterReport, Report, TaskReport};
use crate::grade::State;

/// The report as an XML document.
///
/// # Errors
///
/// None that memory does not make: the document is written to it.
pub fn document(report: &Report) -> io::Result<String> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let tasks = || report.chapters.iter().flat_map(|chapter| &chapter.tasks);
    writer
        .create_element("testsuites")
        .with_attribute(("name", "async-workbook"))
        .with_attributes(attributes(&counts(tasks())))
        .write_inner_content(|writer| {
            for chapter in &report.chapters {
                suite(writer, chapter)?;
            }
            Ok(())
        })?;
    String::from_utf8(writer.into_inner()).map_err(io::Error::other)
}

type Counts = [(&'static str, String); 3];

fn counts<'a>(tasks: impl Iterator<Item = &'a TaskReport>) -> Counts {
    let (mut all, mut failed, mut skipped) = (0, 0, 0);
    for task in tasks {
        all += 1;
        match task.state {
            State::Passed => {}
            State::NotStarted => skipped += 1,
            State::Wrong | State::NotGraded => failed += 1,
        }
    }
    [
        ("tests", all.to_string()),
        ("failures", failed.to_string()),
        ("skipped", skipped.to_string()),
    ]
}

fn attributes(counts: &Counts) -> impl Iterator<Item = (&str, &str)> {
    counts.iter().map(|(name, count)| (*name, count.as_str()))
}

fn suite(writer: &mut Writer<Vec<u8>>, chapter: &ChapterReport) -> io::Result<()> {
    writer
        .create_element("testsuite")
        .with_attribute(("name", chapter.slug.as_str()))
        .with_attributes(attributes(&counts(chapter.tasks.iter())))
        .write_inner_content(|writer| {
            for task in &chapter.tasks {
                case(writer, chapter, task)?;
            }
            Ok(())
        })?;
    Ok(())
}

fn case(
    writer: &mut Writer<Vec<u8>>,
    chapter: &ChapterReport,
    task: &TaskReport,
) -> io::Result<()> {
    let element = writer
        .create_element("testcase")
        .with_attribute(("classname", chapter.slug.as_str()))
        .with_attribute(("name", task.name.as_str()))
        .with_attribute(("file", chapter.file.as_str()));
    let outcome = match task.state {
        State::Passed => None,
        State::NotStarted => Some("skipped"),
        State::Wrong | State::NotGraded => Some("failure"),
    };
    let Some(outcome) = outcome else {
        element.write_empty()?;
        return Ok(());
    };
    element.write_inner_content(|writer| {
        writer
            .create_element(outcome)
            .with_attribute(("message", text(&task.headline).as_str()))
            .write_text_content(BytesText::new(&text(&task.details)))?;
        if !task.printed.is_empty() {
            writer
                .create_element("system-out")
                .write_text_content(BytesText::new(&text(&task.printed)))?;
        }
        Ok(())
    })?;
    Ok(())
}

/// XML knows no control characters, not even escaped ones.
fn text(words: &str) -> String {
    escape_control(words)
        .chars()
        .map(|c| match c {
            '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use quick_xml::{Reader, events::Event};

    use super::*;
    use crate::report::json::{Kind, VERSION};

    fn task(name: &str, state: State) -> TaskReport {
        TaskReport {
            name: name.into(),
            state,
            kind: Kind::Wrong,
            headline: "a < b & \"c\"".into(),
            details: "what <happened> \u{1b}[31m& why\n".into(),
            misconception: None,
            happened: None,
            expected: None,
            next: None,
            section: None,
            place: None,
            timeline: Vec::new(),
            drawing: None,
            printed: "\u{0}\u{ffff} said".into(),
        }
    }

    fn report() -> Report {
        Report {
            version: VERSION,
            passed: false,
            chapters: vec![ChapterReport {
                slug: "03_gather".into(),
                title: "Gather".into(),
                file: "exercises/03_gather.rs".into(),
                tasks: vec![
                    task("good", State::Passed),
                    task("bad", State::Wrong),
                    task("open", State::NotStarted),
                    task("broken", State::NotGraded),
                ],
            }],
        }
    }

    #[test]
    fn a_report_reads_as_machines_expect() {
        insta::assert_snapshot!(document(&report()).expect("it is written to memory"));
    }

    #[test]
    fn the_document_is_well_formed_whatever_was_printed() {
        let document = document(&report()).expect("it is written to memory");
        let mut reader = Reader::from_str(&document);
        loop {
            match reader.read_event().expect("well-formed") {
                Event::Eof => break,
                Event::Text(text) => {
                    let text = text.xml10_content();
                    let control = text.chars().find(|c| c.is_control() && *c != '\n');
                    assert_eq!(control, None, "{text:?}");
                }
                _ => {}
            }
        }
    }
}
