//! How many were under way at the same time, from a timeline.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};
use unicode_width::UnicodeWidthStr as _;

use super::{Charset, Ink, Line, Style, Timeline, display, ink, svg};
use crate::clock::Readable;

/// How many spans of a [`Timeline`] were under way, over time: a gauge that was read at every change.
///
/// A span counts from its first poll until it closes. Spans within other spans do not count, since the
/// outer one does; those that were never polled, or left out of the timeline, do not either.
///
/// ```
/// # use std::time::Duration;
/// use async_workbook::timeline::{Recorder, Style};
/// use futures::{StreamExt as _, stream};
/// use tracing::{Instrument as _, info_span};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let recorder = Recorder::new();
/// let _attached = recorder.attach();
///
/// let naps = stream::iter([100, 300, 100]).map(|ms| {
///     tokio::time::sleep(Duration::from_millis(ms)).instrument(info_span!("nap"))
/// });
/// let (_, timeline) = recorder.watch(naps.buffer_unordered(2).collect::<Vec<_>>()).await;
///
/// let gauge = timeline.gauge();
/// assert_eq!(gauge.most(), 2);
/// assert_eq!(gauge.at(Duration::from_millis(250)), 1);
/// assert_eq!(
///     gauge.text(&Style::ascii(40)),
///     concat!(
///         "2  #########################\n",
///         "1  #####################################\n",
///         "   0                               0.3 s\n",
///     )
/// );
/// # }
/// ```
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Gauge {
    /// What it showed from each change on, in the order of time.
    pub(super) readings: Vec<(Duration, usize)>,
    /// From when to when each span was under way, in the order in which they began.
    pub(super) spans: Vec<(Duration, Duration)>,
    /// From the start of the recording to the end of the last thing that ended.
    pub(super) total: Duration,
}

/// More lines than this make a high gauge no easier to read.
const MAX_LINES: usize = 5;

impl Gauge {
    pub(super) fn of(timeline: &Timeline) -> Self {
        let mut spans: Vec<(Duration, Duration)> = timeline
            .rows
            .iter()
            .filter(|row| row.depth == 0)
            .filter_map(|row| Some((row.started?, row.ended.unwrap_or(timeline.total))))
            .filter(|(started, ended)| started < ended)
            .collect();
        spans.sort_unstable();
        let mut changes: Vec<(Duration, isize)> = spans
            .iter()
            .flat_map(|&(started, ended)| [(started, 1), (ended, -1)])
            .collect();
        // At the same instant, what ends makes room for what begins: ends come first.
        changes.sort_unstable();

        let mut readings: Vec<(Duration, usize)> = Vec::new();
        let mut under_way = 0_usize;
        for (at, change) in changes {
            under_way = under_way.saturating_add_signed(change);
            match readings.last_mut() {
                Some(last) if last.0 == at => last.1 = under_way,
                _ => readings.push((at, under_way)),
            }
        }
        // What ended in the instant in which as much began has changed nothing.
        readings.dedup_by_key(|&mut (_, under_way)| under_way);
        Self {
            readings,
            spans,
            total: timeline.total,
        }
    }

