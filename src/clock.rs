//! Which clock a lesson runs on: real time, or tokio's paused clock, on which every figure is exact.
//!
//! On the paused clock, time stands still while any task can run, and jumps to the next timer once
//! all of them wait. Three sleeps of a second that overlap take exactly one second of virtual time,
//! and microseconds of yours. With real sockets or databases, a paused clock needs a [`Hold`].

mod hold;

use std::{env, fmt, future::Future, io, time::Duration};

pub use hold::Hold;
use tokio::{
    runtime::{self, Runtime},
    time::Instant,
};

/// The environment variable that chooses the clock: `real` (the default) or `virtual`.
pub const VARIABLE: &str = "WORKBOOK_CLOCK";

/// The clock that a program runs on.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Clock {
    /// Time as the wall shows it: a second of waiting takes a second.
    #[default]
    Real,
    /// tokio's paused clock: waiting takes no real time, and every figure is exact.
    Virtual,
}

impl Clock {
    /// Reads [`VARIABLE`].
    ///
    /// # Errors
    ///
    /// It holds something other than `real` or `virtual`.
    pub fn from_env() -> Result<Self, UnknownClock> {
        match env::var_os(VARIABLE) {
            None => Ok(Self::Real),
            Some(value) => match value.to_str() {
                Some("" | "real") => Ok(Self::Real),
                Some("virtual") => Ok(Self::Virtual),
                _ => Err(UnknownClock(value.to_string_lossy().into_owned())),
            },
        }
    }

    /// Makes a `current_thread` runtime on this clock.
    ///
    /// Virtual time has to begin with the runtime: tokio's timers count whole milliseconds from there,
    /// and a clock that is paused later stands between two of them, which makes each wait up to a
    /// millisecond too long.
    ///
    /// # Errors
    ///
    /// The system has no resources left for a runtime.
    pub fn runtime(self) -> io::Result<Runtime> {
        runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(self == Self::Virtual)
            .build()
    }
}

/// [`VARIABLE`] named a clock that does not exist.
#[derive(thiserror::Error)]
#[error(
    "{VARIABLE}={0} names no clock; set it to `virtual` for exact figures, or unset it for real time"
)]
pub struct UnknownClock(String);

/// As it is displayed, since this is how an error looks that `main` returns.
impl fmt::Debug for UnknownClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Awaits `future`, and returns its output with the time it took on the clock in use.
///
/// # Cancel safety
///
/// Dropping this drops `future`, and nothing else.
pub async fn timed<F: Future>(future: F) -> (F::Output, Duration) {
    let start = Instant::now();
    let output = future.await;
    (output, start.elapsed())
}

/// Shows a duration as somebody would say it: `35 ms`, from a tenth of a second on `0.5 s`, and from a minute on
/// `2 min 5 s` or `1 h`.
///
/// Digits below the millisecond are rounded away. Where a sentence compares durations, [`distinct`] keeps those that
/// it needs.
#[derive(Clone, Copy, Debug)]
pub struct Readable(pub Duration);

impl fmt::Display for Readable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `pad` keeps the width and alignment that the caller asked for.
        f.pad(&readable(self.0, MILLIS))
    }
}

/// Shows durations that a sentence compares: as [`Readable`] does, with as many more digits as it takes for different
/// durations to look different.
///
/// ```
/// use std::time::Duration;
/// use async_workbook::clock::distinct;
///
/// let second = Duration::from_secs(1);
/// let [due, began] = distinct([second, second + Duration::from_micros(40)]);
/// assert_eq!(format!("due at {due}, begun at {began}"), "due at 1.0 s, begun at 1.00004 s");
/// ```
#[must_use]
pub fn distinct<const N: usize>(durations: [Duration; N]) -> [String; N] {
    let shown = |digits| durations.map(|duration| readable(duration, digits));
    let all_differ = |texts: &[String; N]| {
        (1..N).all(|later| {
            (0..later).all(|earlier| {
                texts[earlier] != texts[later] || durations[earlier] == durations[later]
            })
        })
    };
    (MILLIS..NANOS)
        .map(shown)
        .find(all_differ)
        // With all digits that a duration has, these differ.
        .unwrap_or_else(|| shown(NANOS))
}

