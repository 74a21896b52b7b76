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

/// Shows a duration as the workbook writes it: `35 ms`, and from a tenth of a second on `0.5 s`.
///
/// Digits below the millisecond are rounded away.
#[derive(Clone, Copy, Debug)]
pub struct Readable(pub Duration);

impl fmt::Display for Readable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = (self.0.as_micros() + 500) / 1000;
        let (seconds, fraction) = (millis / 1000, millis % 1000);
        let text = if millis < 100 {
            format!("{millis} ms")
        } else if fraction % 100 == 0 {
            format!("{seconds}.{} s", fraction / 100)
        } else {
            let digits = format!("{fraction:03}");
            format!("{seconds}.{} s", digits.trim_end_matches('0'))
        };
        // `pad` keeps the width and alignment that the caller asked for.
        f.pad(&text)
    }
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

    #[tokio::test(start_paused = true)]
    async fn timed_reads_the_clock_in_use() {
        let hour = Duration::from_secs(3600);
        let ((), took) = timed(tokio::time::sleep(hour)).await;
        assert_eq!(took, hour);
    }
}
