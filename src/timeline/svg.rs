//! Draws a timeline, or a gauge, as a [`Chart`].
//!
//! The bars have the classes `unpolled`, `waiting` and `busy`, and the marks of an end `failed`, `dropped` and `open`.

mod gauge;
mod mark;
mod words;

use std::time::Duration;

pub(super) use gauge::draw as draw_gauge;
use mark::Mark;

use super::{
    MAX_ROWS, Row, Timeline,
    text::{fit, remark},
};
use crate::chart::Chart;

/// A label is cut that would run into the longest remark on a telephone, its indent included.
const MAX_LABEL: usize = 28;

pub(super) fn draw(timeline: &Timeline, axis: Duration, id: &str, what: &str) -> String {
    let rows = &timeline.rows[..timeline.rows.len().min(MAX_ROWS)];
    let more = timeline.rows.len() - rows.len() + timeline.left_out;
    let end = axis.max(timeline.total);

    let mut chart = Chart::new();
    chart.axis(end, Chart::height_of_rows(rows.len()));
    for row in rows {
        let indent = 2 * row.depth.min(4);
        let label = fit(&row.label, MAX_LABEL - indent, '…');
        let middle = chart.row(&label, indent, &remark(row));
        for (mark, from, to) in marks(timeline, row, end) {
            mark.draw(&mut chart, from, to, middle);
        }
    }
    if more > 0 {
        chart.remark(&format!("and {more} more"));
    }
    for moment in &timeline.moments {
        chart.moment(moment.at, &moment.words());
    }
    let legend = legend(timeline, rows, end);
    if !legend.is_empty() {
        chart.gap();
        chart.legend(legend.iter().map(|mark| (mark.sample(), mark.words())));
    }
    chart.finish(id, what, &words::description(timeline, rows, more))
}

/// The marks of a row, each from when to when, on an axis of this length.
fn marks(timeline: &Timeline, row: &Row, end: Duration) -> Vec<(Mark, Duration, Duration)> {
    let ended = row.ended.unwrap_or(timeline.total);
    let Some(started) = row.started else {
        return vec![(Mark::Unpolled, row.created, ended)];
    };
    let mut marks = Vec::new();
    if row.created < started {
        marks.push((Mark::Unpolled, row.created, started));
    }
    marks.push((Mark::Waiting, started, ended));
    for &(from, to) in &row.busy {
        // A poll that is short at this scale would look long if it were drawn.
        if 400 * (to - from) > end {
            marks.push((Mark::Busy, from, to));
        }
    }
    if let Some(mark) = Mark::of_end(row.end) {
        marks.push((mark, started, ended));
    }
    marks
}

/// The marks of these rows, if there is any beside the plain bar.
fn legend(timeline: &Timeline, rows: &[Row], end: Duration) -> Vec<Mark> {
    let drawn: Vec<Mark> = rows
        .iter()
        .flat_map(|row| marks(timeline, row, end))
        .map(|(mark, ..)| mark)
        .collect();
    if drawn.iter().all(|mark| *mark == Mark::Waiting) {
        return Vec::new();
    }
    let marks = Mark::ALL.into_iter();
    marks.filter(|mark| drawn.contains(mark)).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use quick_xml::{Reader, events::Event};

    use super::*;
    use crate::timeline::{End, Moment, text::tests::every_kind};

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
        assert_eq!(svg.matches("<line class=\"moment\"").count(), 2, "{svg}");
        let words = words(&svg);
        assert!(words.contains(&"returned at 0.2 s".into()), "{words:?}");
        assert!(
            words[1].ends_with(" returned at 0.2 s. deadline at 1.0 s."),
            "{words:?}"
        );
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
    fn a_label_leaves_room_for_its_remark() {
        let mut row = instant(&"x".repeat(60));
        row.depth = 1;
        let timeline = Timeline {
            rows: vec![row],
            ..Timeline::default()
        };
        let words = words(&timeline.svg("long", "Long"));
        assert!(words.contains(&format!("{}…", "x".repeat(25))), "{words:?}");
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
}
