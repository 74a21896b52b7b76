//! Draws a timeline, or a gauge, as an SVG image that scales, and that a screen reader can read.
//!
//! It has one colour, that of the text around it. A page that has others can give them to the bars, whose
//! classes are `waiting` and `busy`.

mod gauge;
mod mark;
mod words;

use std::time::Duration;

pub(super) use gauge::draw as draw_gauge;
use mark::Mark;
use quick_xml::escape::escape;
use unicode_width::UnicodeWidthStr as _;

use super::{
    MAX_ROWS, Moment, Row, Timeline,
    text::{fit, remark},
};
use crate::clock::Readable;

/// What the image is wide, if its words leave its bars enough room.
const WIDTH: f64 = 720.0;
/// The least that the bars are wide.
const MIN_BARS: f64 = 260.0;
/// A column of the font, which is monospaced; most fonts have 0.6 of their size.
const COLUMN: f64 = 7.9;
const FONT_SIZE: f64 = 13.0;
const ROW: f64 = 24.0;
/// The first row begins below the scale.
const TOP: f64 = 28.0;
/// Labels longer than this are cut, as in the terminal.
const MAX_LABEL: usize = 30;
const GAP: f64 = 12.0;
/// A mark in the legend, with the room between it and its words.
const SAMPLE: f64 = 34.0;
const LEGEND_LINE: f64 = 22.0;
/// The height of the words of a moment.
const MOMENT_LINE: f64 = 20.0;

pub(super) fn draw(timeline: &Timeline, axis: Duration, id: &str, what: &str) -> String {
    let rows = &timeline.rows[..timeline.rows.len().min(MAX_ROWS)];
    let more = timeline.rows.len() - rows.len() + timeline.left_out;
    let area = Area::of(rows, axis.max(timeline.total));
    let legend = legend(&area, timeline, rows);
    let lines = rows.len() as f64 + if more > 0 { 1.0 } else { 0.0 };
    let moments_top = TOP + lines * ROW;
    let moments_bottom = moments_top + timeline.moments.len() as f64 * MOMENT_LINE;
    let legend_top = moments_bottom + 14.0;
    let height = match legend.last() {
        None => moments_bottom + 4.0,
        Some((_, _, last)) => legend_top + (last + 1.0) * LEGEND_LINE,
    };

    let mut svg = Svg::new(
        area.width,
        height,
        id,
        what,
        &words::description(timeline, rows, more),
    );
    scale(&mut svg, &area, TOP + lines * ROW);
    for (line, row) in rows.iter().enumerate() {
        draw_row(&mut svg, &area, timeline, row, TOP + line as f64 * ROW);
    }
    if more > 0 {
        let y = TOP + lines * ROW;
        svg.text(0.0, y - 7.0, "start", &format!("and {more} more"));
    }
    for (line, moment) in timeline.moments.iter().enumerate() {
        draw_moment(
            &mut svg,
            &area,
            moment,
            moments_top + (line as f64 + 1.0) * MOMENT_LINE,
        );
    }
    for (mark, x, line) in legend {
        let top = legend_top + line * LEGEND_LINE;
        mark.draw_sample(&mut svg, x, top);
        svg.text(x + SAMPLE, top + 14.0, "start", mark.words());
    }
    svg.finish()
}

/// Where things stand.
struct Area {
    width: f64,
    /// Where the bars begin, which is time 0.
    left: f64,
    /// Where the axis ends.
    right: f64,
    /// The time that stands there.
    end: Duration,
}

impl Area {
    fn of(rows: &[Row], end: Duration) -> Self {
        let columns = |row: &Row| indent(row) + row.label.width().min(MAX_LABEL);
        let label = rows.iter().map(columns).max().unwrap_or(0) as f64 * COLUMN;
        let remark = rows.iter().map(|row| remark(row).width()).max();
        let remark = remark.unwrap_or(0) as f64 * COLUMN;
        let words = label + remark + 2.0 * GAP;
        let width = WIDTH.max(words + MIN_BARS);
        Self {
            width,
            left: label + GAP,
            right: width - remark - GAP,
            end,
        }
    }

