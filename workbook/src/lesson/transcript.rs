//! What a lesson printed, with the code that it comes from and what its words and glyphs mean.
//!
//! A lesson is run with its timelines as data, so they are drawn here: as wide as there is room, and in colour.

use std::{
    collections::VecDeque,
    fs,
    path::{Path, PathBuf},
};

use async_workbook::timeline::{Charset, Drawing, Style};

use crate::{
    course::{Chapter, Course, Term},
    page::include,
    text::{Text, link, plain, quiet, stroke},
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
        Layout {
            columns,
            charset,
            held: None,
            explained: Vec::new(),
            terms: self.terms.clone(),
            due: Vec::new(),
        }
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

    fn text(&self) -> Text {
        let file = self.file.display().to_string().replace('\\', "/");
        let mut text = Text::from([link(&file), quiet(format!(":{}", self.line))]);
        for line in self.text.lines() {
            let is_comment = line.trim_start().starts_with("//");
            text.line(if is_comment { quiet(line) } else { plain(line) });
        }
        text
    }
}

/// Lays parts out one after another: code beside the next drawing where both fit, and above it elsewhere.
#[derive(Clone, Debug)]
pub struct Layout {
    columns: usize,
    charset: Charset,
    /// Code, and what is to stand beside it as far as it is known.
    held: Option<(Text, Vec<Part>)>,
    /// The glyphs that were explained.
    explained: Vec<String>,
    /// The terms that were not.
    terms: Vec<Term>,
    /// Terms that are explained when the paragraph ends.
    due: Vec<Term>,
}

impl Layout {
    /// Fewer columns are too few for a drawing beside its code.
    const DRAWING: usize = 48;
    /// Wider, bars grow no easier to compare.
    const WIDEST: usize = 100;
    /// Between code and what stands beside it.
    const GAP: usize = 3;

    /// Takes the next part, and returns what can be shown now.
    #[must_use]
    pub fn take(&mut self, part: &Part) -> Text {
        match (part, &mut self.held) {
            (Part::Code(code), _) => {
                let mut text = self.release();
                let code = code.text();
                if code.width() + Self::GAP + Self::DRAWING <= self.columns {
                    self.held = Some((code, Vec::new()));
                } else {
                    text.add(above(code));
                }
                text
            }
            (part, Some((_, held))) => {
                held.push(part.clone());
                match part {
                    Part::Drawing(_) => self.release(),
                    _ => Text::default(),
                }
            }
            (part, None) => self.show(part, self.columns),
        }
    }

    /// Returns what was not shown yet.
    #[must_use]
    pub fn finish(&mut self) -> Text {
        let mut text = self.release();
        text.add(self.explain_terms());
        text
    }

    /// What was held back, beside its code if it fits.
    fn release(&mut self) -> Text {
        let Some((code, parts)) = self.held.take() else {
            return Text::default();
        };
        let room = self.columns - code.width() - Self::GAP;
        let mut layout = self.clone();
        let shown = layout.show_all(&parts, room);
        if shown.width() <= room {
            *self = layout;
            return code.beside(Self::GAP, shown);
        }
        let mut text = above(code);
        text.add(self.show_all(&parts, self.columns));
        text
    }

    fn show_all(&mut self, parts: &[Part], columns: usize) -> Text {
        let mut text = Text::default();
        for part in parts {
            text.add(self.show(part, columns));
        }
        text
    }

    fn show(&mut self, part: &Part, columns: usize) -> Text {
        match part {
            Part::Line(line) if line.trim().is_empty() => {
                let mut text = self.explain_terms();
                text.blank();
                text
            }
            Part::Line(line) => {
                let (due, later) = std::mem::take(&mut self.terms)
                    .into_iter()
                    .partition::<Vec<_>, _>(|term| line.contains(&term.word));
                self.due.extend(due);
                self.terms = later;
                Text::painted(line)
            }
            Part::Drawing(drawing) => {
                let style = Style {
                    width: columns.min(Self::WIDEST),
                    charset: self.charset,
                };
                let mut text = Text::drawn(&drawing.lines(&style));
                text.add(self.legend(drawing, &style));
                text
            }
            Part::Code(code) => above(code.text()),
        }
    }

    /// The glyphs of a drawing that were not explained before.
    fn legend(&mut self, drawing: &Drawing, style: &Style) -> Text {
        let mut text = Text::default();
        let mut spans = Vec::new();
        let mut width = 0;
        for glyph in drawing.glyphs(style) {
            let Some(meaning) = glyph.ink.meaning() else {
                continue;
            };
            if self.explained.contains(&glyph.text) {
                continue;
            }
            self.explained.push(glyph.text.clone());
            let columns = meaning.chars().count() + 5;
            if width + columns > style.width && width > 0 {
                text.line(std::mem::take(&mut spans));
                width = 0;
            }
            width += columns;
            spans.extend([plain("  "), stroke(&glyph), quiet(format!(" {meaning} "))]);
        }
        if !spans.is_empty() {
            text.line(spans);
        }
        text
    }

    fn explain_terms(&mut self) -> Text {
        let mut text = Text::default();
        for term in std::mem::take(&mut self.due) {
            let lead = quiet(format!("  {}: ", term.word));
            text.add(Text::under(lead, quiet(term.means)));
        }
        text
    }
}

/// Code above what comes from it.
fn above(code: Text) -> Text {
    let mut text = code;
    text.blank();
    text
}
