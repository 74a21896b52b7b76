//! Why a prediction is wrong: which mistake would have predicted just that.

use std::{cmp::max, time::Duration};

use async_workbook::{clock::distinct, services::workload::Workload, verdict::Fault};

use super::model::took;

pub(crate) fn diagnosis(workload: &Workload, predicted: Duration, took: Duration) -> Fault {
    let found = mistakes()
        .into_iter()
        .chain([ROUNDED])
        .find(|mistake| {
            (mistake.predicts)(workload)
                .iter()
                .any(|&would| would != took && same(would, predicted))
        })
        // What rounds its result is wrong by less than a millisecond.
        .or_else(|| (predicted.abs_diff(took) < Duration::from_millis(1)).then_some(ROUNDED));
    let [says, takes] = distinct([predicted, took]);
    let happened = format!("{workload}: the function predicted {says}, and it took {takes}");
    match found {
        Some(mistake) => Fault::new(mistake.name)
            .happened(format!("{happened}. {}", mistake.why))
            .expected(mistake.expected)
            .next(mistake.next),
        None => Fault::new("wrong_result_computed")
            .happened(happened)
            .expected("a request goes on as soon as it has what it waits for, and nothing else takes time")
            .next("go through the load request by request: for each step, when does the request come, and when is a place free for it?"),
    }
}

/// A float may be rounded to the next nanosecond.
fn same(would: Duration, predicted: Duration) -> bool {
    would.abs_diff(predicted) < Duration::from_nanos(2)
}

struct Mistake {
    name: &'static str,
    /// What somebody predicts who makes it.
    predicts: fn(&Workload) -> Vec<Duration>,
    why: &'static str,
    expected: &'static str,
    next: &'static str,
}

const ROUNDED: Mistake = Mistake {
    name: "time_rounded",
    predicts: with_rounded_times,
    why: "It lost what is less than a millisecond, or than a float can hold",
    expected: "the result is exact",
    next: "compute with `Duration`s: they can be added, compared, and multiplied by a `u32`",
};

fn mistakes() -> [Mistake; 10] {
    [
        Mistake {
            name: "only_bottleneck_counted",
            predicts: longest_line_and_one,
            why: "It counted the longest line, and one request besides",
            expected: "a line that isn't the longest holds requests up too, while it forms or when it ends",
            next: "follow one request after another through all of its steps, and note when it leaves each place",
        },
        Mistake {
            name: "arrivals_ignored",
            predicts: |load| match load.every.is_zero() || load.requests < 2 {
                true => Vec::new(),
                false => vec![took(&Workload {
                    every: Duration::ZERO,
                    ..load.clone()
                })],
            },
            why: "That's how long it would take if all requests came at once",
            expected: "request `i` comes at `i * every`, and can't begin earlier",
            next: "let each request begin at `workload.every * i` at the earliest",
        },
        Mistake {
            name: "computing_taken_as_waiting",
            predicts: |load| match load.compute.is_zero() {
                true => Vec::new(),
                false => vec![took(&Workload {
                    cores: u32::MAX,
                    ..load.clone()
                })],
            },
            why: "That's how long it would take if every request had a core of its own",
            expected: "a core computes for one request at a time, and the others wait in line for it",
            next: "treat the cores as you treat the connections: with `cores` places, which are taken for `compute`",
        },
        Mistake {
            name: "queue_ignored",
            predicts: without_a_line,
            why: "That's how long it would take if nobody had to wait in line",
            expected: "at most `limit` requests are under way, and at most `connections` of them query at a time",
            next: "find out when a place is free: with `k` places, a request can't begin before the one that came `k` earlier has left",
        },
        Mistake {
            name: "division_rounded_down",
            predicts: |load| line(load, |requests, places| requests / places),
            why: "It left out the last wave, which isn't full",
            expected: "five requests over two places take three waves",
            next: "round up: `requests.div_ceil(places)`",
        },
        Mistake {
            name: "fraction_of_wave_counted",
            predicts: fraction,
            why: "It counted a wave that isn't full as a part of one",
            expected: "the last wave takes as long as the others, however few requests are in it",
            next: "round the number of waves up to a whole one: `requests.div_ceil(places)`",
        },
        Mistake {
            name: "overlapping_times_added",
            predicts: added,
            why: "It added up times that pass at the same time",
            expected: "waits that pass at the same time take as long as the longest of them",
            next: "take the longest of a request's `calls` instead of their sum, and add up only what waits in line",
        },
        Mistake {
            name: "waves_kept_apart",
            predicts: |load| {
                let wave = took(&Workload {
                    requests: load.requests.min(load.limit),
                    every: Duration::ZERO,
                    ..load.clone()
                });
                vec![wave * load.requests.div_ceil(load.limit)]
            },
            why: "It let a whole wave end before the next one begins",
            expected: "whenever one request is answered, the next one begins",
            next: "don't multiply the waves of the limit by those of the connections: work out for each request when it can begin",
        },
        Mistake {
            name: "steps_taken_in_turn",
            predicts: |load| {
                let calls = line_of_calls(load);
                let (query, compute) = lines(load);
                vec![
                    calls + query + compute,
                    longest_call(load) + query + compute,
                ]
            },
            why: "It let all requests do one step before any of them did the next",
            expected: "while one request computes, the next one queries: each goes on as soon as it has a place",
            next: "follow one request after another through all of its steps, and note when it leaves each place",
        },
        Mistake {
            name: "only_bottleneck_counted",
            predicts: |load| {
                let (query, compute) = lines(load);
                vec![
                    max(line_of_calls(load), max(query, compute)),
                    max(query, compute),
                ]
            },
            why: "It counted the narrowest step, and no other",
            expected: "the first request needs its other steps before the line begins to move, or the last one after it has ended",
            next: "follow the first and the last request through all of their steps",
        },
    ]
}

