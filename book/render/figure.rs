//! A timeline or gauge of a lesson, as a picture and as the text that the lesson prints.

use std::time::Duration;

use async_workbook::{
    clock::Readable,
    timeline::{Drawing, Style},
};
use quick_xml::escape::escape;

/// A figure along an axis of this length, whose elements have ids that begin with `id`.
pub(crate) fn html(drawing: &Drawing, axis: Duration, id: &str) -> String {
    // A reader without a mouse has to reach the picture to scroll it.
    format!(
        "<figure class=\"timeline\">\n<div class=\"picture\" tabindex=\"0\">\n{svg}</div>\n\
         <details><summary>As text</summary><pre>{text}</pre></details>\n</figure>",
        svg = drawing.svg_along(axis, id, &title(drawing)),
        text = escape(
            drawing
                .text(&Style::unicode(Style::DEFAULT_WIDTH))
                .trim_end()
        )
    )
}

fn title(drawing: &Drawing) -> String {
    let total = Readable(drawing.total());
    let timeline = match drawing {
        Drawing::Timeline(timeline) => timeline,
        Drawing::Gauge(gauge) => {
            return format!("Gauge of {total}: at most {} under way", gauge.most());
        }
    };
    let labels: Vec<&str> = timeline.rows.iter().map(|row| row.label.as_str()).collect();
    if labels.len() > 6 {
        return format!("Timeline of {total} with {} rows", labels.len());
    }
    format!("Timeline of {total}: {}", labels.join(", "))
}
