//! Draws a gauge: a surface that is as high as what was under way.

use std::{fmt::Write as _, time::Duration};

use unicode_width::UnicodeWidthStr as _;

use super::{Area, COLUMN, GAP, Svg, TOP, WIDTH, scale};
use crate::{clock::Readable, timeline::Gauge};

/// The height between two marks.
const STEP: f64 = 24.0;
/// More changes than this are counted, not told.
const MAX_TOLD: usize = 12;

pub(in crate::timeline) fn draw(gauge: &Gauge, axis: Duration, id: &str, what: &str) -> String {
    let most = gauge.most().max(1);
    let marks = marks(most);
    let widest = most.to_string().width() as f64 * COLUMN;
    let area = Area {
        width: WIDTH,
        left: widest + GAP,
        // The last time stands before its line.
        right: WIDTH - 2.0,
        end: axis.max(gauge.total),
    };
    // A gauge that shows 1 at most would be flat.
    let height = STEP * marks.len().max(3) as f64 - STEP;
    let bottom = TOP + height;
    let y = |reading: usize| bottom - height * reading as f64 / most as f64;

    let mut svg = Svg::new(WIDTH, bottom + 8.0, id, what, &description(gauge));
    scale(&mut svg, &area, bottom);
    for mark in marks {
        let (left, right, y) = (area.left, area.right, y(mark));
        svg.text(widest, y + 4.5, "end", &mark.to_string());
        svg.add(&format!(
            "<line x1=\"{left:.1}\" y1=\"{y:.1}\" x2=\"{right:.1}\" y2=\"{y:.1}\" stroke=\"currentColor\" opacity=\"0.25\"/>"
        ));
    }
    let mut outline = format!("M{:.1} {bottom:.1}", area.left);
    for &(at, reading) in &gauge.readings {
        write!(outline, "H{:.1}V{:.1}", area.x(at), y(reading))
            .expect("a String takes every write");
    }
    svg.add(&format!(
        "<path class=\"waiting\" d=\"{outline}H{:.1}V{bottom:.1}z\" opacity=\"0.55\"/>",
        area.x(gauge.total)
    ));
    svg.finish()
}

/// The numbers beside the surface: 0, the most, and some at equal distances between.
fn marks(most: usize) -> Vec<usize> {
    let parts = (1..=5).rev().find(|parts| most.is_multiple_of(*parts));
    let step = most / parts.unwrap_or(1);
    (0..=most).step_by(step).collect()
}

fn description(gauge: &Gauge) -> String {
    let mut words = format!(
        "In all {}. At most {} under way.",
        Readable(gauge.total),
        gauge.most()
    );
    for &(at, reading) in gauge.readings.iter().take(MAX_TOLD) {
        write!(words, " From {} on: {reading}.", Readable(at)).expect("a String takes every write");
    }
    let more = gauge.readings.len().saturating_sub(MAX_TOLD);
    if more > 0 {
        write!(words, " And {more} more changes.").expect("as above");
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn chunks() -> Gauge {
        Gauge {
            readings: vec![(ms(0), 4), (ms(50), 1), (ms(200), 4), (ms(250), 0)],
            total: ms(250),
        }
    }

    #[test]
    fn it_is_as_high_as_what_was_under_way() {
        insta::assert_snapshot!(chunks().svg_along(ms(500), "chunks", "Chunks"));
    }

    #[test]
    fn it_is_told_in_words() {
        assert_eq!(
            description(&chunks()),
            "In all 0.25 s. At most 4 under way. From 0 ms on: 4. From 50 ms on: 1. From 0.2 s on: 4. From 0.25 s on: 0."
        );
        let long = Gauge {
            readings: (0..20).map(|n| (ms(n), 1)).collect(),
            total: ms(20),
        };
        assert!(description(&long).ends_with(" And 8 more changes."));
    }

    #[test]
    fn marks_are_few_and_end_at_the_most() {
        assert_eq!(marks(1), [0, 1]);
        assert_eq!(marks(4), [0, 1, 2, 3, 4]);
        assert_eq!(marks(7), [0, 7]);
        assert_eq!(marks(10), [0, 2, 4, 6, 8, 10]);
        assert_eq!(marks(12), [0, 3, 6, 9, 12]);
    }

    #[test]
    fn nothing_is_without_a_number() {
        for gauge in [Gauge::default(), chunks()] {
            let svg = gauge.svg_along(Duration::ZERO, "g", "G");
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
            assert!(svg.lines().all(|line| !line.trim().is_empty()), "{svg}");
        }
    }
}
