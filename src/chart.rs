//! Bars along an axis of time, as an SVG image that a screen reader can read.
//!
//! The image is as wide as whatever it is put into. Letters keep their size, and a bar is a part of the width: the words
//! of a row stand above its bar, so that a telephone shows all of it.
//!
//! It has one colour, that of the text around it. A page that has others can give them to its parts by their classes.

use std::{fmt::Display, time::Duration};

use quick_xml::escape::escape;
use unicode_width::UnicodeWidthStr as _;

use crate::clock::Readable;

/// What a letter is wide, of a font whose letters are all as wide; most of these have 0.6 of their size.
pub(crate) const COLUMN: f64 = 7.2;
const FONT_SIZE: f64 = 12.0;
/// What the axis is wide on a telephone. Its times must not run into each other there.
const NARROW: f64 = 340.0;
/// Where the words of a line stand, from its top.
const BASELINE: f64 = 13.0;
/// The height of a row's words.
const WORDS: f64 = 18.0;
const LINE: f64 = 22.0;
const ROW: f64 = 34.0;
/// The height of most bars.
pub(crate) const BAR: f64 = 8.0;

/// An image in the making, line by line from its top.
#[derive(Default)]
pub struct Chart {
    elements: String,
    /// Where the next line begins.
    top: f64,
    /// The time at the right end.
    end: Duration,
    /// Where the lines of the last axis begin.
    axis: f64,
}

impl Chart {
    /// An image without a line.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A line of words that say what is below.
    pub fn heading(&mut self, words: &str) {
        let y = self.top + BASELINE;
        let words = escape(words);
        self.add(format_args!(
            "<text y=\"{y:.1}\" font-weight=\"bold\">{words}</text>"
        ));
        self.top += LINE;
    }

    /// An axis that goes from 0 to `end`, with lines at round times behind the next `height` pixels: see
    /// [`height_of_rows`](Self::height_of_rows).
    pub fn axis(&mut self, end: Duration, height: f64) {
        self.axis_in(end, height, |at| Readable(at).to_string());
    }

    /// The same, with the times in words of one's own.
    pub fn axis_in(&mut self, end: Duration, height: f64, words: impl Fn(Duration) -> String) {
        self.end = end;
        let (y, top) = (self.top + BASELINE, self.top + LINE - 4.0);
        self.axis = top;
        let bottom = self.top + LINE + height;
        let mut tick = |share: f64, anchor: &str, words: &str| {
            self.add(format_args!(
                "<line class=\"grid\" x1=\"{share:.2}%\" y1=\"{top:.1}\" x2=\"{share:.2}%\" y2=\"{bottom:.1}\" stroke=\"currentColor\" opacity=\"0.25\"/>"
            ));
            self.add(format_args!(
                "<text class=\"tick\" x=\"{share:.2}%\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{words}</text>"
            ));
        };
        tick(0.0, "start", "0");
        let last = words(end);
        // The others stay clear of the two at the ends.
        let columns = |count: usize| 100.0 * COLUMN * count as f64 / NARROW;
        let clear = columns(5)..100.0 - columns(last.width() + 4);
        tick(100.0, "end", &last);
        for at in round_times(end) {
            let share = share(at, end);
            if clear.contains(&share) {
                tick(share, "middle", &words(at));
            }
        }
        self.top += LINE;
    }

    /// How high so many rows are.
    #[must_use]
    pub fn height_of_rows(rows: usize) -> f64 {
        ROW * rows as f64
    }

    /// How high the words of a row are with so much below them.
    #[must_use]
    pub fn height_of_tall_row(height: f64) -> f64 {
        WORDS + height
    }

    /// A row: what it is about at the left, its figure at the right, and below them the place of its bar, whose middle
    /// is at the height that this returns.
    pub fn row(&mut self, label: &str, indent: usize, figure: &str) -> f64 {
        self.words(label, indent, figure);
        let middle = self.top + WORDS + BAR / 2.0;
        self.add(format_args!(
            "<rect class=\"track\" y=\"{:.1}\" width=\"100%\" height=\"{BAR}\" opacity=\"0.08\"/>",
            middle - BAR / 2.0
        ));
        self.top += ROW;
        middle
    }

    /// The words of a row, and `height` pixels for whatever is drawn below them. This returns where those begin.
    pub fn tall_row(&mut self, label: &str, figure: &str, height: f64) -> f64 {
        self.words(label, 0, figure);
        let top = self.top + WORDS;
        self.top = top + height;
        top
    }

    fn words(&mut self, label: &str, indent: usize, figure: &str) {
        let (x, y) = (indent as f64 * COLUMN, self.top + BASELINE);
        let (label, figure) = (escape(label), escape(figure));
        self.add(format_args!(
            "<text class=\"label\" x=\"{x:.1}\" y=\"{y:.1}\">{label}</text>"
        ));
        self.add(format_args!(
            "<text class=\"figure\" x=\"100%\" y=\"{y:.1}\" text-anchor=\"end\">{figure}</text>"
        ));
    }

