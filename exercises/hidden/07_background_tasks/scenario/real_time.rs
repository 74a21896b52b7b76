//! What shows that a shutdown used real time, which the paused clock knows nothing about.

use std::time::Duration;

use async_workbook::{harness::ms, verdict::Fault};

use super::{Observed, Scenario};
use crate::job::Job;

/// How long a stall takes: longer than the millisecond that timers are rounded up to.
pub(super) const STALL: Duration = ms(3);

/// What real time did meanwhile.
pub(super) struct Real {
    /// How long the shutdown took.
    pub(super) took: Duration,
    /// How far real time was behind the paused clock when the shutdown began.
    pub(super) behind: Duration,
    /// Whether there are new threads.
    pub(super) threads_started: bool,
}

impl Scenario {
    /// The shutdown aborted something, or returned, `after` it had begun: was the reason a deadline in real time?
    ///
    /// The tests ask this only if it happened at the wrong time, to find out why.
    pub(super) fn went_by_real_time(&self, observed: &Observed, after: Duration) -> bool {
        let (grace, real) = (ms(self.grace), &observed.real);
        // A thread that sleeps until the grace is over, or a sleep that blocks this thread.
        let slept = real.threads_started || (after < grace && real.took >= grace);
        slept || self.is_converted(observed, after) || self.is_counted_down(observed, after)
    }

    /// A deadline that was converted from `std`'s clock to tokio's comes early, by as much as `std`'s clock is behind.
    fn is_converted(&self, observed: &Observed, after: Duration) -> bool {
        let real = &observed.real;
        let early = ms(self.grace).saturating_sub(real.behind);
        let is_sure = real.behind >= ms(10) && !early.is_zero();
        is_sure && (early..=early + real.took + ms(2)).contains(&after)
    }

    /// By `std`'s clock, nearly all of the grace is left each time that the answer asks.
    fn is_counted_down(&self, observed: &Observed, after: Duration) -> bool {
        let grace = ms(self.grace);
        if after <= grace || grace.is_zero() {
            return false;
        }
        let ends = observed.settled.iter().map(Job::natural_end);
        let ends = ends.map(|end| end.saturating_duration_since(observed.began));
        ends.chain([Duration::ZERO])
            .filter(|&end| end < after)
            .any(|end| {
                let waited = (after - end).as_millis();
                let (times, rest) = (waited / grace.as_millis() + 1, waited % grace.as_millis());
                let short = grace.as_millis() - rest;
                let is_plausible = times <= observed.settled.len() as u128;
                let at_most = times * (observed.real.took.as_millis() + 2);
                is_plausible && rest > 0 && (2..=at_most).contains(&short)
            })
    }
}

pub(super) fn real_clock_used(happened: String) -> Fault {
    Fault::new("real_clock_used")
        .happened(format!("{happened}: `shutdown` waited in real time, which the paused clock knows nothing about"))
        .expected("`shutdown` measures the grace on tokio's clock, like all other waits")
        .next("in `shutdown`, take the deadline from `tokio::time::Instant::now()`, and wait for it with `timeout_at`: no `std::time::Instant`, and no `thread::sleep`")
}
