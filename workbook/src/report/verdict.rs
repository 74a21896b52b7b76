//! A verdict as text.

use async_workbook::{
    timeline::Style,
    verdict::{Below, Picture, Words},
};

use crate::text::{Text, plain, quiet};

/// How far the words of a point are set in, after its name.
const COLUMN: usize = 15;

/// Fewer columns than these are too few for words beside a name.
const NARROW: usize = 50;

/// What is said below the headline, for `style.width` columns.
pub(super) fn text_below(words: &Words, style: &Style) -> Text {
    let mut text = Text::default();
    for below in &words.below {
        text.add(match below {
            Below::Point(name, words) => point(name, "", words, style),
            Below::List(name, items) => {
                let names = std::iter::once(*name).chain(std::iter::repeat(""));
                let mut list = Text::default();
                for (name, item) in std::iter::zip(names, items) {
                    list.add(point(name, "- ", item, style));
                }
                list
            }
            Below::Code(code) => Text::kept(code).indented(column(style)),
            Below::Compiler(error) => Text::painted(error),
            Below::Timeline(timeline) => between_blanks(Text::drawn(&timeline.lines(style))),
            Below::Drawing(lines) => between_blanks(Text::kept(lines)),
        });
    }
    text
}

/// Words under their name: beside it, or below it where there is little room.
pub(super) fn point(name: &str, mark: &str, words: &str, style: &Style) -> Text {
    let column = column(style);
    if column == COLUMN {
        let name = format!("{name:COLUMN$}");
        return Text::under([quiet(name), plain(mark)], words);
    }
    let mut text = Text::default();
    if !name.is_empty() {
        text.line(quiet(name));
    }
    let lead = format!("{:column$}{mark}", "");
    text.add(Text::under(plain(lead), words));
    text
}

/// How far the words of a point are set in.
fn column(style: &Style) -> usize {
    if style.width < NARROW { 2 } else { COLUMN }
}

/// What ran when, and what else.
pub(super) fn picture_text(picture: &Picture, style: &Style) -> Text {
    let mut text = Text::default();
    if !picture.timeline.rows.is_empty() {
        text.add(Text::kept(&picture.timeline.text(style)));
    }
    if let Some(drawing) = &picture.drawing {
        text.add(Text::kept(drawing));
    }
    text
}

/// A drawing between two empty lines.
fn between_blanks(drawing: Text) -> Text {
    let mut text = Text::default();
    text.blank();
    text.add(drawing);
    text.blank();
    text
}
