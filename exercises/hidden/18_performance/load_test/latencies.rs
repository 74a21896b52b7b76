//! What the report says, compared with what the server saw.

use std::time::Duration;

use async_workbook::{
    clock::distinct,
    harness::counted,
    services::server::Outcome,
    verdict::{Fault, ensure},
};

use super::{Run, Scene, schedule::said};
use crate::Report;

/// Of a request that was answered.
#[derive(Clone, Copy)]
struct Answered {
    due: Duration,
    sent: Duration,
    ended: Duration,
}

pub(super) fn report_holds(scene: &Scene, run: &Run) -> Result<(), Fault> {
    let failed = run
        .calls
        .iter()
        .filter(|call| call.outcome == Some(Outcome::Failed));
    let failed = failed.count();
    let found = run.report.failed;
    ensure(found == failed, || {
        Fault::new("errors_miscounted")
            .happened(format!(
                "{} got an error, and the report has {found} in `failed`",
                counted(failed, "request")
            ))
            .expected("`failed` is the number of requests that got an error")
            .next("look at the `Result` of each call, and count every `Err` once")
    })?;
    let answered = answered(scene, run);
    let truth = Expected::of(answered.iter().map(|request| request.ended - request.due));
    let report = &run.report;
    if [report.p50, report.p99, report.longest] == [truth.p50, truth.p99, truth.longest] {
        return Ok(());
    }
    Err(diagnosis(scene, run, &answered, &truth))
}