/// A number of the mistake's own in place of one that's too large for its type.
pub(crate) fn overflowed(workload: &Workload, message: &str) -> Fault {
    Fault::new("time_overflowed")
        .happened(format!("{workload}: the function panicked: {message}"))
        .expected("a load may take years, and have thousands of requests")
        .next("compute with `Duration`s, and with `u64` or `u128` for numbers of nanoseconds, instead of converting to smaller types")
}

fn longest_call(load: &Workload) -> Duration {
    load.calls.iter().max().copied().unwrap_or_default()
}

/// One request, and what it waits for in the longest of all lines.
fn longest_line_and_one(load: &Workload) -> Vec<Duration> {
    let last = load.requests.saturating_sub(1);
    let waves = |places: u32| last / places;
    let lines = [
        load.every * last,
        alone(load) * waves(load.limit),
        load.query * waves(load.connections),
        load.compute * waves(load.cores),
    ];
    let longest = lines.into_iter().max().unwrap_or_default();
    let steps = [longest_call(load), load.query, load.compute];
    // With one step, it's right, or no worse than the other mistakes.
    match steps.iter().filter(|takes| !takes.is_zero()).count() {
        0 | 1 => Vec::new(),
        _ => vec![longest + alone(load)],
    }
}

/// In whole milliseconds or microseconds, cut off or rounded up as timers do.
fn with_rounded_times(load: &Workload) -> Vec<Duration> {
    let rounded = |unit: u128, up: bool| {
        let round = |time: Duration| {
            let nanos = time.as_nanos();
            let units = if up {
                nanos.div_ceil(unit)
            } else {
                nanos / unit
            };
            // No load has a step that takes longer than what this holds.
            Duration::from_nanos(u64::try_from(units * unit).unwrap_or(u64::MAX))
        };
        took(&Workload {
            every: round(load.every),
            calls: load.calls.iter().copied().map(round).collect(),
            query: round(load.query),
            compute: round(load.compute),
            ..load.clone()
        })
    };
    [(1_000_000, false), (1_000_000, true), (1_000, false)]
        .map(|(unit, up)| rounded(unit, up))
        .to_vec()
}

/// What one request takes if it never waits in line.
fn alone(load: &Workload) -> Duration {
    longest_call(load) + load.query + load.compute
}

/// Without the limit, without the pool, and without either.
fn without_a_line(load: &Workload) -> Vec<Duration> {
    let none = u32::MAX;
    let mut would = vec![
        took(&Workload {
            limit: none,
            ..load.clone()
        }),
        took(&Workload {
            connections: none,
            ..load.clone()
        }),
        took(&Workload {
            limit: none,
            connections: none,
            ..load.clone()
        }),
    ];
    let last = load.every * load.requests.saturating_sub(1);
    would.extend([alone(load), last + alone(load)]);
    let truth = took(load);
    would.retain(|would| *would != truth);
    would
}

/// The narrowest place that all requests of a load with one kind of step wait for.
fn narrowest(load: &Workload) -> Option<(u32, Duration)> {
    let steps = [
        (load.limit, longest_call(load)),
        (load.limit.min(load.connections), load.query),
        (load.limit.min(load.cores), load.compute),
    ];
    let mut steps = steps.into_iter().filter(|(_, takes)| !takes.is_zero());
    let only = steps.next();
    only.filter(|_| steps.next().is_none() && load.every.is_zero())
}

fn line(load: &Workload, waves: fn(u32, u32) -> u32) -> Vec<Duration> {
    let places = narrowest(load).into_iter();
    places
        .map(|(places, takes)| takes * waves(load.requests, places))
        .collect()
}

fn fraction(load: &Workload) -> Vec<Duration> {
    let places = narrowest(load).into_iter();
    places
        .map(|(places, takes)| takes.mul_f64(f64::from(load.requests) / f64::from(places)))
        .collect()
}

fn added(load: &Workload) -> Vec<Duration> {
    let sum: Duration = load.calls.iter().sum();
    let with_sum = Workload {
        calls: vec![sum],
        ..load.clone()
    };
    let at_once = Workload {
        every: Duration::ZERO,
        ..load.clone()
    };
    let mut would = vec![
        alone(load) * load.requests,
        alone(&with_sum) * load.requests,
        took(&with_sum),
        load.every * load.requests.saturating_sub(1) + alone(&with_sum),
        load.every * load.requests.saturating_sub(1) + took(&at_once),
    ];
    let truth = took(load);
    would.retain(|would| *would != truth);
    would
}

/// How long the line before the limit takes, if the calls were all that a request did.
fn line_of_calls(load: &Workload) -> Duration {
    longest_call(load) * load.requests.div_ceil(load.limit)
}

/// How long the lines before the connections and the cores take, each for itself.
fn lines(load: &Workload) -> (Duration, Duration) {
    let line =
        |places: u32, takes: Duration| takes * load.requests.div_ceil(places.min(load.limit));
    (
        line(load.connections, load.query),
        line(load.cores, load.compute),
    )
}