    /// How long the recording took.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.total
    }

    /// The most that it ever showed.
    #[must_use]
    pub fn most(&self) -> usize {
        let shown = self.readings.iter().map(|&(_, under_way)| under_way);
        shown.max().unwrap_or(0)
    }

    /// What it showed at this time since the start of the recording.
    #[must_use]
    pub fn at(&self, time: Duration) -> usize {
        let changed = self.readings.partition_point(|&(at, _)| at <= time);
        changed
            .checked_sub(1)
            .map_or(0, |last| self.readings[last].1)
    }

    /// The spans in as many lanes as there were at most under way: none overlaps another in its lane.
    pub(super) fn lanes(&self) -> Vec<Vec<(Duration, Duration)>> {
        let mut lanes: Vec<Vec<(Duration, Duration)>> = Vec::new();
        for &span in &self.spans {
            let is_free = |lane: &&mut Vec<(Duration, Duration)>| {
                lane.last().is_none_or(|&(_, ended)| ended <= span.0)
            };
            match lanes.iter_mut().find(is_free) {
                Some(lane) => lane.push(span),
                None => lanes.push(vec![span]),
            }
        }
        lanes
    }

    /// Draws it as columns over time, whose scale goes up to [`most`](Self::most), in at most six lines, whose parts
    /// say what they stand for.
    ///
    /// A column stands for a stretch of time, and is as high as what was under way for most of it.
    #[must_use]
    pub fn lines(&self, style: &Style) -> Vec<Line> {
        let lines = self.most().clamp(1, MAX_LINES);
        let scale: Vec<String> = (1..=lines)
            .rev()
            .map(|line| self.mark(line, lines))
            .collect();
        let mark_columns = scale.iter().map(|mark| mark.width()).max().unwrap_or(0);
        let width = style.width.max(Style::MIN_WIDTH);
        let columns = width - mark_columns - 2;
        let heights: Vec<usize> = (0..columns)
            .map(|column| self.column(column, columns))
            .collect();

        let mut drawn = Vec::new();
        for (mark, line) in std::iter::zip(scale, (1..=lines).rev()) {
            let cells = heights
                .iter()
                .map(|&height| self.cell(height, line, lines, style.charset));
            let cells: String = cells.collect();
            let mut line = Line::default();
            line.push(format!("{mark:>mark_columns$}  "), Ink::Scale);
            line.push(cells, Ink::Waiting);
            drawn.push(line.trimmed());
        }
        let mut axis = Line::default();
        axis.push(
            format!(
                "{:mark_columns$}  0{:>2$}",
                "",
                Readable(self.total),
                columns - 1
            ),
            Ink::Scale,
        );
        drawn.push(axis);
        drawn
    }

    /// Draws it as lines of text, without colours, each ended by a line break: see [`lines`](Self::lines).
    #[must_use]
    pub fn text(&self, style: &Style) -> String {
        ink::text(&self.lines(style), Line::plain)
    }

    /// Draws it as an SVG image, as [`Timeline::svg_along`] does: over an axis that is this long, or as long as the
    /// recording if that is longer.
    #[must_use]
    pub fn svg_along(&self, axis: Duration, id: &str, what: &str) -> String {
        svg::draw_gauge(self, axis, id, what)
    }

    /// The number at the upper edge of a line, where one falls on it.
    fn mark(&self, line: usize, lines: usize) -> String {
        match self.most() * line {
            0 => "0".into(),
            scaled if scaled.is_multiple_of(lines) => (scaled / lines).to_string(),
            _ => String::new(),
        }
    }

    /// What was under way for most of the time that a column stands for.
    fn column(&self, column: usize, columns: usize) -> usize {
        // A timeline is far from 2^32 columns wide.
        let edge = |column: usize| self.total * column as u32 / columns as u32;
        let (from, to) = (edge(column), edge(column + 1));
        let first = self.readings.partition_point(|&(at, _)| at <= from);
        let within = self.readings[first..]
            .iter()
            .take_while(|&&(at, _)| at < to);
        let mut lasted: Vec<(usize, Duration)> = Vec::new();
        let mut since = (from, self.at(from));
        for &(at, under_way) in within.chain([&(to, 0)]) {
            match lasted.iter_mut().find(|(level, _)| *level == since.1) {
                Some((_, length)) => *length += at - since.0,
                None => lasted.push((since.1, at - since.0)),
            }
            since = (at, under_way);
        }
        let longest = lasted
            .into_iter()
            .max_by_key(|&(level, length)| (length, level));
        longest.map_or(0, |(level, _)| level)
    }

    /// One character of a column: full, empty, or at its top something between.
    fn cell(&self, height: usize, line: usize, lines: usize, charset: Charset) -> char {
        let most = self.most().max(1);
        // In eighths of a line, of which this line begins at the bottom with none.
        let eighths = (8 * height * lines)
            .div_ceil(most)
            .saturating_sub(8 * (line - 1));
        match charset {
            Charset::Unicode => [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'][eighths.min(8)],
            Charset::Ascii if eighths > 4 || eighths > 0 && line == 1 => '#',
            Charset::Ascii => ' ',
        }
    }
}

