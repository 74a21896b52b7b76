//! Lays out what a lesson printed, with its code and what its glyphs and words mean.

use async_workbook::timeline::{Charset, Drawing, Style};

use super::Part;
use crate::{
    course::Term,
    text::{Text, plain, quiet, stroke},
};

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

    /// Nothing is laid out yet.
    pub(super) fn new(columns: usize, charset: Charset, terms: Vec<Term>) -> Self {
        Self {
            columns,
            charset,
            held: None,
            explained: Vec::new(),
            terms,
            due: Vec::new(),
        }
    }

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
            let gap = if spans.is_empty() { "  " } else { "   " };
            spans.extend([plain(gap), stroke(&glyph), quiet(format!(" {meaning}"))]);
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{super::Transcript, *};
    use crate::course::Course;

    fn course() -> Course {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        Course::open(root).expect("this is the workbook")
    }

    /// What a lesson printed, in so many columns.
    fn shown(chapter: &str, lines: &[&str], columns: usize) -> String {
        let course = course();
        let chapter = course.chapter(chapter).expect("it is there");
        let mut transcript = Transcript::new(&course, chapter);
        for line in lines {
            transcript.take(line);
        }
        let text = transcript.text(columns, Charset::Unicode);
        text.to_plain(columns)
    }

    const GATHERED: &str = "A dashboard of 0.5, 0.3 and 0.2 s, gathered:";
    /// One call that failed after 0.5 s.
    const TIMELINE: &str = r#"{"rows":[{"label":"users","depth":0,"created":{"secs":0,"nanos":0},"started":{"secs":0,"nanos":0},"ended":{"secs":0,"nanos":500000000},"busy":[],"end":"Failed"}],"left_out":0,"total":{"secs":0,"nanos":500000000}}"#;

    #[test]
    fn code_stands_beside_what_comes_from_it_where_both_fit() {
        let wide = shown("03", &[GATHERED, "", TIMELINE, "", "end"], 130);
        let first = wide.lines().next().expect("it is not empty");
        assert!(
            first.starts_with("examples/03_gather.rs:") && first.ends_with(GATHERED),
            "{wide}"
        );
        let bar = wide.lines().find(|line| line.contains('━'));
        assert!(bar.is_some_and(|bar| bar.contains("join!(")), "{wide}");
        assert!(
            wide.lines().all(|line| line.chars().count() <= 130),
            "{wide}"
        );
        assert!(wide.ends_with("\n\nend\n"), "{wide}");
    }

    #[test]
    fn code_stands_above_it_elsewhere() {
        let narrow = shown("03", &["hello", GATHERED, "", TIMELINE], 80);
        let lines: Vec<&str> = narrow.lines().collect();
        assert_eq!(lines[0], "hello");
        assert!(lines[1].starts_with("examples/03_gather.rs:"), "{narrow}");
        assert_eq!(lines[12], GATHERED, "{narrow}");
        assert!(lines[14].ends_with("0.5 s"), "{narrow}");
    }

    #[test]
    fn each_glyph_is_explained_where_it_is_first_drawn() {
        let text = shown("03", &[TIMELINE, "", TIMELINE], 80);
        assert_eq!(text.matches("━ waiting   ▲ failed").count(), 1, "{text}");
        assert_eq!(text.matches("0.5 s failed").count(), 2, "{text}");
    }

    #[test]
    fn a_word_is_explained_once_at_the_end_of_its_paragraph() {
        let lines = ["a 0 turns", "b 8 turns", "", "c 2 turns"];
        let text = shown("01", &lines, 100);
        assert!(
            text.starts_with("a 0 turns\nb 8 turns\n  turns: how often another task"),
            "{text}"
        );
        assert_eq!(text.matches("turns: ").count(), 1, "{text}");
    }
}
