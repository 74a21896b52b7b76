//! How far the course is, as text.

use async_workbook::timeline::{Charset, Style};

use crate::{
    course::Course,
    progress::Progress,
    text::{Text, good, plain, quiet, strong},
};

/// That a chapter is passed, and how many of the course are, in a line.
#[must_use]
pub fn passed_text(said: &str, course: &Course, progress: &Progress, style: &Style) -> Text {
    let (there, passed) = (course.chapters().len(), progress.chapters_passed(course));
    let (full, empty) = match style.charset {
        Charset::Unicode => ("■", "□"),
        Charset::Ascii => ("#", "-"),
    };
    Text::from([
        good(full.repeat(passed)),
        quiet(empty.repeat(there - passed)),
        plain("  "),
        strong(format!("{passed} of {there} chapters.")),
        plain("  "),
        good(said),
    ])
}
