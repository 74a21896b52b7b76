//! Draws a gauge: a lane for each that was under way at the same time as others, with a bar for each one in it.

use std::{fmt::Write as _, time::Duration};

use crate::{chart::Chart, clock::Readable, timeline::Gauge};

/// As high as all lanes together may be, if they are many.
const HEIGHT: f64 = 240.0;
/// A lane with its distance to the next, if they are few.
const LANE: f64 = 12.0;
/// More changes than this are counted, not told.
const MAX_TOLD: usize = 12;

pub(in crate::timeline) fn draw(gauge: &Gauge, axis: Duration, id: &str, what: &str) -> String {
    let lanes = gauge.lanes();
    let lane = (HEIGHT / lanes.len().max(1) as f64).min(LANE);
    let height = lane * lanes.len() as f64;
    let end = axis.max(gauge.total);

    let mut chart = Chart::new();
    chart.axis(end, Chart::height_of_tall_row(height));
    let words = format!("at most {} under way", gauge.most());
    let total = Readable(gauge.total).to_string();
    let top = chart.tall_row(&words, &total, height);
    // So that two which follow each other at once can be told apart.
    let seam = end / 500;
    for (index, spans) in lanes.iter().enumerate() {
        let middle = top + lane * (index as f64 + 0.5);
        for &(from, to) in spans {
            let until = to.saturating_sub(seam).max(from);
            chart.bar_of_height("waiting", from, until, middle, lane * 0.7);
        }
    }
    chart.gap();
    chart.finish(id, what, &description(gauge))
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
    use crate::timeline::gauge::tests::{ms, timeline};

    fn chunks() -> Gauge {
        let rows = [(0, 50), (0, 50), (0, 200), (0, 50), (200, 250), (200, 250)];
        timeline(&rows, 250).gauge()
    }

    #[test]
    fn each_that_was_under_way_has_its_bar() {
        insta::assert_snapshot!(chunks().svg_along(ms(500), "chunks", "Chunks"));
    }

    #[test]
    fn many_lanes_are_no_higher_than_a_few_dozen() {
        let all = timeline(&vec![(0, 100); 300], 100).gauge();
        let svg = all.svg_along(ms(1000), "all", "All");
        assert_eq!(svg.matches("<rect class=\"waiting\"").count(), 300);
        assert!(svg.contains("height=\"291\""), "{svg}");
    }

    #[test]
    fn it_is_told_in_words() {
        assert_eq!(
            description(&chunks()),
            "In all 0.25 s. At most 4 under way. From 0 ms on: 4. From 50 ms on: 1. From 0.2 s on: 2. From 0.25 s on: 0."
        );
        let rows: Vec<(u64, u64)> = (0..20).map(|n| (n, 100 + n)).collect();
        let long = timeline(&rows, 120).gauge();
        assert!(description(&long).ends_with(" And 28 more changes."));
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
