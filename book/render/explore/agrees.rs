//! The explorers' model agrees with tokio: the same calls, really made, on the paused clock.

use std::{collections::BTreeMap, time::Duration};

use async_workbook::{
    clock::{Clock, Readable},
    timeline::{End, Recorder, Timeline},
    upstream::Upstream,
};
use futures::future::join_all;
use serde::Deserialize;
use tokio::{
    sync::Semaphore,
    time::{sleep, timeout},
};
use tracing::Instrument as _;

use super::{EXPLORERS, Explorer};
use crate::node;

/// What the model makes of one setting.
#[derive(Deserialize)]
struct Modelled {
    // By call, and then by attempt.
    latencies: Vec<Vec<u64>>,
    // By the name of the plan.
    plans: BTreeMap<String, Vec<Row>>,
    result: String,
}

/// What tokio makes of it.
struct Ran {
    rows: Vec<Row>,
    total: Duration,
    high_water: usize,
}

/// An attempt at a call. Times are in milliseconds.
#[derive(Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd)]
struct Row {
    call: usize,
    made: u64,
    begun: u64,
    ended: u64,
    #[serde(default)]
    dropped: bool,
}

/// What the label of a call begins with that waits for its permit.
const WAITS: &str = "waits ";

type Settings = BTreeMap<&'static str, u64>;

const MODEL: &str = r"([name, settings]) => ({
    latencies: [...Array(settings.calls).keys()].map((call) =>
        [...Array(settings.attempts ?? 1).keys()].map((attempt) => model.latency(settings, call, attempt))),
    ...model.simulate(name, settings),
})";

#[test]
fn every_time_is_that_of_tokio() {
    let settings: Vec<(&str, Settings)> = EXPLORERS
        .iter()
        .flat_map(|explorer| grid(explorer).into_iter().map(|s| (explorer.name, s)))
        .collect();
    let Some(modelled) = node::map::<_, Modelled>(&["model.js"], MODEL, &settings) else {
        return;
    };
    assert_eq!(settings.len(), modelled.len());
    for ((name, settings), modelled) in settings.iter().zip(modelled) {
        let setting = format!("{name} {settings:?}");
        check_spread(settings, &modelled.latencies);
        assert!(!modelled.plans.is_empty(), "{setting}");
        for (plan, rows) in &modelled.plans {
            let ran = run(plan, settings, &modelled.latencies);
            assert_eq!(rows, &ran.rows, "{setting}: {plan}");
            for words in said(plan, &ran) {
                let result = &modelled.result;
                assert!(
                    result.contains(&words),
                    "{setting}: {words} is not in: {result}"
                );
            }
        }
    }
    println!("{} settings agree", settings.len());
}

/// What the page says of such a run, in words.
fn said(plan: &str, ran: &Ran) -> Vec<String> {
    let mut said = vec![format!("{plan}: {}.", Readable(ran.total))];
    match plan {
        "All over" => {
            let dropped = ran.rows.iter().filter(|row| row.dropped).count();
            let answered = ran.rows.len() - dropped;
            said.push(format!(
                "Calls answered: {answered}. Attempts dropped: {dropped}."
            ));
        }
        "With a semaphore" => {
            let last = ran
                .rows
                .iter()
                .map(|row| row.begun)
                .max()
                .expect("there is a call");
            let last = Readable(ms(last));
            said.push(format!(
                "In flight: at most {}. Last permit: {last}.",
                ran.high_water
            ));
        }
        _ => {}
    }
    said
}

/// Every combination of the sliders' positions, but for those of which there are many: of these, one in a few.
fn grid(explorer: &Explorer) -> Vec<Settings> {
    let mut grid = vec![Settings::new()];
    for slider in explorer.sliders {
        let steps = (slider.max - slider.min) / slider.step;
        let every = slider.step * (steps / 4).max(1);
        let positions = (slider.min..=slider.max).step_by(usize::try_from(every).expect("small"));
        grid = positions
            .flat_map(|position| {
                grid.iter().map(move |settings| {
                    let mut settings = settings.clone();
                    settings.insert(slider.name, position);
                    settings
                })
            })
            .collect();
    }
    grid
}

/// Latencies lie within the spread that the slider says, to the rounding, and no call takes no time.
fn check_spread(settings: &Settings, latencies: &[Vec<u64>]) {
    let (middle, spread) = (settings["latency"], settings["spread"]);
    let by = middle * spread / 100;
    for latency in latencies.iter().flatten() {
        assert!(
            *latency > 0 && middle.abs_diff(*latency) <= by + 5,
            "{settings:?}: {latency}"
        );
    }
}

