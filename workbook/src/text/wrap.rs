//! Breaks lines into those that fit.

use std::ops::Range;

use textwrap::{
    WordSeparator, WordSplitter,
    core::{Word, break_words},
    word_splitters::split_words,
    wrap_algorithms::wrap_first_fit,
};

use super::{Flow, Line, Span, plain};

/// How many columns there are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Columns {
    /// For words.
    words: usize,
    /// For everything, if what is too long may not leave the screen.
    all: Option<usize>,
}

impl Columns {
    /// Fewer are of no use to words.
    const FEWEST: usize = 40;
    /// In more, the eye no longer finds the next line.
    const MOST: usize = 100;

    /// On paper, in a pipe, or in a terminal that breaks lines by itself: paths can be copied whole, and
    /// drawings are drawn on.
    #[must_use]
    pub fn on_paper(columns: usize) -> Self {
        Self {
            words: columns.max(Self::FEWEST),
            all: None,
        }
    }

    /// On a screen that has so many and no more.
    #[must_use]
    pub fn on_screen(columns: usize) -> Self {
        Self {
            words: columns.min(Self::MOST),
            all: Some(columns),
        }
    }
}

impl Line {
    /// The lines that it is broken into: at spaces where there are any, and set in as far as it hangs.
    #[must_use]
    pub fn broken(&self, columns: Columns) -> Vec<Self> {
        let width = match self.flow {
            Flow::Words => Some(columns.words),
            Flow::Kept => columns.all,
        };
        let Some(width) = width.filter(|width| self.width() > *width) else {
            return vec![self.clone()];
        };
        let text = self.plain();
        let hanging = self.hanging_in(width, &text);
        let rest = (width - hanging).max(1);
        let mut words = self.breakable(&text);
        if columns.all.is_some() {
            words = break_words(words, rest);
        }
        let mut lines = Vec::new();
        let mut start = 0;
        #[expect(clippy::cast_precision_loss, reason = "no terminal is that wide")]
        let widths = [width as f64, rest as f64];
        for fitting in wrap_first_fit(&words, &widths) {
            let bytes = |word: &Word<'_>| word.word.len() + word.whitespace.len();
            let all: usize = fitting.iter().map(bytes).sum();
            let last = fitting.last().map_or(0, |word| word.whitespace.len());
            let mut spans = self.slice(&(start..start + all - last));
            if !lines.is_empty() && hanging > 0 {
                spans.insert(0, plain(" ".repeat(hanging)));
            }
            lines.push(Self {
                spans,
                ..Self::default()
            });
            start += all;
        }
        lines
    }

    /// How far the lines that it is broken into are set in. Too far, and there would be no room for words: then they
    /// are set in a little more than the line itself, so that it still shows where the next one begins.
    fn hanging_in(&self, width: usize, text: &str) -> usize {
        let own = text.len() - text.trim_start_matches(' ').len();
        [self.hanging, own + 2, 0]
            .into_iter()
            .find(|hanging| hanging * 2 < width)
            .unwrap_or(0)
            .min(self.hanging)
    }

    fn breakable<'a>(&self, text: &'a str) -> Vec<Word<'a>> {
        let words = WordSeparator::AsciiSpace.find_words(text);
        match self.flow {
            Flow::Words => split_words(words, &WordSplitter::HyphenSplitter).collect(),
            Flow::Kept => words.collect(),
        }
    }

    /// The spans of these bytes.
    fn slice(&self, bytes: &Range<usize>) -> Vec<Span> {
        let mut start = 0;
        let mut slice = Vec::new();
        for span in &self.spans {
            let end = start + span.text.len();
            let (from, to) = (bytes.start.max(start), bytes.end.min(end));
            if from < to {
                slice.push(Span {
                    text: span.text[from - start..to - start].to_owned(),
                    role: span.role.clone(),
                });
            }
            start = end;
        }
        slice
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Text, bad, plain, quiet},
        *,
    };

    fn kept(line: &str, columns: usize) -> Vec<String> {
        broken(&Text::kept(line), Columns::on_screen(columns))
    }

    fn broken(text: &Text, columns: Columns) -> Vec<String> {
        text.broken(columns).iter().map(Line::plain).collect()
    }

    #[test]
    fn a_wide_line_is_broken_and_loses_nothing() {
        assert_eq!(kept("abcdef", 4), ["abcd", "ef"]);
        assert_eq!(kept("abcd", 4), ["abcd"]);
        assert_eq!(kept("日本語", 4), ["日本", "語"]);
        assert_eq!(kept("a", 0), ["a"]);
    }

    #[test]
    fn a_line_is_broken_at_spaces_and_set_in() {
        assert_eq!(kept("one two three", 8), ["one two", "three"]);
        assert_eq!(kept("  one two three", 9), ["  one two", "  three"]);
        assert_eq!(kept("one two-three", 8), ["one", "two-thre", "e"]);
    }

    #[test]
    fn words_go_on_below_the_first_of_them() {
        let text = Text::under(
            [quiet("Try next"), plain("  ")],
            bad("a longer word or two"),
        );
        let columns = Columns {
            words: 24,
            all: Some(24),
        };
        let lines = text.broken(columns);
        assert_eq!(
            lines.iter().map(Line::plain).collect::<Vec<_>>(),
            ["Try next  a longer word", "          or two"]
        );
        assert_eq!(lines[1].spans[1], bad("or two"), "each keeps its role");
    }

    #[test]
    fn a_long_name_leaves_room_for_words() {
        let text = Text::under(plain("  a_long_name_of_a_task  "), "some more words");
        let lines = broken(&text, Columns::on_screen(40));
        assert_eq!(lines, ["  a_long_name_of_a_task  some more words"]);
        let lines = broken(&text, Columns::on_screen(36));
        assert_eq!(lines, ["  a_long_name_of_a_task  some more", "    words"]);
    }

    #[test]
    fn on_paper_only_words_are_broken() {
        let path = "a/".repeat(30);
        let mut text = Text::kept(&format!("{path} {path}"));
        text.add(Text::words(&format!("in {path}")));
        let lines = broken(&text, Columns::on_paper(40));
        assert_eq!(lines, [format!("{path} {path}"), "in".into(), path]);
    }
}
