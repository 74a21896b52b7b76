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

use super::model::{ChapterReport, Report, Tally, VerdictReport};
use crate::grade::State;

/// The report as an XML document.
#[must_use]
pub fn document(report: &Report) -> String {
    write(report).expect("write the report as XML to memory")
}

fn write(report: &Report) -> io::Result<String> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let seconds = format!("{:.3}", report.took.as_secs_f64());
    writer
        .create_element("testsuites")
        .with_attribute(("name", "async-workbook"))
        .with_attributes(attributes(&counts(&report.tally())))
        .with_attribute(("time", seconds.as_str()))
        .write_inner_content(|writer| {
            for chapter in &report.chapters {
                suite(writer, chapter)?;
            }
            Ok(())
        })?;
    String::from_utf8(writer.into_inner()).map_err(io::Error::other)
}

type Counts = [(&'static str, String); 3];

fn counts(tally: &Tally) -> Counts {
    let failed = tally.wrong + tally.not_graded;
    [
        ("tests", tally.tasks().to_string()),
        ("failures", failed.to_string()),
        ("skipped", tally.not_started.to_string()),
    ]
}

fn attributes(counts: &Counts) -> impl Iterator<Item = (&str, &str)> {
    counts.iter().map(|(name, count)| (*name, count.as_str()))
}

fn suite(writer: &mut Writer<Vec<u8>>, report: &ChapterReport) -> io::Result<()> {
    writer
        .create_element("testsuite")
        .with_attribute(("name", report.chapter.slug.as_str()))
        .with_attributes(attributes(&counts(&report.tally())))
        .write_inner_content(|writer| {
            for (name, verdict, printed) in report.tasks() {
                case(writer, report, name, verdict, printed)?;
            }
            Ok(())
        })?;
    Ok(())
}

fn case(
    writer: &mut Writer<Vec<u8>>,
    report: &ChapterReport,
    name: &str,
    verdict: &VerdictReport,
    printed: &str,
) -> io::Result<()> {
    let element = writer
        .create_element("testcase")
        .with_attribute(("classname", report.chapter.slug.as_str()))
        .with_attribute(("name", name))
        .with_attribute(("file", report.file.as_str()));
    let outcome = match verdict.state {
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
            .with_attribute(("message", text(&verdict.headline()).as_str()))
            .write_text_content(BytesText::new(&text(&verdict.details())))?;
        if !printed.is_empty() {
            writer
                .create_element("system-out")
                .write_text_content(BytesText::new(&text(printed)))?;
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
pub(super) mod tests {
    use std::time::Duration;

    use async_workbook::{
        timeline::Timeline,
        verdict::{Fault, Place, Verdict},
    };
    use quick_xml::{Reader, events::Event};

    use super::*;
    use crate::{
        course::Course,
        grade::{Grade, Graded, Outcome, Pictures, Sources},
        progress::Progress,
        report::model::Found,
    };

    fn grade(name: &str, verdict: Verdict) -> Grade {
        Grade {
            task: name.into(),
            verdict,
            printed: "\u{0}\u{ffff} said".into(),
            faults: Vec::new(),
            scene: None,
            pictures: Pictures::default(),
        }
    }

    /// A report with a task of each kind, and a file that cannot be graded. Its tasks are those of the chapter.
    pub(in crate::report) fn report_of_tasks() -> Report {
        let mut report = report();
        let chapter = &mut report.chapters[0];
        if let Found::Tasks(tasks) = &mut chapter.found {
            for (task, own) in std::iter::zip(tasks, &chapter.chapter.tasks) {
                task.name.clone_from(&own.name);
            }
        }
        report
    }

    fn report() -> Report {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        let course = Course::open(root.as_ref()).expect("this is the workbook");
        let chapter = course.chapter("03").expect("it is there");
        let graded = |outcome| Graded {
            file: chapter.stub(),
            fingerprint: None,
            sources: Sources::default(),
            outcome,
        };
        let wrong = Verdict::Wrong {
            fault: Fault::new("a < b").happened("what <happened> \u{1b}[31m& why"),
            timeline: Timeline::default(),
        };
        let not_started = Verdict::NotStarted {
            hole: "a < b & \"c\"".into(),
            at: Place {
                file: "exercises/03_gather.rs".into(),
                line: 7,
            },
        };
        let tasks = graded(Outcome::Tasks(vec![
            grade("good", Verdict::Passed),
            grade("bad", wrong),
            grade("open", not_started),
        ]));
        let file = graded(Outcome::File(Verdict::Unreadable {
            cause: "missing".into(),
        }));
        Report {
            took: Duration::from_millis(1234),
            chapters: vec![
                ChapterReport::new(chapter, &tasks, &Progress::default()),
                ChapterReport::new(chapter, &file, &Progress::default()),
            ],
        }
    }

    #[test]
    fn a_report_reads_as_machines_expect() {
        insta::assert_snapshot!(document(&report()));
    }

    #[test]
    fn the_document_is_well_formed_whatever_was_printed() {
        let document = document(&report());
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
