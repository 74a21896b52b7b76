//! The measured as bars, in an image as wide as its page, and that a screen reader can read.

use std::time::Duration;

use async_workbook::chart::Chart;

use super::{
    Record, Scenario, Way,
    table::{millis, scaled, times},
};

/// An SVG image: for each scenario the ways, a bar as long as the time each takes of the slowest.
pub(super) fn svg(record: &Record) -> String {
    let scenarios: Vec<&Scenario> = record
        .scenarios
        .iter()
        .filter(|scenario| is_whole(scenario))
        .collect();
    let mut chart = Chart::new();
    for scenario in &scenarios {
        let number = scenario.chapter.split('_').next().unwrap_or_default();
        chart.heading(&format!("{number} {}", scaled(scenario)));
        let height = Chart::height_of_rows(scenario.ways.len());
        chart.axis_in(slowest(scenario), height, time);
        for way in &scenario.ways {
            bar(&mut chart, scenario, way);
        }
        chart.gap();
    }
    let what = "How long each way takes, beside the slowest";
    chart.finish("speedups", what, &described(&scenarios))
}

fn bar(chart: &mut Chart, scenario: &Scenario, way: &Way) {
    let Some(measured) = way.measured else {
        return;
    };
    let is_slow = scenario.ways.first() == Some(way);
    let speedup = scenario.speedup(way).filter(|_| !is_slow);
    let speedup = speedup.map_or_else(String::new, |speedup| format!("{} · ", times(speedup)));
    let figure = format!("{speedup}{}", millis(measured.mean));
    let middle = chart.row(&way.name, 0, &figure);
    chart.bar("waiting", Duration::ZERO, measured.mean, middle);
}

/// A time of the axis: as the table has it, without zeros at its end.
fn time(at: Duration) -> String {
    let text = millis(at);
    let Some((number, unit)) = text.split_once(' ') else {
        return text;
    };
    let number = match number.contains('.') {
        true => number.trim_end_matches('0').trim_end_matches('.'),
        false => number,
    };
    format!("{number} {unit}")
}

fn is_whole(scenario: &Scenario) -> bool {
    scenario.ways.iter().all(|way| way.measured.is_some())
}

fn slowest(scenario: &Scenario) -> Duration {
    let times = scenario.ways.iter().filter_map(|way| way.measured);
    times.map(|time| time.mean).max().unwrap_or_default()
}

fn described(scenarios: &[&Scenario]) -> String {
    let mut text = String::new();
    for scenario in scenarios {
        let ways: Vec<String> = scenario
            .ways
            .iter()
            .filter_map(|way| Some(format!("{} {}", way.name, millis(way.measured?.mean))))
            .collect();
        text += &format!("{}: {}. ", scenario.name, ways.join(", "));
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::record;

    #[test]
    fn times_of_the_axis_have_no_zeros_at_their_end() {
        let shown = |micros| time(Duration::from_micros(micros));
        let times = [0, 8, 500, 1_000, 1_360, 20_000, 50_000, 154_000, 5_150_000];
        assert_eq!(
            times.map(shown),
            [
                "0 µs", "8 µs", "500 µs", "1 ms", "1.36 ms", "20 ms", "50 ms", "154 ms", "5.15 s"
            ]
        );
    }

    #[test]
    fn the_chart_is_well_formed_and_says_in_words_what_it_shows() {
        let svg = svg(&record());
        let mut reader = quick_xml::Reader::from_str(&svg);
        let mut rects = 0;
        loop {
            match reader.read_event().expect("it is well formed") {
                quick_xml::events::Event::Eof => break,
                quick_xml::events::Event::Empty(tag)
                    if tag.name().as_ref() == "rect" && !tag.contains("track") =>
                {
                    rects += 1;
                }
                _ => {}
            }
        }
        assert_eq!(rects, 4);
        assert!(
            svg.contains("sequential 103 ms, concurrent 51.2 ms"),
            "{svg}"
        );
    }
}
