//! A verdict as text.

use async_workbook::{
    timeline::{Style, Timeline},
    verdict::Verdict,
};

use crate::{
    course::Chapter,
    text::{Text, plain, quiet},
};

/// What a verdict says: in a line, and below it.
#[derive(Clone, Debug)]
pub struct Words {
    /// The verdict in a line.
    pub headline: String,
    /// What is said below it, in order.
    pub below: Vec<Below>,
}

/// One thing that is said below the headline.
#[derive(Clone, Debug)]
pub enum Below {
    /// A point under its name: `What happened`, `Try next`.
    Point(&'static str, String),
    /// Points under one name.
    List(&'static str, Vec<String>),
    /// Code, as it is to be typed.
    Code(String),
    /// What the compiler printed, with its colours if they were asked for.
    Compiler(String),
    /// What ran when.
    Timeline(Timeline),
    /// What ran, in lines of text.
    Drawing(String),
}

/// What a verdict says to whoever works on `chapter`.
pub(super) fn words(verdict: &Verdict, chapter: &Chapter) -> Words {
    let mut below = Vec::new();
    if let Verdict::DoesNotCompile { error, .. } = verdict {
        below.push(Below::Compiler(error.trim_end().to_owned()));
    }
    let points = verdict.points().into_iter();
    below.extend(points.map(|point| Below::Point(point.name, point.words)));
    // What the chapter knows besides.
    match verdict {
        Verdict::Unreadable { .. } => below.push(Below::Point(
            "Try next",
            format!(
                "bring it back from your editor's history, or begin anew: `cargo run -- reset {}`",
                chapter.number()
            ),
        )),
        Verdict::HiddenTestsMissing => {
            let slug = &chapter.slug;
            below.push(Below::Point(
                "Try next",
                format!(
                    "end exercises/{slug}.rs with these lines, and name no module of your own `hidden`:"
                ),
            ));
            below.push(Below::Code(format!(
                "#[cfg(test)]\n#[path = \"hidden/{slug}.rs\"]\nmod hidden;"
            )));
        }
        Verdict::Stuck { .. } => below.push(causes(&chapter.causes.stuck)),
        Verdict::NeverReturned { .. } => below.push(causes(&chapter.causes.never_returned)),
        _ => {}
    }
    let timeline = verdict
        .timeline()
        .filter(|timeline| !timeline.rows.is_empty());
    below.extend(timeline.cloned().map(Below::Timeline));
    below.extend(verdict.drawing().map(str::to_owned).map(Below::Drawing));
    if let Verdict::Wrong { fault, .. } = verdict {
        below.push(Below::Point("Read", chapter.section(fault)));
    }
    Words {
        headline: verdict.headline(),
        below,
    }
}

/// Why this chapter's answers never end, the likeliest cause first.
fn causes(causes: &[String]) -> Below {
    Below::List("Likely causes", causes.to_vec())
}

impl Words {
    /// How far the words of a point are set in, after its name.
    const COLUMN: usize = 15;

    /// What is said below the headline, for `style.width` columns.
    #[must_use]
    pub fn text_below(&self, style: &Style) -> Text {
        let mut text = Text::default();
        for below in &self.below {
            text.add(match below {
                Below::Point(name, words) => Self::point(name, "", words),
                Below::List(name, items) => {
                    let names = std::iter::once(*name).chain(std::iter::repeat(""));
                    let mut list = Text::default();
                    for (name, item) in std::iter::zip(names, items) {
                        list.add(Self::point(name, "- ", item));
                    }
                    list
                }
                Below::Code(code) => Text::kept(code).indented(Self::COLUMN),
                Below::Compiler(error) => Text::painted(error),
                Below::Timeline(timeline) => drawing(&timeline.text(style)),
                Below::Drawing(lines) => drawing(lines),
            });
        }
        text
    }

    fn point(name: &str, mark: &str, words: &str) -> Text {
        let name = format!("{name:width$}", width = Self::COLUMN);
        Text::under([quiet(name), plain(mark)], words)
    }
}

/// Lines between two empty ones.
fn drawing(lines: &str) -> Text {
    let mut text = Text::default();
    text.blank();
    text.add(Text::kept(lines));
    text.blank();
    text
}