    /// A line of words alone.
    pub fn remark(&mut self, words: &str) {
        let (y, words) = (self.top + BASELINE, escape(words));
        self.add(format_args!("<text y=\"{y:.1}\">{words}</text>"));
        self.top += LINE;
    }

    /// A line down through all rows since the axis, at a moment that decides, with its words below.
    pub fn moment(&mut self, at: Duration, words: &str) {
        let (share, top) = (self.share(at), self.axis);
        let y = self.top + BASELINE;
        let words = escape(words);
        // The words stand where there is more room.
        let (dx, anchor) = if share < 50.0 {
            (6, "start")
        } else {
            (-6, "end")
        };
        self.add(format_args!(
            "<line class=\"moment\" x1=\"{share:.2}%\" y1=\"{top:.1}\" x2=\"{share:.2}%\" y2=\"{y:.1}\" stroke=\"currentColor\" stroke-width=\"1.5\" stroke-dasharray=\"5 3\"/>"
        ));
        self.add(format_args!(
            "<text class=\"moment\" x=\"{share:.2}%\" dx=\"{dx}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{words}</text>"
        ));
        self.top += LINE;
    }

    /// Leaves some room.
    pub fn gap(&mut self) {
        self.top += LINE / 2.0;
    }

    /// A bar of this class from one time to another, whose middle is at `y`.
    pub fn bar(&mut self, class: &str, from: Duration, to: Duration, y: f64) {
        self.bar_of_height(class, from, to, y, BAR);
    }

    pub(crate) fn bar_of_height(
        &mut self,
        class: &str,
        from: Duration,
        to: Duration,
        y: f64,
        height: f64,
    ) {
        let (from, to) = (self.share(from), self.share(to));
        let (x, width) = stretch(from, to);
        let top = y - height / 2.0;
        self.add(format_args!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{top:.1}\" width=\"{width}\" height=\"{height:.1}\" rx=\"2\"/>"
        ));
    }

    /// Something that is drawn around a point: at this time, and this height.
    pub(crate) fn at(&mut self, time: Duration, y: f64, shape: impl Display) {
        let x = self.share(time);
        self.add(format_args!(
            "<svg x=\"{x:.2}%\" y=\"{y:.1}\" overflow=\"visible\">{shape}</svg>"
        ));
    }

    /// A dotted line from one time to another.
    pub(crate) fn dotted(&mut self, class: &str, from: Duration, to: Duration, y: f64) {
        let (from, to) = (self.share(from), self.share(to));
        self.add(format_args!(
            "<line class=\"{class}\" x1=\"{from:.2}%\" y1=\"{y:.1}\" x2=\"{to:.2}%\" y2=\"{y:.1}\" stroke=\"currentColor\" stroke-width=\"2\" stroke-dasharray=\"2 4\"/>"
        ));
    }

    /// Two samples a line, each with its words: the drawing of one is `width` pixels wide and has its middle at 0.
    pub(crate) fn legend<'a>(&mut self, samples: impl Iterator<Item = (String, &'a str)>) {
        let mut count = 0;
        for (index, (sample, words)) in samples.enumerate() {
            let (x, y) = (50 * (index % 2), self.top + LINE * (index / 2) as f64);
            let words = escape(words);
            self.add(format_args!(
                "<svg x=\"{x}%\" y=\"{:.1}\" overflow=\"visible\">{sample}<text x=\"34\" y=\"4\">{words}</text></svg>",
                y + LINE / 2.0
            ));
            count = index + 1;
        }
        self.top += LINE * f64::from(u32::try_from(count.div_ceil(2)).unwrap_or(u32::MAX));
    }

    /// What part of the axis lies before this time, in percent. An axis without length has all of its bars at the left.
    fn share(&self, at: Duration) -> f64 {
        share(at, self.end)
    }

    fn add(&mut self, element: impl Display) {
        self.elements.push_str(&format!("{element}\n"));
    }

    /// The image, which is `what` in a word or two, and `description` for those who cannot see it. Elements of it that
    /// need an id have one that begins with `id`. It has no line that is blank, so that it can stand in a page of
    /// Markdown.
    #[must_use]
    pub fn finish(self, id: &str, what: &str, description: &str) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"100%\" height=\"{height:.0}\" overflow=\"visible\" \
             aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-desc\" font-family=\"monospace\" \
             font-size=\"{FONT_SIZE}\" fill=\"currentColor\" stroke=\"none\">\n\
             <title id=\"{id}-title\">{what}</title>\n<desc id=\"{id}-desc\">{description}</desc>\n{elements}</svg>\n",
            height = self.top,
            id = escape(id),
            what = escape(what),
            description = escape(description),
            elements = self.elements,
        )
    }
}

