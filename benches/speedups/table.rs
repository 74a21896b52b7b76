//! The measured as a table, for the terminal and for Markdown.

use std::{fmt::Write as _, time::Duration};

use super::{Growth, GrowthOutcome, Record, Scenario, Way};

/// The table for the terminal: a line for each way of each scenario, at most 100 columns wide.
#[must_use]
pub fn text(record: &Record) -> String {
    let mut text = String::new();
    let mut chapter = "";
    for scenario in &record.scenarios {
        if scenario.chapter != chapter {
            chapter = &scenario.chapter;
            text.push('\n');
            text += &line(chapter, &Cells::head());
        }
        text += &format!("{}\n", title(scenario));
        for way in &scenario.ways {
            text += &line(&format!("  {}", way.name), &cells(scenario, way));
        }
    }
    text
}

fn line(name: &str, cells: &Cells) -> String {
    let Cells {
        measured,
        ideal,
        speedup,
        ideal_speedup,
        efficiency,
        asyncio,
    } = cells;
    let line = format!(
        "{name:30} {measured:>15} {ideal:>8} {speedup:>10} {ideal_speedup:>7} {efficiency:>11} {asyncio:>10}"
    );
    format!("{}\n", line.trim_end())
}

/// How cost grows, for the terminal.
#[must_use]
pub fn growth_text(record: &Record) -> String {
    let Some(first) = record.growth.first() else {
        return String::new();
    };
    let mut text = format!(
        "\nMany waits of {} at once: time over ideal, and peak memory\n\n{:15}",
        millis(first.wait),
        ""
    );
    let counts = counts(&record.growth);
    for count in &counts {
        write!(text, " {:>15}", thousands(*count)).expect("write to a String");
    }
    text.push('\n');
    for how in hows(&record.growth) {
        write!(text, "{how:15}").expect("write to a String");
        for count in &counts {
            let cell = cell(&record.growth, how, *count);
            write!(text, " {cell:>15}").expect("write to a String");
        }
        text.push('\n');
    }
    text
}

/// Both tables in Markdown, each between anchors, so that a page of the book can include one of them.
#[must_use]
pub fn markdown(record: &Record) -> String {
    let mut text = "<!-- ANCHOR: scenarios -->\n| scenario, and each way | measured | ideal | speedup | at best | efficiency | / asyncio |\n|---|--:|--:|--:|--:|--:|--:|\n".to_owned();
    for scenario in &record.scenarios {
        let source = scenario.source.as_ref();
        let source = source.map_or_else(String::new, |source| format!(" ({source})"));
        writeln!(
            text,
            "| **{} {}**{source} | | | | | | |",
            number(scenario),
            scaled(scenario)
        )
        .expect("write to a String");
        for way in &scenario.ways {
            let cells = cells(scenario, way);
            writeln!(
                text,
                "| {} | {} | {} | {} | {} | {} | {} |",
                way.name,
                unbroken(&cells.measured),
                unbroken(&cells.ideal),
                cells.speedup,
                cells.ideal_speedup,
                cells.efficiency,
                cells.asyncio
            )
            .expect("write to a String");
        }
    }
    text.push_str("<!-- ANCHOR_END: scenarios -->\n");
    if record.growth.is_empty() {
        return text;
    }
    let counts = counts(&record.growth);
    text.push_str("\n<!-- ANCHOR: growth -->\n| waits at once |");
    for count in &counts {
        write!(text, " {} |", thousands(*count)).expect("write to a String");
    }
    text.push_str("\n|---|");
    text.push_str(&"--:|".repeat(counts.len()));
    text.push('\n');
    for how in hows(&record.growth) {
        write!(text, "| {how} |").expect("write to a String");
        for count in &counts {
            write!(text, " {} |", unbroken(&cell(&record.growth, how, *count)))
                .expect("write to a String");
        }
        text.push('\n');
    }
    text.push_str("<!-- ANCHOR_END: growth -->\n");
    text
}

/// With spaces at which no browser breaks a line.
fn unbroken(cell: &str) -> String {
    cell.replace(' ', "\u{a0}")
}

struct Cells {
    measured: String,
    ideal: String,
    speedup: String,
    ideal_speedup: String,
    efficiency: String,
    asyncio: String,
}