/// How many decimals of a second show milliseconds.
const MILLIS: u32 = 3;
/// How many decimals of a second show nanoseconds.
const NANOS: u32 = 9;

/// A duration, rounded to so many decimals of a second: three at least.
fn readable(duration: Duration, decimals: u32) -> String {
    let unit = 10_u128.pow(NANOS - decimals);
    let nanos = (duration.as_nanos() + unit / 2) / unit * unit;
    if nanos < 100_000_000 {
        let (millis, fraction) = (nanos / 1_000_000, format!("{:06}", nanos % 1_000_000));
        return match fraction.trim_end_matches('0') {
            "" => format!("{millis} ms"),
            digits => format!("{millis}.{digits} ms"),
        };
    }
    let (seconds, fraction) = (
        nanos / 1_000_000_000,
        format!("{:09}", nanos % 1_000_000_000),
    );
    let fraction = fraction.trim_end_matches('0');
    if seconds < 60 {
        let fraction = if fraction.is_empty() { "0" } else { fraction };
        return format!("{seconds}.{fraction} s");
    }
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let whole = |count: u128, unit| (count > 0).then(|| format!("{count} {unit}"));
    let seconds = match fraction {
        "" => whole(seconds, "s"),
        fraction => Some(format!("{seconds}.{fraction} s")),
    };
    let parts = [whole(hours, "h"), whole(minutes, "min"), seconds];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_the_source_documents_write_them() {
        let shown = |micros| Readable(Duration::from_micros(micros)).to_string();
        assert_eq!(shown(0), "0 ms");
        assert_eq!(shown(35_400), "35 ms");
        assert_eq!(shown(100_000), "0.1 s");
        assert_eq!(shown(99_600), "0.1 s");
        assert_eq!(shown(500_000), "0.5 s");
        assert_eq!(shown(1_006_000), "1.006 s");
        assert_eq!(shown(1_050_000), "1.05 s");
        assert_eq!(shown(50_000_000), "50.0 s");
    }

    #[test]
    fn from_a_minute_on_durations_read_as_people_say_them() {
        let shown = |millis| Readable(Duration::from_millis(millis)).to_string();
        assert_eq!(shown(59_999), "59.999 s");
        assert_eq!(shown(60_000), "1 min");
        assert_eq!(shown(90_500), "1 min 30.5 s");
        assert_eq!(shown(125_000), "2 min 5 s");
        assert_eq!(shown(3_600_000), "1 h");
        assert_eq!(shown(3_605_001), "1 h 5.001 s");
        assert_eq!(shown(24 * 3_600_000 + 60_000), "24 h 1 min");
        assert_eq!(
            Readable(Duration::from_nanos(59_999_999_999)).to_string(),
            "1 min"
        );
        let hour = Duration::from_secs(3600);
        assert_eq!(
            distinct([hour, hour + Duration::from_micros(40)]),
            ["1 h", "1 h 0.00004 s"]
        );
    }

    #[test]
    fn durations_that_are_compared_have_the_digits_in_which_they_differ() {
        let shown = |nanos: [u64; 2]| distinct(nanos.map(Duration::from_nanos));
        assert_eq!(shown([1_000_000_000, 2_000_400_000]), ["1.0 s", "2.0 s"]);
        assert_eq!(shown([35_000_000, 35_400_000]), ["35 ms", "35.4 ms"]);
        assert_eq!(shown([99_999_999, 100_000_000]), ["99.999999 ms", "0.1 s"]);
        assert_eq!(shown([0, 7]), ["0 ms", "0.00001 ms"]);
        assert_eq!(shown([1_500_400, 1_500_400]), ["2 ms", "2 ms"], "the same");
    }

    #[tokio::test(start_paused = true)]
    async fn timed_reads_the_clock_in_use() {
        let hour = Duration::from_secs(3600);
        let ((), took) = timed(tokio::time::sleep(hour)).await;
        assert_eq!(took, hour);
    }
}