fn share(at: Duration, end: Duration) -> f64 {
    if end.is_zero() {
        return 0.0;
    }
    100.0 * (at.as_secs_f64() / end.as_secs_f64()).min(1.0)
}

/// Where a bar begins and how long it is. What took no time can be seen too.
fn stretch(from: f64, to: f64) -> (String, String) {
    if to - from < 0.5 {
        (format!("{:.2}%", from.min(99.3)), "3".into())
    } else {
        (format!("{from:.2}%"), format!("{:.2}%", to - from))
    }
}

/// At most five times within `total`, each the same round step after the one before.
fn round_times(total: Duration) -> Vec<Duration> {
    const SECOND: u128 = 1_000_000;
    let micros = total.as_micros();
    let decades = |unit| {
        (0..).flat_map(move |power| [1, 2, 5].map(|digit| digit * 10_u128.pow(power) * unit))
    };
    let seconds = decades(1).take_while(|step| *step <= 20 * SECOND);
    // Beyond, round is what a clock shows.
    let minutes = [1, 2, 4, 10, 20, 30, 60].map(|half| 30 * half * SECOND);
    let step = seconds
        .chain(minutes)
        .chain(decades(3600 * SECOND))
        .find(|step| micros <= 5 * step)
        .unwrap_or(1);
    let times = (1..).map(|count| count * step);
    times
        .take_while(|at| *at < micros)
        // A recording that ends has far fewer microseconds than this holds.
        .filter_map(|at| Some(Duration::from_micros(u64::try_from(at).ok()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn the_scale_counts_in_round_steps() {
        let times = |millis| {
            round_times(ms(millis))
                .iter()
                .map(|at| Readable(*at).to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(times(500), ["0.1 s", "0.2 s", "0.3 s", "0.4 s"]);
        assert_eq!(times(3000), ["1.0 s", "2.0 s"]);
        assert_eq!(times(800), ["0.2 s", "0.4 s", "0.6 s"]);
        assert!(times(0).is_empty());
        let minute = Duration::from_secs(60);
        assert_eq!(round_times(5 * minute)[0], minute);
    }

    #[test]
    fn times_of_the_axis_are_clear_of_each_other_on_a_telephone() {
        for millis in [1, 3, 7, 40, 99, 100, 350, 999, 1001, 1260, 5250, 60_001] {
            let mut chart = Chart::new();
            chart.axis(ms(millis), 0.0);
            let mut ticks: Vec<(f64, f64)> = Vec::new();
            for line in chart
                .elements
                .lines()
                .filter(|line| line.contains("class=\"tick\""))
            {
                let part = |after: &str, before: char| {
                    let rest = line.split(after).nth(1).expect("it has this part");
                    rest.split(before).next().expect("it is closed").to_owned()
                };
                let x = NARROW / 100.0 * part("x=\"", '%').parse::<f64>().expect("a number");
                let width = COLUMN * part(">", '<').width() as f64;
                let left = match part("anchor=\"", '"').as_str() {
                    "start" => x,
                    "middle" => x - width / 2.0,
                    _ => x - width,
                };
                ticks.push((left, left + width));
            }
            ticks.sort_by(|a, b| a.0.total_cmp(&b.0));
            for pair in ticks.windows(2) {
                assert!(pair[0].1 + 2.0 <= pair[1].0, "{millis} ms: {ticks:?}");
            }
        }
    }

    #[test]
    fn a_moment_has_its_words_where_there_is_room() {
        let mut chart = Chart::new();
        chart.axis(ms(1000), Chart::height_of_rows(1));
        chart.row("call", 0, "0.2 s");
        chart.moment(ms(200), "returned at 0.2 s");
        chart.moment(ms(1000), "deadline at 1.0 s");
        let svg = chart.finish("m", "M", "M");
        for part in [
            "<line class=\"moment\" x1=\"20.00%\" y1=\"18.0\" x2=\"20.00%\" y2=\"69.0\"",
            "x=\"20.00%\" dx=\"6\" y=\"69.0\" text-anchor=\"start\">returned at 0.2 s<",
            "x=\"100.00%\" dx=\"-6\" y=\"91.0\" text-anchor=\"end\">deadline at 1.0 s<",
        ] {
            assert!(svg.contains(part), "no {part} in {svg}");
        }
    }

    #[test]
    fn what_took_no_time_is_seen_and_within_the_image() {
        assert_eq!(stretch(0.0, 0.0), ("0.00%".into(), "3".into()));
        assert_eq!(stretch(100.0, 100.0), ("99.30%".into(), "3".into()));
        assert_eq!(stretch(10.0, 30.0), ("10.00%".into(), "20.00%".into()));
    }
}
