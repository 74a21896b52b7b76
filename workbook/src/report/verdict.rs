//! A verdict as text.

use async_workbook::{
    timeline::Style,
    verdict::{Below, Words},
};

use crate::text::{Text, plain, quiet};

/// How far the words of a point are set in, after its name.
const COLUMN: usize = 15;

/// What is said below the headline, for `style.width` columns.
pub(super) fn text_below(words: &Words, style: &Style) -> Text {
    let mut text = Text::default();
    for below in &words.below {
        text.add(match below {
            Below::Point(name, words) => point(name, "", words),
            Below::List(name, items) => {
                let names = std::iter::once(*name).chain(std::iter::repeat(""));
                let mut list = Text::default();
                for (name, item) in std::iter::zip(names, items) {
                    list.add(point(name, "- ", item));
                }
                list
            }
            Below::Code(code) => Text::kept(code).indented(COLUMN),
            Below::Compiler(error) => Text::painted(error),
            Below::Timeline(timeline) => between_blanks(Text::drawn(&timeline.lines(style))),
            Below::Drawing(lines) => between_blanks(Text::kept(lines)),
        });
    }
    text
}

fn point(name: &str, mark: &str, words: &str) -> Text {
    let name = format!("{name:COLUMN$}");
    Text::under([quiet(name), plain(mark)], words)
}

/// A drawing between two empty lines.
fn between_blanks(drawing: Text) -> Text {
    let mut text = Text::default();
    text.blank();
    text.add(drawing);
    text.blank();
    text
}
