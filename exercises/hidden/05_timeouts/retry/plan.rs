//! What the calls of an answer do, and what the answer has to do about it.

use std::{num::NonZeroU32, thread};

use async_workbook::{
    harness::ms,
    probes::drops::Drops,
    services::upstream::{Page, UpstreamError},
    verdict::{catch_panic, mark_in},
};

use crate::{
    Answer, Calls, HOUR, RetryError,
    observation::{Seen, observe, wait},
    opaque::Opaque,
};

pub(super) type Retried = Result<Page, RetryError>;
/// Its result is an error if the function panicked.
pub(super) type Tried = Seen<Result<Retried, String>>;

/// The arguments of `retry`, and what the calls do: after how many milliseconds they end, and with which
/// status. Calls after the last one in the list do the same as that one.
#[derive(Clone, Copy)]
pub(super) struct Plan {
    pub(super) attempts: u32,
    pub(super) base: u64,
    pub(super) total: u64,
    pub(super) calls: &'static [(u64, u16)],
}

/// Means an error without a status.
pub(super) const BROKEN: u16 = 0;

pub(super) const fn plan(
    attempts: u32,
    base: u64,
    total: u64,
    calls: &'static [(u64, u16)],
) -> Plan {
    Plan {
        attempts,
        base,
        total,
        calls,
    }
}

/// Four calls that fail at once, with plenty of time.
pub(super) const CANON: Plan = plan(4, 100, HOUR, &[(0, 503)]);

impl Plan {
    pub(super) fn call(&self, number: u32) -> (u64, u16) {
        let index = (number as usize - 1).min(self.calls.len() - 1);
        self.calls[index]
    }

    /// Plays through what has to happen.
    pub(super) fn due(&self) -> Due {
        let mut due = Due {
            starts: Vec::new(),
            result: Err(RetryError::DeadlineExceeded(None)),
            at: 0,
            wait_cut: false,
        };
        let (mut now, mut wait, mut last) = (0, self.base, None);
        for number in 1..=self.attempts {
            due.starts.push(now);
            let (length, status) = self.call(number);
            assert_ne!(now + length, self.total, "two things at the same instant");
            if now + length > self.total {
                due.at = self.total;
                due.result = Err(RetryError::DeadlineExceeded(last));
                return due;
            }
            now += length;
            due.at = now;
            match answer(number, status) {
                Ok(page) => {
                    due.result = Ok(page);
                    return due;
                }
                Err(error) if number == self.attempts => {
                    due.result = Err(RetryError::Exhausted(error));
                    return due;
                }
                Err(error) => last = Some(error),
            }
            assert_ne!(now + wait, self.total, "two things at the same instant");
            if now + wait > self.total {
                due.wait_cut = true;
                due.at = self.total;
                due.result = Err(RetryError::DeadlineExceeded(last));
                return due;
            }
            now += wait;
            wait *= 2;
        }
        due
    }
}

pub(super) struct Due {
    pub(super) starts: Vec<u64>,
    pub(super) result: Retried,
    pub(super) at: u64,
    // Time runs out during a wait, which the answer may skip.
    pub(super) wait_cut: bool,
}

/// The result of the call with this number, which is unlike any other call's.
pub(super) fn answer(number: u32, status: u16) -> Result<Page, UpstreamError> {
    let path = format!("attempt/{number}");
    match status {
        200 => Ok(Page {
            body: format!("the page of attempt {number}"),
            path,
        }),
        BROKEN => Err(UpstreamError::Transport {
            path,
            reason: "the connection broke".into(),
        }),
        status => Err(UpstreamError::Status { path, status }),
    }
}

/// Makes the calls of a plan, each under watch.
pub(super) fn calls(drops: &Drops, plan: Plan) -> Calls<Result<Page, UpstreamError>> {
    let (drops, home) = (drops.clone(), thread::current().id());
    Box::new(move || {
        let number = u32::try_from(drops.made_count() + 1).expect("there are not that many");
        let label = format!("attempt {number}");
        let (length, status) = plan.call(number);
        Opaque::new(drops.watch(&label, async move {
            // Stops an answer that calls without end.
            if number > plan.attempts + 10 {
                return answer(number, 200);
            }
            wait(home, length).await;
            answer(number, status)
        }))
    })
}

pub(super) async fn run(answer: &Answer, drops: &Drops, plan: Plan) -> Tried {
    let attempts = NonZeroU32::new(plan.attempts).expect("there is an attempt");
    let call = calls(drops, plan);
    mark_in(ms(plan.total), "deadline");
    let function = (answer.retry)(attempts, ms(plan.base), ms(plan.total), call);
    observe(drops, catch_panic(function)).await
}