    fn x(&self, at: Duration) -> f64 {
        // A recording that took no time has all of its rows at the left.
        let share = if self.end.is_zero() {
            0.0
        } else {
            (at.as_secs_f64() / self.end.as_secs_f64()).min(1.0)
        };
        self.left + share * (self.right - self.left)
    }
}

fn indent(row: &Row) -> usize {
    2 * row.depth.min(4)
}

/// Lines at round times behind what is drawn, down to `bottom`, each with its time above it.
fn scale(svg: &mut Svg, area: &Area, bottom: f64) {
    let mut tick = |x: f64, anchor: &str, words: &str| {
        svg.add(&format!(
            "<line x1=\"{x:.1}\" y1=\"20\" x2=\"{x:.1}\" y2=\"{bottom:.0}\" stroke=\"currentColor\" opacity=\"0.25\"/>"
        ));
        svg.text(x, 14.0, anchor, words);
    };
    tick(area.left, "start", "0");
    let end = Readable(area.end).to_string();
    tick(area.right, "end", &end);
    // The last one stays clear of the end.
    let clear = area.right - COLUMN * (end.width() + 6) as f64;
    for at in round_times(area.end) {
        let x = area.x(at);
        if x < clear {
            tick(x, "middle", &Readable(at).to_string());
        }
    }
}

/// At most five times within `total`, each the same round step after the one before.
fn round_times(total: Duration) -> Vec<Duration> {
    let micros = total.as_micros();
    let decades = |from, unit| {
        (from..).flat_map(move |power| [1, 2, 5].map(|digit| digit * 10_u128.pow(power) * unit))
    };
    const SECOND: u128 = 1_000_000;
    let seconds = decades(0, 1).take_while(|step| *step <= 20 * SECOND);
    // Beyond, round is what a clock shows.
    let minutes = [1, 2, 4, 10, 20, 30, 60].map(|half| 30 * half * SECOND);
    let step = seconds
        .chain(minutes)
        .chain(decades(0, 3600 * SECOND))
        .find(|step| micros <= 5 * step)
        .unwrap_or(1);
    let times = (1..).map(|count| count * step);
    times
        .take_while(|at| *at < micros)
        // A recording that ends has far fewer microseconds than this holds.
        .filter_map(|at| Some(Duration::from_micros(u64::try_from(at).ok()?)))
        .collect()
}

fn draw_row(svg: &mut Svg, area: &Area, timeline: &Timeline, row: &Row, top: f64) {
    let middle = top + ROW / 2.0;
    let baseline = middle + 4.5;
    let label = fit(&row.label, MAX_LABEL, '…');
    svg.text(indent(row) as f64 * COLUMN, baseline, "start", &label);
    svg.text(area.right + GAP, baseline, "start", &remark(row));
    for (mark, from, to) in marks(area, timeline, row) {
        mark.draw(svg, from, to, middle);
    }
}

/// A line across all rows at a moment that decides, and its words at the lower end.
fn draw_moment(svg: &mut Svg, area: &Area, moment: &Moment, bottom: f64) {
    let x = area.x(moment.at);
    svg.add(&format!(
        "<line class=\"moment\" x1=\"{x:.1}\" y1=\"20\" x2=\"{x:.1}\" y2=\"{bottom:.0}\" stroke=\"currentColor\" stroke-width=\"1.5\" stroke-dasharray=\"5 3\"/>"
    ));
    let words = moment.words();
    let columns = words.width() as f64 * COLUMN;
    if x + columns + 6.0 <= area.width {
        svg.text(x + 6.0, bottom - 4.0, "start", &words);
    } else {
        svg.text(x - 6.0, bottom - 4.0, "end", &words);
    }
}

/// The marks of a row, each from where to where.
fn marks(area: &Area, timeline: &Timeline, row: &Row) -> Vec<(Mark, f64, f64)> {
    let mut marks = Vec::new();
    let mut add = |mark, from, to| marks.push((mark, area.x(from), area.x(to)));
    let ended = row.ended.unwrap_or(timeline.total);
    let Some(started) = row.started else {
        add(Mark::Unpolled, row.created, ended);
        return marks;
    };
    if row.created < started {
        add(Mark::Unpolled, row.created, started);
    }
    add(Mark::Waiting, started, ended);
    for &(from, to) in &row.busy {
        // A poll that is short at this scale would look long if it were drawn.
        if area.x(to) - area.x(from) > 1.0 {
            add(Mark::Busy, from, to);
        }
    }
    if let Some(mark) = Mark::of_end(row.end) {
        add(mark, started, ended);
    }
    marks
}

