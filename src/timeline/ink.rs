//! What the parts of a drawing stand for, and the colours that a terminal gives them.

use anstyle::AnsiColor;

/// What some characters of a drawing stand for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ink {
    /// Labels and lengths.
    Plain,
    /// The scale above the bars.
    Scale,
    /// A future that was made, and not polled yet.
    Unpolled,
    /// A future that waits.
    Waiting,
    /// A future that holds the thread: nothing else can run there.
    Blocking,
    /// The end of what failed.
    Failed,
    /// The end of what was dropped half way.
    Dropped,
    /// A moment that decides.
    Moment,
}

impl Ink {
    /// What the glyph of this ink means, if it has one.
    #[must_use]
    pub const fn meaning(self) -> Option<&'static str> {
        match self {
            Self::Plain | Self::Scale | Self::Moment => None,
            Self::Unpolled => Some("made, not polled yet"),
            Self::Waiting => Some("waiting"),
            Self::Blocking => Some("holding the thread"),
            Self::Failed => Some("failed"),
            Self::Dropped => Some("dropped half way"),
        }
    }

    /// How a terminal shows it.
    #[must_use]
    pub const fn style(self) -> anstyle::Style {
        match self {
            Self::Plain => anstyle::Style::new(),
            Self::Scale | Self::Unpolled => anstyle::Style::new().dimmed(),
            Self::Waiting => AnsiColor::Cyan.on_default(),
            Self::Blocking => AnsiColor::Magenta.on_default(),
            Self::Failed => AnsiColor::Red.on_default(),
            Self::Dropped => AnsiColor::Yellow.on_default(),
            Self::Moment => anstyle::Style::new().bold(),
        }
    }
}

/// Characters of a drawing, all in the same ink.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Stroke {
    /// The characters, none of which is a control character.
    pub text: String,
    /// What they stand for.
    pub ink: Ink,
}

/// A line of a drawing.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Line(Vec<Stroke>);

impl Line {
    /// Its strokes, from left to right.
    #[must_use]
    pub fn strokes(&self) -> &[Stroke] {
        &self.0
    }

    /// The characters alone.
    #[must_use]
    pub fn plain(&self) -> String {
        self.0.iter().map(|stroke| stroke.text.as_str()).collect()
    }

    /// The line as a terminal takes it that knows colours.
    #[must_use]
    pub fn painted(&self) -> String {
        let painted = self.0.iter().map(|Stroke { text, ink }| {
            let style = ink.style();
            format!("{style}{text}{style:#}")
        });
        painted.collect()
    }

    /// Adds characters at its end.
    pub(super) fn push(&mut self, text: impl AsRef<str>, ink: Ink) {
        let text = text.as_ref();
        match self.0.last_mut() {
            Some(last) if last.ink == ink => last.text.push_str(text),
            _ if text.is_empty() => {}
            _ => self.0.push(Stroke {
                text: text.to_owned(),
                ink,
            }),
        }
    }

    /// Takes the spaces off its end.
    pub(super) fn trimmed(mut self) -> Self {
        while let Some(last) = self.0.last_mut() {
            last.text.truncate(last.text.trim_end().len());
            if !last.text.is_empty() {
                break;
            }
            self.0.pop();
        }
        self
    }
}

/// Lines of text, each ended by a line break.
pub(super) fn text(lines: &[Line], to_text: impl Fn(&Line) -> String) -> String {
    lines.iter().map(|line| to_text(line) + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_painted_and_says_the_same() {
        let mut line = Line::default();
        line.push("users ", Ink::Plain);
        line.push("━━", Ink::Waiting);
        line.push("━", Ink::Waiting);
        line.push("▲", Ink::Failed);
        line.push("  ", Ink::Plain);
        let line = line.trimmed();
        assert_eq!(line.plain(), "users ━━━▲");
        assert_eq!(
            line.painted(),
            "users \u{1b}[36m━━━\u{1b}[0m\u{1b}[31m▲\u{1b}[0m"
        );
    }

    #[test]
    fn spaces_alone_are_an_empty_line() {
        let mut line = Line::default();
        line.push("  ", Ink::Plain);
        line.push(" ", Ink::Waiting);
        assert_eq!(line.trimmed(), Line::default());
    }
}
