//! How to grade and how to print, whichever command does.

use std::time::Duration;

use anstream::ColorChoice;
use clap::Args;

use crate::{
    console,
    course::Course,
    grade::{DEFAULT_TIME_LIMIT, Grader},
};

/// How to grade, whichever command does.
#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// How many seconds a hidden test may run before it is stopped.
    #[arg(long, global = true, value_name = "SECONDS", env = "WORKBOOK_TIME_LIMIT", default_value_t = DEFAULT_TIME_LIMIT.as_secs_f64(), value_parser = seconds)]
    time_limit: f64,

    #[command(flatten)]
    color: colorchoice_clap::Color,
}

impl Settings {
    /// Has every stream that is opened from here on use colours as it is asked for.
    ///
    /// A terminal that says that it is dumb gets none unless they are asked for; left to itself, anstream
    /// takes any terminal for one that knows colours where `CI` is set.
    pub fn choose_colours(&self) {
        let choice = match self.color.as_choice() {
            ColorChoice::Auto if console::terminal_is_dumb() => ColorChoice::Never,
            choice => choice,
        };
        choice.write_global();
    }

    /// A grader for the stubs of `course`.
    #[must_use]
    pub fn grader(&self, course: &Course) -> Grader {
        let mut grader = Grader::of_stubs(course);
        grader.limits.time = Duration::from_secs_f64(self.time_limit);
        grader
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        // A day is longer than anybody waits, and far from what a Duration can hold.
        Ok(seconds) if (0.1..=86_400.0).contains(&seconds) => Ok(seconds),
        _ => Err("give a number of seconds from 0.1 to 86400".into()),
    }
}