impl Cells {
    fn head() -> Self {
        let [measured, ideal, speedup, ideal_speedup, efficiency, asyncio] = [
            "measured",
            "ideal",
            "speedup",
            "at best",
            "efficiency",
            "/ asyncio",
        ]
        .map(str::to_owned);
        Self {
            measured,
            ideal,
            speedup,
            ideal_speedup,
            efficiency,
            asyncio,
        }
    }
}

fn cells(scenario: &Scenario, way: &Way) -> Cells {
    let times = |speedup: Option<f64>| speedup.map_or_else(String::new, times);
    let ratio = |ratio: Option<f64>| ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
    let is_slow = scenario.ways.first() == Some(way);
    Cells {
        measured: way.measured.map_or_else(
            || "not measured".into(),
            |measured| {
                let share = measured.spread.as_secs_f64() / measured.mean.as_secs_f64();
                format!("{} ±{:.0} %", millis(measured.mean), share * 100.0)
            },
        ),
        ideal: way.ideal.map_or_else(String::new, millis),
        speedup: times(scenario.speedup(way).filter(|_| !is_slow)),
        ideal_speedup: times(scenario.ideal_speedup(way).filter(|_| !is_slow)),
        efficiency: ratio(way.efficiency()),
        asyncio: ratio(way.over_asyncio()),
    }
}

fn title(scenario: &Scenario) -> String {
    let source = scenario.source.as_ref().map_or_else(String::new, |source| {
        format!(" (the source documents: {source})")
    });
    format!(" {}{source}", scaled(scenario))
}

pub(super) fn scaled(scenario: &Scenario) -> String {
    match scenario.scale {
        1 => scenario.name.clone(),
        scale => format!("{}, 1:{scale}", scenario.name),
    }
}

fn number(scenario: &Scenario) -> &str {
    scenario.chapter.split('_').next().unwrap_or_default()
}

/// `9.9x`, `88,566x`.
pub(super) fn times(speedup: f64) -> String {
    if speedup < 1000.0 {
        format!("{speedup:.1}x")
    } else {
        // Far below what a `usize` holds: nothing here is that fast.
        format!("{}x", thousands(speedup.round() as usize))
    }
}

/// Three digits that count, in a unit that suits.
pub(super) fn millis(duration: Duration) -> String {
    let millis = duration.as_secs_f64() * 1e3;
    match millis {
        1000.0.. => format!("{:.2} s", millis / 1e3),
        100.0.. => format!("{millis:.0} ms"),
        10.0.. => format!("{millis:.1} ms"),
        1.0.. => format!("{millis:.2} ms"),
        _ => format!("{:.1} µs", millis * 1e3),
    }
}

fn counts(growth: &[Growth]) -> Vec<usize> {
    let mut counts: Vec<usize> = growth.iter().map(|growth| growth.waits).collect();
    counts.sort_unstable();
    counts.dedup();
    counts
}

fn hows(growth: &[Growth]) -> Vec<&str> {
    let mut hows = Vec::new();
    for growth in growth {
        if !hows.contains(&growth.how.as_str()) {
            hows.push(&growth.how);
        }
    }
    hows
}

fn cell(growth: &[Growth], how: &str, waits: usize) -> String {
    let found = growth
        .iter()
        .find(|growth| growth.how == how && growth.waits == waits);
    match found {
        None => String::new(),
        Some(Growth {
            wait,
            outcome: GrowthOutcome::Took { time, peak_kib },
            ..
        }) => {
            let ratio = time.as_secs_f64() / wait.as_secs_f64();
            let memory =
                peak_kib.map_or_else(String::new, |kib| format!(", {} MiB", kib.div_ceil(1024)));
            format!("{ratio:.2}{memory}")
        }
        Some(Growth {
            outcome: GrowthOutcome::EndedAt { count, .. },
            ..
        }) => {
            format!("at most {}", thousands(*count))
        }
    }
}

/// `100,000`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::record;

    #[test]
    fn the_table_fits_a_hundred_columns() {
        let text = format!("{}{}", text(&record()), growth_text(&record()));
        assert!(
            text.lines().all(|line| line.chars().count() <= 100),
            "{text}"
        );
        insta::assert_snapshot!(text);
    }

    #[test]
    fn markdown_says_the_same() {
        insta::assert_snapshot!(markdown(&record()));
    }

    #[test]
    fn numbers_are_grouped() {
        let grouped: Vec<_> = [10, 1000, 100_000, 1_234_567].map(thousands).into();
        assert_eq!(grouped, ["10", "1,000", "100,000", "1,234,567"]);
    }
}