/// The marks of these rows, if there is any beside the plain bar: each where it stands, and on which line.
fn legend(area: &Area, timeline: &Timeline, rows: &[Row]) -> Vec<(Mark, f64, f64)> {
    let drawn: Vec<Mark> = rows
        .iter()
        .flat_map(|row| marks(area, timeline, row))
        .map(|(mark, ..)| mark)
        .collect();
    if drawn.iter().all(|mark| *mark == Mark::Waiting) {
        return Vec::new();
    }
    let (mut x, mut line) = (0.0, 0.0);
    let marks = Mark::ALL.into_iter().filter(|mark| drawn.contains(mark));
    let place = |mark: Mark| {
        let width = SAMPLE + COLUMN * mark.words().width() as f64;
        if x + width > area.width {
            (x, line) = (0.0, line + 1.0);
        }
        let placed = (mark, x, line);
        x += width + 2.0 * GAP;
        placed
    };
    marks.map(place).collect()
}

/// An image in the making.
struct Svg(String);

impl Svg {
    /// An image of this size, which is `what` in a word or two, and `description` for those who cannot see it.
    fn new(width: f64, height: f64, id: &str, what: &str, description: &str) -> Self {
        Self(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 {width:.0} {height:.0}\" \
             aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-desc\" font-family=\"monospace\" \
             font-size=\"{FONT_SIZE}\" fill=\"currentColor\" stroke=\"none\">\n\
             <title id=\"{id}-title\">{what}</title>\n<desc id=\"{id}-desc\">{description}</desc>\n",
            id = escape(id),
            what = escape(what),
            description = escape(description),
        ))
    }

    fn finish(mut self) -> String {
        self.0.push_str("</svg>\n");
        self.0
    }

    fn add(&mut self, element: &str) {
        self.0.push_str(element);
        self.0.push('\n');
    }

    fn text(&mut self, x: f64, y: f64, anchor: &str, words: &str) {
        let words = escape(words);
        self.add(&format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{words}</text>"
        ));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use quick_xml::{Reader, events::Event};

    use super::*;
    use crate::timeline::{End, text::tests::every_kind};

    /// Reads all of an image, and returns its texts.
    fn words(svg: &str) -> Vec<String> {
        let mut reader = Reader::from_str(svg);
        let mut words = Vec::new();
        loop {
            match reader.read_event().expect("it is well-formed") {
                Event::Eof => return words,
                Event::Text(text) if !text.trim().is_empty() => {
                    words.push(text.to_string());
                }
                _ => {}
            }
        }
    }

    fn instant(label: &str) -> Row {
        Row {
            label: label.into(),
            depth: 0,
            created: Duration::ZERO,
            started: Some(Duration::ZERO),
            ended: Some(Duration::ZERO),
            busy: Vec::new(),
            end: End::Finished,
        }
    }

    #[test]
    fn every_kind_of_row_has_its_own_picture() {
        insta::assert_snapshot!(every_kind().svg("kinds", "Every kind"));
    }

    #[test]
    fn every_row_is_told_in_words() {
        let longer = every_kind().svg_along(Duration::from_secs(60), "kinds", "Every kind");
        assert!(longer.contains(">1 min<"), "{longer}");
        let svg = every_kind().svg("kinds", "Every kind");
        let description = &words(&svg)[1];
        for sentence in [
            "In all 1.0 s.",
            "users: from 0 ms to 0.5 s.",
            "posts: from 0.5 s to 0.8 s, made at 0 ms.",
            "orders: from 0.2 s to 0.6 s, dropped.",
            "stats: from 0 ms to 1.0 s, failed.",
            "checksum: from 0.1 s to 0.7 s, held the thread for 0.6 s.",
            "forgotten: from 0 ms to 0.9 s, never polled.",
            "waiting: from 0.3 s to 1.0 s, still open at the end.",
        ] {
            assert!(description.contains(sentence), "{description}");
        }
    }

    #[test]
    fn a_moment_is_drawn_across_the_rows_and_told() {
        let mut timeline = every_kind();
        for (at, what) in [(200, "returned"), (1000, "deadline")] {
            let at = Duration::from_millis(at);
            let what = what.into();
            timeline.moments.push(Moment { at, what });
        }
        let svg = timeline.svg("kinds", "Every kind");
        assert_eq!(svg.matches("class=\"moment\"").count(), 2, "{svg}");
        let words = words(&svg);
        assert!(words.contains(&"returned at 0.2 s".into()), "{words:?}");
        assert!(
            words[1].ends_with(" returned at 0.2 s. deadline at 1.0 s."),
            "{words:?}"
        );
    }

    #[test]
    fn a_long_legend_has_several_lines() {
        let timeline = every_kind();
        let area = Area::of(&timeline.rows, timeline.total);
        let legend = legend(&area, &timeline, &timeline.rows);
        assert_eq!(legend.len(), Mark::ALL.len());
        for (mark, x, _) in &legend {
            let right = x + SAMPLE + COLUMN * mark.words().width() as f64;
            assert!(right <= area.width, "{mark:?} ends at {right}");
        }
        assert_eq!(legend.last().map(|(.., line)| *line), Some(1.0));
    }

    #[test]
    fn plain_bars_need_no_legend() {
        let timeline = Timeline {
            rows: vec![instant("users")],
            total: Duration::from_millis(5),
            ..Timeline::default()
        };
        let svg = timeline.svg("plain", "Plain");
        assert!(!svg.contains(">waiting<"), "{svg}");
        assert!(every_kind().svg("kinds", "").contains(">waiting<"));
    }

    #[test]
    fn labels_are_shown_and_never_obeyed() {
        let timeline = Timeline {
            rows: vec![instant("</svg> & \"q\" \u{1b}[31m")],
            ..Timeline::default()
        };
        let svg = timeline.svg("a\"b", "<title>");
        assert!(
            svg.contains("&lt;/svg&gt; &amp; &quot;q&quot; \u{fffd}[31m"),
            "{svg}"
        );
        assert!(
            svg.contains("id=\"a&quot;b-title\">&lt;title&gt;</title>"),
            "{svg}"
        );
        words(&svg);
    }

    #[test]
    fn many_rows_are_counted_not_drawn() {
        let timeline = Timeline {
            rows: (0..30).map(|n| instant(&n.to_string())).collect(),
            left_out: 4,
            total: Duration::from_millis(1),
            ..Timeline::default()
        };
        let words = words(&timeline.svg("many", "Many"));
        assert!(words.contains(&"and 22 more".to_owned()), "{words:?}");
        assert!(words.contains(&"11".to_owned()) && !words.contains(&"12".to_owned()));
        assert!(words[1].ends_with("And 22 more."), "{words:?}");
    }

    #[test]
    fn nothing_is_blank_or_without_a_number() {
        let zero = Timeline {
            rows: vec![instant("a"), instant("b")],
            ..Timeline::default()
        };
        for timeline in [Timeline::default(), zero, every_kind()] {
            let svg = timeline.svg("t", "T");
            assert!(svg.lines().all(|line| !line.trim().is_empty()), "{svg}");
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
            words(&svg);
        }
    }

    #[test]
    fn the_scale_counts_in_round_steps() {
        let times = |millis| {
            round_times(Duration::from_millis(millis))
                .iter()
                .map(|at| Readable(*at).to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(times(500), ["0.1 s", "0.2 s", "0.3 s", "0.4 s"]);
        assert_eq!(times(3000), ["1.0 s", "2.0 s"]);
        assert_eq!(times(800), ["0.2 s", "0.4 s", "0.6 s"]);
        assert_eq!(times(60_000), ["20.0 s", "40.0 s"]);
        assert_eq!(times(125_000), ["30.0 s", "1 min", "1 min 30 s", "2 min"]);
        assert_eq!(
            times(3_600_000),
            ["15 min", "30 min", "45 min"],
            "of minutes"
        );
        assert_eq!(times(24 * 3_600_000), ["5 h", "10 h", "15 h", "20 h"]);
        assert!(times(0).is_empty());
    }
}
