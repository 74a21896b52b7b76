//! The measured as bars, in an image that scales, and that a screen reader can read.

use std::fmt::Write as _;

use super::{
    Record, Scenario, Way,
    table::{millis, scaled, times},
};

const WIDTH: f64 = 760.0;
const LEFT: f64 = 250.0;
const ROW: f64 = 20.0;

/// An SVG image: for each scenario the ways, a bar as long as the time each takes of the slowest.
pub(super) fn svg(record: &Record) -> String {
    let scenarios: Vec<&Scenario> = record
        .scenarios
        .iter()
        .filter(|scenario| is_whole(scenario))
        .collect();
    let rows: usize = scenarios
        .iter()
        .map(|scenario| scenario.ways.len() + 2)
        .sum();
    let height = ROW * (rows.max(1) as f64);
    // `currentColor` is the page's own, in light and in dark.
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-labelledby=\"speedups-title speedups-text\" font-family=\"sans-serif\" font-size=\"13\" fill=\"currentColor\">\n\
         <title id=\"speedups-title\">How long each way takes, beside the slowest</title>\n<desc id=\"speedups-text\">{}</desc>\n",
        escaped(&described(&scenarios))
    );
    let mut y = 0.0;
    for scenario in scenarios {
        writeln!(
            svg,
            "<text x=\"0\" y=\"{:.0}\" font-weight=\"bold\">{} {}</text>",
            y + 15.0,
            scenario.chapter.split('_').next().unwrap_or_default(),
            escaped(&scaled(scenario))
        )
        .expect("write to a String");
        y += ROW;
        for way in &scenario.ways {
            bar(&mut svg, scenario, way, y);
            y += ROW;
        }
        y += ROW;
    }
    svg.push_str("</svg>\n");
    svg
}

fn bar(svg: &mut String, scenario: &Scenario, way: &Way, y: f64) {
    let (Some(time), Some(slowest)) = (way.measured, slowest(scenario)) else {
        return;
    };
    let room = WIDTH - LEFT - 110.0;
    let width = (room * time.mean.as_secs_f64() / slowest).max(1.0);
    let is_slow = scenario.ways.first() == Some(way);
    let speedup = scenario.speedup(way).filter(|_| !is_slow);
    let speedup = speedup.map_or_else(String::new, |speedup| format!("  {}", times(speedup)));
    writeln!(
        svg,
        "<text x=\"12\" y=\"{text:.0}\">{name}</text>\
         <rect x=\"{LEFT}\" y=\"{top:.0}\" width=\"{width:.1}\" height=\"{height:.0}\" opacity=\"0.6\"/>\
         <text x=\"{end:.1}\" y=\"{text:.0}\">{took}{speedup}</text>",
        text = y + 14.0,
        name = escaped(&way.name),
        top = y + 3.0,
        height = ROW - 6.0,
        end = LEFT + width + 6.0,
        took = millis(time.mean),
    )
    .expect("write to a String");
}

fn is_whole(scenario: &Scenario) -> bool {
    scenario.ways.iter().all(|way| way.measured.is_some())
}

fn slowest(scenario: &Scenario) -> Option<f64> {
    let times = scenario.ways.iter().filter_map(|way| way.measured);
    times.map(|time| time.mean.as_secs_f64()).reduce(f64::max)
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

fn escaped(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::record;

    #[test]
    fn the_chart_is_well_formed_and_says_in_words_what_it_shows() {
        let svg = svg(&record());
        let mut reader = quick_xml::Reader::from_str(&svg);
        let mut rects = 0;
        loop {
            match reader.read_event().expect("it is well formed") {
                quick_xml::events::Event::Eof => break,
                quick_xml::events::Event::Empty(tag) if tag.name().as_ref() == "rect" => rects += 1,
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