/// Draws it as a [`Timeline`] is drawn, or writes it as JSON where that is.
impl fmt::Display for Gauge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display(f, self, Self::lines)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::timeline::{End, Row};

    pub(in crate::timeline) fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// A timeline of rows from and to these milliseconds.
    pub(in crate::timeline) fn timeline(rows: &[(u64, u64)], total: u64) -> Timeline {
        let row = |&(started, ended)| Row {
            label: "call".into(),
            depth: 0,
            created: ms(0),
            started: Some(ms(started)),
            ended: Some(ms(ended)),
            busy: Vec::new(),
            end: End::Finished,
        };
        Timeline {
            rows: rows.iter().map(row).collect(),
            total: ms(total),
            ..Timeline::default()
        }
    }

    #[test]
    fn what_ends_makes_room_for_what_begins_at_the_same_instant() {
        let gauge = timeline(&[(100, 200), (0, 100), (100, 150)], 200).gauge();
        assert_eq!(gauge.most(), 2);
        let shown = [0, 99, 100, 149, 150, 199, 200, 300].map(|at| gauge.at(ms(at)));
        assert_eq!(shown, [1, 1, 2, 2, 1, 1, 0, 0]);
    }

    #[test]
    fn there_are_as_many_lanes_as_were_under_way() {
        let gauge = timeline(&[(0, 200), (0, 100), (100, 150), (120, 200)], 200).gauge();
        assert_eq!(gauge.most(), 3);
        let lanes = [
            vec![(ms(0), ms(100)), (ms(100), ms(150))],
            vec![(ms(0), ms(200))],
            vec![(ms(120), ms(200))],
        ];
        assert_eq!(gauge.lanes(), lanes);
    }

    #[test]
    fn only_outermost_spans_that_were_polled_count() {
        let mut timeline = timeline(&[(0, 100), (0, 100), (0, 100), (0, 100)], 100);
        timeline.rows[1].depth = 1;
        timeline.rows[2].started = None;
        // What is still open counts up to the end of the recording.
        timeline.rows[3].ended = None;
        let gauge = timeline.gauge();
        assert_eq!(
            (gauge.most(), gauge.at(ms(99)), gauge.at(ms(100))),
            (2, 2, 0)
        );
    }

    #[test]
    fn a_gauge_rises_and_falls() {
        let rows: Vec<(u64, u64)> = (0..10).map(|call| (call * 10, 200 - call * 10)).collect();
        let gauge = timeline(&rows, 200).gauge();
        insta::assert_snapshot!(gauge.text(&Style::unicode(60)));
    }

    #[test]
    fn ascii_says_the_same() {
        let rows: Vec<(u64, u64)> = (0..10).map(|call| (call * 10, 200 - call * 10)).collect();
        let gauge = timeline(&rows, 200).gauge();
        insta::assert_snapshot!(gauge.text(&Style::ascii(60)));
    }

    #[test]
    fn a_dip_shorter_than_half_a_column_is_not_drawn() {
        let gauge = timeline(&[(0, 500), (501, 1000)], 1000).gauge();
        let text = gauge.text(&Style::ascii(40));
        assert_eq!(
            text.lines().next(),
            Some(format!("1  {}", "#".repeat(37)).as_str())
        );
    }

    #[test]
    fn no_line_is_wider_than_asked_for() {
        for most in [0, 1, 3, 7, 10, 100, 1234] {
            let gauge = timeline(&vec![(0, 10); most], 10).gauge();
            assert_eq!(gauge.most(), most);
            for width in [40, 41, 80, 100] {
                for charset in [Charset::Unicode, Charset::Ascii] {
                    let text = gauge.text(&Style { width, charset });
                    assert!(text.lines().count() <= MAX_LINES + 1);
                    for line in text.lines() {
                        assert!(line.width() <= width, "{} > {width}: {line}", line.width());
                    }
                }
            }
        }
    }

    #[test]
    fn an_empty_recording_shows_nothing() {
        let gauge = Timeline::default().gauge();
        assert_eq!((gauge.most(), gauge.at(ms(5))), (0, 0));
        assert_eq!(gauge.text(&Style::ascii(40)).lines().next(), Some("0"));
    }
}
