//! One line at the foot of the terminal that says what is under way.

use std::{
    io::{self, IsTerminal as _, Write},
    pin::pin,
    time::Duration,
};

use async_workbook::timeline::Style;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// What takes no longer than this is not worth a word.
const MOMENT: Duration = Duration::from_millis(400);

/// Awaits `work`. If that takes longer than a moment, the terminal says meanwhile what is under way, on a line of standard
/// error that is gone afterwards; where standard error is no terminal, nothing is said.
///
/// # Cancel safety
///
/// Dropping this drops `work`, and takes the line away.
pub(crate) async fn while_shown<T>(work: impl Future<Output = T>, words: impl Fn() -> String) -> T {
    if !io::stderr().is_terminal() || super::terminal_is_dumb() {
        return work.await;
    }
    let start = Instant::now();
    let mut work = pin!(work);
    let mut ticks = interval_at(start + MOMENT, Duration::from_millis(100));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut line = StatusLine::new(io::stderr());
    loop {
        tokio::select! {
            biased;
            done = &mut work => return done,
            _ = ticks.tick() => {
                let text = format!("{}… {}", words(), stopwatch(start.elapsed()));
                // The last column is left free: some terminals go to the next line with it.
                line.show(&text, Style::detect().width.saturating_sub(1));
            }
        }
    }
}

/// How long it has taken, to the second.
pub(crate) fn stopwatch(elapsed: Duration) -> String {
    match (elapsed.as_secs() / 60, elapsed.as_secs() % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

/// The line. Dropping it leaves the terminal as if it had never been there.
struct StatusLine<W: Write> {
    out: W,
    shown: String,
}

impl<W: Write> StatusLine<W> {
    fn new(out: W) -> Self {
        let shown = String::new();
        Self { out, shown }
    }

    /// Shows this text, or as much of it as there are columns.
    fn show(&mut self, text: &str, columns: usize) {
        let mut room = columns;
        let fits = |c: &char| {
            let left = room.checked_sub(c.width().unwrap_or(0));
            room = left.unwrap_or(0);
            left.is_some()
        };
        let text: String = text.chars().take_while(fits).collect();
        if text != self.shown {
            self.draw(&text);
            self.shown = text;
        }
    }

    /// Blanks cover the rest of what was there. Escape sequences, which could clear it, are not understood everywhere.
    fn draw(&mut self, text: &str) {
        let rest = self.shown.width().saturating_sub(text.width());
        let blanks = " ".repeat(rest);
        let back = "\u{8}".repeat(rest);
        // Nothing depends on its being seen.
        drop(write!(self.out, "\r{text}{blanks}{back}"));
        drop(self.out.flush());
    }
}

impl<W: Write> Drop for StatusLine<W> {
    fn drop(&mut self) {
        if !self.shown.is_empty() {
            self.draw("");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_drawn_over_the_one_before_and_taken_away_at_the_end() {
        let mut drawn = Vec::new();
        let mut line = StatusLine::new(&mut drawn);
        line.show("Compiling syn, 4 of 9", 13);
        line.show("Compiling syn, 5 of 9", 13);
        line.show("Compiling", 13);
        drop(line);
        let drawn = String::from_utf8(drawn).expect("it is text");
        assert_eq!(
            drawn.split('\r').collect::<Vec<_>>(),
            [
                "",
                "Compiling syn",
                "Compiling    \u{8}\u{8}\u{8}\u{8}",
                "         \u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}",
            ],
            "what is shown already is not drawn again"
        );
    }

    #[test]
    fn long_waits_are_told_in_minutes() {
        let told = [0, 59, 60, 195].map(|seconds| stopwatch(Duration::from_secs(seconds)));
        assert_eq!(told, ["0 s", "59 s", "1 min 0 s", "3 min 15 s"]);
    }
}
