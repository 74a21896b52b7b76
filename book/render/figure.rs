//! A timeline or gauge of a lesson, as a picture and as text.

use std::time::Duration;

use async_workbook::{
    clock::Readable,
    timeline::{Drawing, Style},
};
use quick_xml::escape::escape;

/// So many columns of text are as wide as a telephone.
const COLUMNS: usize = 46;

/// A figure along an axis of this length, whose elements have ids that begin with `id`.
pub(crate) fn html(drawing: &Drawing, axis: Duration, id: &str) -> String {
    format!(
        "<figure class=\"chart\">\n{svg}\
         <details><summary>As text</summary><pre>{text}</pre></details>\n</figure>",
        svg = drawing.svg_along(axis, id, &title(drawing)),
        text = escape(drawing.text(&Style::unicode(COLUMNS)).trim_end())
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
