//! Draws what really ran: which future was made, polled, waited and ended when.
//!
//! A [`Recorder`] is a [`tracing_subscriber::Layer`] that keeps every span of level `INFO` or above,
//! with the times of tokio's clock, so that a paused clock gives exact figures. Whatever carries a
//! span shows up: the calls of an [`Upstream`](crate::services::upstream::Upstream), and any function under
//! `#[tracing::instrument]`. Your own programs can use it in the same way:
//!
//! ```
//! # use std::time::Duration;
//! use async_workbook::timeline::Recorder;
//! use tracing::Instrument as _;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let recorder = Recorder::new();
//! let _attached = recorder.attach();
//!
//! let nap = async |ms| tokio::time::sleep(Duration::from_millis(ms)).await;
//! tokio::join!(
//!     nap(500).instrument(tracing::info_span!("users")),
//!     nap(250).instrument(tracing::info_span!("posts")),
//! );
//!
//! assert_eq!(
//!     recorder.timeline().text(&async_workbook::timeline::Style::ascii(40)),
//!     concat!(
//!         "       0                    0.5 s\n",
//!         "users  ========================== 0.5 s\n",
//!         "posts  =============              0.25 s\n",
//!     )
//! );
//! # }
//! ```
//!
//! A span with a field `label` is drawn under that label, any other under its name and fields. A
//! span with a field `outcome` ends well once that field is recorded; recorded as `failed` or `panicked`, it
//! is drawn as failed, and if it closes without a record, as dropped half way.
//!
//! With `WORKBOOK_TIMELINE=json` in the environment, a timeline or gauge that is displayed is a line of JSON instead:
//! the same with its exact times, for programs. The book's pictures are drawn from these lines.

mod drawing;
mod gauge;
mod ink;
mod moment;
mod recorder;
mod style;
mod svg;
mod text;

use std::{env, fmt, time::Duration};

pub use drawing::Drawing;
pub use gauge::Gauge;
pub use ink::{Ink, Line, Stroke};
pub use moment::Moment;
pub use recorder::{Attached, Recorder};
use serde::{Deserialize, Serialize};
pub use style::{Charset, Style};

/// The environment variable that chooses how a [`Timeline`] or a [`Gauge`] is displayed: `json`, or else as text.
pub const VARIABLE: &str = "WORKBOOK_TIMELINE";

/// More rows than this are counted, not drawn.
const MAX_ROWS: usize = 12;

/// What a [`Recorder`] saw, in the order in which the spans were made.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Timeline {
    /// One row a span.
    pub rows: Vec<Row>,
    /// How many more spans there were than are kept.
    pub left_out: usize,
    /// From the start of the recording to the end of the last thing that ended.
    pub total: Duration,
    /// The moments that decide, in the order in which they were marked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moments: Vec<Moment>,
}

/// One span of a [`Timeline`]. Times count from the start of the recording.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    /// What it is called.
    pub label: String,
    /// How many recorded spans it lies within.
    pub depth: usize,
    /// When the span was made.
    pub created: Duration,
    /// When it was first polled; `None` if it never was.
    pub started: Option<Duration>,
    /// When it closed; `None` while it is open.
    pub ended: Option<Duration>,
    /// The stretches for which it held the thread. On the paused clock they have no length.
    pub busy: Vec<(Duration, Duration)>,
    /// How it ended.
    pub end: End,
}

/// How a span ended.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum End {
    /// It is open yet.
    Open,
    /// It ended, and nothing says that it failed.
    Finished,
    /// It recorded a failure.
    Failed,
    /// It recorded a panic, which is a failure of another kind.
    Panicked,
    /// It was dropped before it had an outcome.
    Dropped,
}

impl Timeline {
    /// How many of its outermost spans were under way at the same time, over time.
    #[must_use]
    pub fn gauge(&self) -> Gauge {
        Gauge::of(self)
    }

    /// Draws the timeline as lines, whose parts say what they stand for: whoever shows them gives them colours.
    #[must_use]
    pub fn lines(&self, style: &Style) -> Vec<Line> {
        text::draw(self, style)
    }

    /// The part of it that is drawn; the rest is counted.
    #[must_use]
    pub fn as_drawn(&self) -> Self {
        let kept = self.rows.len().min(MAX_ROWS);
        Self {
            rows: self.rows[..kept].to_vec(),
            left_out: self.left_out + self.rows.len() - kept,
            total: self.total,
            moments: self.moments.clone(),
        }
    }

    /// Draws the timeline as lines of text, without colours, each ended by a line break.
    #[must_use]
    pub fn text(&self, style: &Style) -> String {
        ink::text(&self.lines(style), Line::plain)
    }

    /// Draws the timeline as an SVG image, which is `what` in a word or two: `Timeline 1 of 03_gather`. Elements
    /// of it that need an id have one that begins with `id`.
    ///
    /// It takes its colour from the text around it, and its measures from itself; a screen reader is told
    /// every row. It has no line that is blank, so that it can stand in a page of Markdown.
    #[must_use]
    pub fn svg(&self, id: &str, what: &str) -> String {
        svg::draw(self, self.total, id, what)
    }

    /// As [`svg`](Self::svg), with an axis that is this long, or as long as the timeline if that is longer: two
    /// timelines can be compared at a glance if both have the same.
    #[must_use]
    pub fn svg_along(&self, axis: Duration, id: &str, what: &str) -> String {
        svg::draw(self, axis, id, what)
    }
}

/// Draws it in Unicode, as wide as the terminal or 80 columns, and in colour where the terminal takes it; or writes
/// it as a line of JSON, where [`VARIABLE`] says so.
impl fmt::Display for Timeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display(f, self, Self::lines)
    }
}

fn display<T: Serialize>(
    f: &mut fmt::Formatter<'_>,
    drawing: &T,
    lines: impl Fn(&T, &Style) -> Vec<Line>,
) -> fmt::Result {
    if env::var_os(VARIABLE).is_some_and(|format| format == "json") {
        let json = serde_json::to_string(drawing).map_err(|_| fmt::Error)?;
        return writeln!(f, "{json}");
    }
    let to_text = if style::colour_wanted() {
        Line::painted
    } else {
        Line::plain
    };
    f.write_str(&ink::text(&lines(drawing, &Style::detect()), to_text))
}
