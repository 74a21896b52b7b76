//! What a lesson printed, with the code that it comes from and what its words and glyphs mean.
//!
//! A lesson is run with its timelines as data, so they are drawn here: as wide as there is room, and in colour.

use std::{
    collections::VecDeque,
    fs,
    path::{Path, PathBuf},
};

use async_workbook::timeline::{Charset, Drawing};

use super::Layout;
use crate::{
    course::{Chapter, Course, Term},
    page::include,
    text::{Text, link, plain, quiet},
};

/// The most parts of a lesson that are kept.
const PARTS: usize = 2000;

/// What a lesson printed so far.
#[derive(Clone, Debug)]
pub struct Transcript {
    parts: VecDeque<Part>,
    /// The code that is to be shown yet, each with the words in whose line it is.
    codes: Vec<(String, Code)>,
    terms: Vec<Term>,
}

/// A part of a transcript.
#[derive(Clone, Debug)]
pub enum Part {
    /// A line, with the colours that it was printed in.
    Line(String),
    /// A timeline or a gauge.
    Drawing(Drawing),
    /// The code that the next parts come from.
    Code(Code),
}

/// A piece of a lesson's code.
#[derive(Clone, Debug)]
pub struct Code {
    file: PathBuf,
    /// The line on which it begins, counted from 1.
    line: usize,
    text: String,
}

impl Transcript {
    /// Nothing is printed yet.
    #[must_use]
    pub fn new(course: &Course, chapter: &Chapter) -> Self {
        let codes = chapter.lesson.code.iter().filter_map(|code| {
            let file = code.file.clone().unwrap_or_else(|| chapter.example());
            // Whoever tries things out in a lesson may have taken an anchor out.
            let code = Code::read(course.root(), file, &code.anchor).map(|read| (&code.with, read));
            code.map(|(with, code)| (with.clone(), code))
        });
        Self {
            parts: VecDeque::new(),
            codes: codes.collect(),
            terms: chapter.lesson.terms.clone(),
        }
    }

    /// Takes a line that the lesson printed, and returns the parts that it adds.
    pub fn take(&mut self, line: &str) -> Vec<Part> {
        let mut added = Vec::new();
        let drawing = line
            .starts_with('{')
            .then(|| serde_json::from_str(line).ok());
        if let Some(drawing) = drawing.flatten() {
            added.push(Part::Drawing(drawing));
        } else {
            if let Some(index) = self.codes.iter().position(|(with, _)| line.contains(with)) {
                added.push(Part::Code(self.codes.remove(index).1));
            }
            added.push(Part::Line(line.to_owned()));
        }
        self.parts.extend(added.iter().cloned());
        let surplus = self.parts.len().saturating_sub(PARTS);
        self.parts.drain(..surplus);
        added
    }

    /// Whether nothing was printed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// A layout in which its parts are shown.
    #[must_use]
    pub fn layout(&self, columns: usize, charset: Charset) -> Layout {
        Layout::new(columns, charset, self.terms.clone())
    }

    /// All of it, laid out.
    #[must_use]
    pub fn text(&self, columns: usize, charset: Charset) -> Text {
        let mut layout = self.layout(columns, charset);
        let mut text = Text::default();
        for part in &self.parts {
            text.add(layout.take(part));
        }
        text.add(layout.finish());
        text
    }
}

impl Code {
    fn read(root: &Path, file: PathBuf, anchor: &str) -> Option<Self> {
        let text = include(root, &format!("{}:{anchor}", file.display())).ok()?;
        let whole = fs::read_to_string(root.join(&file)).ok()?;
        let mark = format!("ANCHOR: {anchor}");
        let above = whole
            .lines()
            .position(|line| line.trim_end().ends_with(&mark))?;
        Some(Self {
            file,
            line: above + 2,
            text,
        })
    }

    pub(super) fn text(&self) -> Text {
        let file = self.file.display().to_string().replace('\\', "/");
        let mut text = Text::from([link(&file), quiet(format!(":{}", self.line))]);
        for line in self.text.lines() {
            let is_comment = line.trim_start().starts_with("//");
            text.line(if is_comment { quiet(line) } else { plain(line) });
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course() -> Course {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        Course::open(root).expect("this is the workbook")
    }

    #[test]
    fn what_only_looks_like_data_is_a_line() {
        let course = course();
        let mut transcript = Transcript::new(&course, course.chapter("03").expect("it is there"));
        let added = transcript.take("{\"a\": 1}");
        assert!(matches!(&added[..], [Part::Line(line)] if line == "{\"a\": 1}"));
    }

    #[test]
    fn the_code_of_every_lesson_is_there() {
        let course = course();
        for chapter in course.chapters() {
            let transcript = Transcript::new(&course, chapter);
            assert_eq!(
                transcript.codes.len(),
                chapter.lesson.code.len(),
                "{}",
                chapter.slug
            );
        }
    }
}
