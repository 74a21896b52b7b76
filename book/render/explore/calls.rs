//! The calls of the explorers, really made, on the paused clock.

use std::{collections::BTreeMap, time::Duration};

use async_workbook::{
    clock::Clock,
    services::upstream::Upstream,
    timeline::{End, Recorder, Timeline},
};
use futures::future::join_all;
use serde::Deserialize;
use tokio::{
    sync::Semaphore,
    time::{sleep, timeout},
};
use tracing::Instrument as _;

/// The positions of the sliders, by their names.
pub(super) type Settings = BTreeMap<&'static str, u64>;

/// What tokio makes of a setting.
pub(super) struct Ran {
    pub(super) rows: Vec<Row>,
    pub(super) total: Duration,
    pub(super) high_water: usize,
}

/// An attempt at a call. Times are in milliseconds.
#[derive(Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Row {
    pub(super) call: usize,
    pub(super) made: u64,
    pub(super) begun: u64,
    pub(super) ended: u64,
    #[serde(default)]
    pub(super) dropped: bool,
}

/// What the label of a call begins with that waits for its permit.
const WAITS: &str = "waits ";

/// Makes the calls.
pub(super) fn run(plan: &str, settings: &Settings, latencies: &[Vec<u64>]) -> Ran {
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

pub(super) fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn millis(duration: Duration) -> u64 {
    assert_eq!(duration.subsec_nanos() % 1_000_000, 0, "whole milliseconds");
    u64::try_from(duration.as_millis()).expect("it is short")
}