/// Makes the calls.
fn run(plan: &str, settings: &Settings, latencies: &[Vec<u64>]) -> Ran {
    let runtime = Clock::Virtual.runtime().expect("the system has resources");
    let recorder = Recorder::new();
    let _attached = recorder.attach();
    let upstream = upstream(latencies);
    let service = Service {
        upstream: &upstream,
        calls: latencies.len(),
    };
    let size = |name| usize::try_from(settings[name]).expect("small");
    let ((), timeline) = runtime.block_on(recorder.watch(async {
        match plan {
            "In turn" => service.in_turn().await,
            "Together" => service.together().await,
            "All over" => {
                service
                    .retried(size("attempts"), ms(settings["timeout"]))
                    .await
            }
            "With a semaphore" => service.limited(size("limit")).await,
            "In chunks" => service.in_chunks(size("limit")).await,
            plan => panic!("no such plan: {plan}"),
        }
    }));
    Ran {
        rows: rows(&timeline),
        total: timeline.total,
        high_water: upstream.high_water(),
    }
}

struct Service<'a> {
    upstream: &'a Upstream,
    calls: usize,
}

impl Service<'_> {
    async fn in_turn(&self) {
        for call in 0..self.calls {
            self.upstream.fetch(&path(call, 0)).await;
        }
    }

    async fn together(&self) {
        join_all((0..self.calls).map(|call| self.upstream.fetch(&path(call, 0)))).await;
    }

    async fn retried(&self, attempts: usize, limit: Duration) {
        join_all((0..self.calls).map(|call| async move {
            let mut wait = ms(100);
            for attempt in 0..attempts {
                if attempt > 0 {
                    sleep(wait).await;
                    wait *= 2;
                }
                let page = timeout(limit, self.upstream.fetch(&path(call, attempt))).await;
                if page.is_ok() {
                    return;
                }
            }
        }))
        .await;
    }

    async fn limited(&self, limit: usize) {
        let semaphore = &Semaphore::new(limit);
        join_all((0..self.calls).map(|call| {
            // This span is there from the start; the call's own comes with its permit.
            let label = format!("{WAITS}{}", path(call, 0));
            let span = tracing::info_span!("waits", label);
            async move {
                let _permit = semaphore.acquire().await.expect("it is never closed");
                self.upstream.fetch(&path(call, 0)).await
            }
            .instrument(span)
        }))
        .await;
    }

    async fn in_chunks(&self, limit: usize) {
        let calls: Vec<_> = (0..self.calls).collect();
        for chunk in calls.chunks(limit) {
            join_all(
                chunk
                    .iter()
                    .map(|call| self.upstream.fetch(&path(*call, 0))),
            )
            .await;
        }
    }
}

/// A route for each attempt at each call, with its latency.
fn upstream(latencies: &[Vec<u64>]) -> Upstream {
    let mut upstream = Upstream::builder();
    for (call, attempts) in latencies.iter().enumerate() {
        for (attempt, latency) in attempts.iter().enumerate() {
            upstream = upstream.page(path(call, attempt), ms(*latency));
        }
    }
    upstream.build()
}

fn path(call: usize, attempt: usize) -> String {
    format!("{call}/{attempt}")
}

/// The calls of a timeline, by number and then by time.
fn rows(timeline: &Timeline) -> Vec<Row> {
    let (waits, calls): (Vec<_>, Vec<_>) = timeline
        .rows
        .iter()
        .partition(|row| row.label.starts_with(WAITS));
    let mut rows: Vec<_> = calls
        .into_iter()
        .map(|row| {
            let queued = waits
                .iter()
                .find(|wait| wait.label == format!("{WAITS}{}", row.label));
            let (call, _) = row.label.split_once('/').expect("it is a path of ours");
            Row {
                call: call.parse().expect("it is a number"),
                made: millis(queued.map_or(row.created, |wait| wait.created)),
                begun: millis(row.started.expect("every call was polled")),
                ended: millis(row.ended.expect("every call has ended")),
                dropped: row.end == End::Dropped,
            }
        })
        .collect();
    rows.sort();
    rows
}

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn millis(duration: Duration) -> u64 {
    assert_eq!(duration.subsec_nanos() % 1_000_000, 0, "whole milliseconds");
    u64::try_from(duration.as_millis()).expect("it is short")
}