fn answered(scene: &Scene, run: &Run) -> Vec<Answered> {
    let calls = run.calls.iter().enumerate();
    calls
        .filter(|(_, call)| call.outcome == Some(Outcome::Answered))
        .map(|(request, call)| Answered {
            due: scene.due(request),
            sent: call.arrived - run.start,
            ended: call.ended.map_or(run.took, |end| end - run.start),
        })
        .collect()
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Expected {
    p50: Duration,
    p99: Duration,
    longest: Duration,
}

impl Expected {
    fn of(latencies: impl Iterator<Item = Duration>) -> Self {
        Self::by_rank(latencies, |count, percent| {
            (count * percent).div_ceil(100).saturating_sub(1)
        })
    }

    /// The latency at the index that a rule says, where there is none the last one, of latencies in their order.
    fn by_rank(
        latencies: impl Iterator<Item = Duration>,
        index: fn(usize, usize) -> usize,
    ) -> Self {
        let mut latencies: Vec<_> = latencies.collect();
        latencies.sort_unstable();
        let at = |percent| {
            let index = index(latencies.len(), percent).min(latencies.len().saturating_sub(1));
            latencies.get(index).copied().unwrap_or_default()
        };
        Self {
            p50: at(50),
            p99: at(99),
            longest: latencies.last().copied().unwrap_or_default(),
        }
    }

    /// The latencies at the ranks that they would have among so many, or the last one.
    fn ranks_among(latencies: impl Iterator<Item = Duration>, count: usize) -> Self {
        let mut latencies: Vec<_> = latencies.collect();
        latencies.sort_unstable();
        let at = |percent: usize| {
            let index = (count * percent).div_ceil(100).saturating_sub(1);
            let last = latencies.last();
            latencies.get(index).or(last).copied().unwrap_or_default()
        };
        Self {
            p50: at(50),
            p99: at(99),
            longest: at(100),
        }
    }

    fn is(&self, report: &Report) -> bool {
        [self.p50, self.p99, self.longest] == [report.p50, report.p99, report.longest]
    }
}

fn diagnosis(scene: &Scene, run: &Run, answered: &[Answered], truth: &Expected) -> Fault {
    let report = &run.report;
    let figures = [
        ("p50", report.p50, truth.p50),
        ("p99", report.p99, truth.p99),
        ("longest", report.longest, truth.longest),
    ];
    let differs = figures.into_iter().find(|(_, says, is)| says != is);
    let (name, says, is) = differs.unwrap_or(figures[0]);
    let [said_time, is_time] = distinct([says, is]);
    let happened = format!(
        "of {}, {}: the report has a `{name}` of {said_time}, and it's {is_time}",
        counted(scene.requests as usize, "request"),
        match run.report.failed {
            0 => "all answered".to_owned(),
            failed => format!("{failed} with an error"),
        }
    );

    let from_sending = answered.iter().map(|request| request.ended - request.sent);
    if Expected::of(from_sending).is(report) {
        let fault = Fault::new("latency_counted_from_sending");
        let fault = if longest_wait(answered) < Duration::from_millis(1) {
            fault
                .happened(format!("{happened}. That's counted from when the timer woke the request, which is up to a millisecond late, or it's in whole milliseconds"))
                .expected("a latency counts from when the request was due, to the nanosecond")
        } else {
            fault
                .happened(format!("{happened}. That's counted from when the call was made, and by then one of them had waited {} for a connection", said(longest_wait(answered))))
                .expected("a latency counts from when the request was due: its user waits for the connection too")
        };
        return fault
            .next("subtract the due time, `start + every * i`, from the time of the answer");
    }
    let from_the_start = answered.iter().map(|request| request.ended);
    if Expected::of(from_the_start).is(report) {
        return Fault::new("wrong_result_computed")
            .happened(format!(
                "{happened}. That's counted from the start of the whole test"
            ))
            .expected("the latency of request `i` counts from `i * every` after the start")
            .next("subtract the due time, `start + every * i`, from the time of the answer");
    }
    if run.report.failed > 0 {
        let all = run
            .calls
            .iter()
            .enumerate()
            .filter_map(|(request, call)| Some(call.ended? - run.start - scene.due(request)));
        let as_zero = run.calls.iter().enumerate().filter_map(|(request, call)| {
            let latency = call.ended? - run.start - scene.due(request);
            Some(if call.outcome == Some(Outcome::Answered) {
                latency
            } else {
                Duration::ZERO
            })
        });
        if Expected::of(all).is(report) || Expected::of(as_zero).is(report) {
            return Fault::new("errors_counted_as_answers")
                .happened(format!(
                    "{happened}. The latencies of the errors are among those of the answers"
                ))
                .expected(
                    "an error isn't an answer: a server that refuses everything at once isn't fast",
                )
                .next("keep the latency of a call only if its result is `Ok`");
        }
    }
    let ranks_of_all = Expected::ranks_among(
        answered.iter().map(|request| request.ended - request.due),
        scene.requests as usize,
    );
    if run.report.failed > 0 && ranks_of_all.is(report) {
        return Fault::new("errors_counted_as_answers")
            .happened(format!(
                "{happened}. Its rank is that among all requests, those with an error included"
            ))
            .expected("a percentile is a rank among the latencies of the answers")
            .next("compute the rank with the number of latencies, not with `requests`");
    }
    let collected = answered.iter().scan(Duration::ZERO, |latest, request| {
        *latest = request.ended.max(*latest);
        Some(*latest - request.due)
    });
    if Expected::of(collected).is(report) {
        return Fault::new("latency_measured_when_collected")
            .happened(format!("{happened}. That's counted to when the function came to look at the answer, after the answers of earlier requests"))
            .expected("a latency ends when the answer is there")
            .next("read the clock in the future or task that makes the call, right after the answer");
    }
    let last = answered
        .iter()
        .map(|request| request.ended)
        .max()
        .unwrap_or_default();
    if Expected::of(answered.iter().map(|request| last - request.due)).is(report) {
        return Fault::new("latency_measured_when_collected")
            .happened(format!(
                "{happened}. That's counted to when the last answer was there"
            ))
            .expected("a latency ends when the answer of its own request is there")
            .next(
                "read the clock in the future or task that makes the call, right after the answer",
            );
    }
    let latencies = || answered.iter().map(|request| request.ended - request.due);
    let unsorted: Vec<Duration> = latencies().collect();
    let mut by_end = answered.to_vec();
    by_end.sort_by_key(|request| request.ended);
    let by_end: Vec<Duration> = by_end
        .iter()
        .map(|request| request.ended - request.due)
        .collect();
    let taken_unsorted = [&unsorted, &by_end].into_iter().any(|list| {
        [50, 99].into_iter().all(|percent| {
            let said = if percent == 50 {
                report.p50
            } else {
                report.p99
            };
            let rank = (list.len() * percent).div_ceil(100).saturating_sub(1);
            list.get(rank) == Some(&said)
        })
    });
    if taken_unsorted {
        return Fault::new("latencies_not_sorted")
            .happened(format!(
                "{happened}. The latencies are in the order of the requests, or of their answers"
            ))
            .expected("a percentile is a rank among latencies in the order of their length")
            .next("sort the latencies before you take any of them");
    }
    let mean = latencies()
        .sum::<Duration>()
        .checked_div(u32::try_from(answered.len()).unwrap_or(0));
    if mean.is_some_and(|mean| mean.abs_diff(report.p50) <= Duration::from_micros(1)) {
        return Fault::new("mean_taken_as_percentile")
            .happened(format!("{happened}. That's the mean of all latencies"))
            .expected("`p50` is a latency that was measured: half of the requests took no longer")
            .next("sort the latencies, and take the one in the middle");
    }
    if percentile_rules()
        .into_iter()
        .any(|rule| Expected::by_rank(latencies(), rule).is(report))
        || between_two(report, latencies())
    {
        return Fault::new("percentile_off_by_one")
            .happened(format!("{happened}. That's {}", beside(says, is)))
            .expected("`p99` is the shortest of the measured latencies for which at least 99 % of them are no longer: of `n` in order, it's number `n * 99 / 100`, rounded up, counted from 1")
            .next("take the index `(n * 99).div_ceil(100) - 1` of the sorted latencies, and compute in whole numbers");
    }
    let in_micros =
        |time: Duration| Duration::from_micros(u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
    if figures.iter().all(|(_, says, is)| *says == in_micros(*is)) {
        return Fault::new("time_rounded")
            .happened(format!("{happened}. It's in whole microseconds"))
            .expected("a latency is a measured `Duration`, to the nanosecond")
            .next("keep `Duration`s: they can be sorted and compared");
    }
    let sent = Expected::of(answered.iter().map(|request| request.ended - request.sent));
    let lies_between = [
        (sent.p50, report.p50, truth.p50),
        (sent.p99, report.p99, truth.p99),
        (sent.longest, report.longest, truth.longest),
    ];
    if lies_between
        .iter()
        .all(|(least, says, most)| least <= says && says <= most)
    {
        return Fault::new("latency_counted_from_sending")
            .happened(format!("{happened}. It's counted from a time after the request was due, when it had waited for a connection already"))
            .expected("a latency counts from when the request was due: its user waits for the connection too")
            .next("subtract the due time, `start + every * i`, from the time of the answer: a loop that waits for a connection comes to the next request too late");
    }
    // The times of most of these tests are whole microseconds.
    if !report.longest.subsec_nanos().is_multiple_of(1000) {
        return Fault::new("real_clock_used")
            .happened(format!("{happened}. These tests run on the virtual clock, and those are microseconds of the real one"))
            .expected("latencies are measured on tokio's clock, which tests can pause")
            .next("use `tokio::time::Instant` in place of `std::time::Instant`");
    }
    Fault::new("wrong_result_computed")
        .happened(happened)
        .expected("the latencies are those that the users of the server saw")
        .next("keep one latency for each answered request, from when it was due until its answer was there")
}

/// How people take the index of a percentile.
fn percentile_rules() -> [fn(usize, usize) -> usize; 5] {
    [
        |count, percent| count * percent / 100,
        |count, percent| (count * percent).div_ceil(100),
        |count, percent| (count * percent / 100).saturating_sub(1),
        |count, percent| count.saturating_sub(1) * percent / 100,
        |count, percent| (count.saturating_sub(1) * percent + 50) / 100,
    ]
}

/// Whether it's a figure that lies between two latencies, or at a neighbouring rank.
fn between_two(report: &Report, latencies: impl Iterator<Item = Duration>) -> bool {
    let mut latencies: Vec<_> = latencies.collect();
    latencies.sort_unstable();
    let Some((first, last)) = latencies.first().zip(latencies.last()) else {
        return false;
    };
    let near = |percent: usize, says: Duration| {
        let rank = (latencies.len() * percent).div_ceil(100);
        let from = latencies.get(rank.saturating_sub(3)).unwrap_or(first);
        let to = latencies.get(rank).unwrap_or(last);
        (*from..=*to).contains(&says)
    };
    report.longest == *last && near(50, report.p50) && near(99, report.p99)
}

fn beside(says: Duration, is: Duration) -> &'static str {
    if says > is {
        "the next longer one, or between the two"
    } else {
        "the next shorter one, or between the two"
    }
}

/// The longest time that a request waited for a connection.
fn longest_wait(answered: &[Answered]) -> Duration {
    let waits = answered.iter().map(|request| request.sent - request.due);
    waits.max().unwrap_or_default()
}
