//! Scenarios, each in two ways or more, with what would be ideal.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use criterion::{Bencher, BenchmarkGroup, Criterion, measurement::WallTime};
use serde::Deserialize;
use speedups::{Measured, Record, Scenario, Way};
use tokio::runtime::{Builder, Runtime};

/// Criterion, and what it does not know of the benches that it runs.
pub struct Suite {
    criterion: Criterion,
    folder: PathBuf,
    since: SystemTime,
    record: Record,
}

/// A scenario under way.
pub struct Ways<'a> {
    group: BenchmarkGroup<'a, WallTime>,
    scenario: &'a mut Scenario,
}

impl Suite {
    /// Runs with the arguments of the command line, and keeps what is measured in this folder.
    pub(crate) fn new(folder: PathBuf) -> Self {
        // What varies is the timer's last millisecond, not the machine's mood: few samples tell enough.
        let criterion = Criterion::default()
            .sample_size(10)
            .warm_up_time(Duration::from_millis(300))
            .measurement_time(Duration::from_millis(1500))
            .output_directory(&folder)
            .configure_from_args();
        Self {
            criterion,
            folder,
            since: SystemTime::now(),
            record: Record::default(),
        }
    }

    /// Begins a scenario: `0.5, 0.3 and 0.2 s` of chapter `03_gather`, at a tenth of that length. The source
    /// documents' own figures are named if they give any.
    pub fn scenario(
        &mut self,
        chapter: &str,
        name: &str,
        scale: u32,
        source: Option<&str>,
    ) -> Ways<'_> {
        self.record.scenarios.push(Scenario {
            chapter: chapter.to_owned(),
            name: name.to_owned(),
            source: source.map(str::to_owned),
            scale,
            waits: Vec::new(),
            ways: Vec::new(),
        });
        let group = self.criterion.benchmark_group(group_id(chapter, name));
        let scenario = self.record.scenarios.last_mut();
        Ways {
            group,
            scenario: scenario.expect("it was pushed a moment ago"),
        }
    }

    /// The scenarios that were measured since the start, with their times.
    pub(crate) fn measured(mut self) -> Record {
        self.criterion.final_summary();
        let estimates = Estimates::all(&self.folder, self.since);
        for scenario in &mut self.record.scenarios {
            let group = group_id(&scenario.chapter, &scenario.name);
            for way in &mut scenario.ways {
                let found = estimates
                    .iter()
                    .find(|found| found.group_id == group && found.function_id == way.name);
                way.measured = found.map(|found| found.measured);
            }
        }
        self.record
            .scenarios
            .retain(|scenario| scenario.ways.iter().any(|way| way.measured.is_some()));
        self.record
    }
}

impl Ways<'_> {
    /// Says that the scenario is nothing but these waits, so that another language can make them as well.
    pub fn waits(&mut self, waits: impl IntoIterator<Item = Duration>) -> &mut Self {
        self.scenario.waits = waits.into_iter().collect();
        self
    }

    /// Measures one way. The first is what the others are compared with. `ideal` is how long it would take if
    /// nothing but the waits took time.
    pub fn way(
        &mut self,
        name: &str,
        ideal: Option<Duration>,
        measure: impl FnMut(&mut Bencher<'_>),
    ) -> &mut Self {
        self.scenario.ways.push(Way {
            name: name.to_owned(),
            ideal,
            measured: None,
            at_once: None,
            asyncio: None,
        });
        self.group.bench_function(name, measure);
        self
    }

    /// Says that the last way makes so many of the [waits](Self::waits) at once, and nothing else, so that asyncio
    /// can do the same.
    pub fn at_once(&mut self, waits: usize) -> &mut Self {
        if let Some(way) = self.scenario.ways.last_mut() {
            way.at_once = Some(waits);
        }
        self
    }
}

/// One thread: what is measured is overlapping waits, which need no second one.
#[must_use]
pub fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime needs nothing but file descriptors")
}

fn group_id(chapter: &str, name: &str) -> String {
    format!("{chapter}/{name}")
}

/// What criterion keeps of one bench.
struct Estimates {
    group_id: String,
    function_id: String,
    measured: Measured,
}

impl Estimates {
    /// All that were written since a moment, wherever in the folder they stand.
    fn all(folder: &Path, since: SystemTime) -> Vec<Self> {
        let mut found = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                }
            }
            if folder.ends_with("new") {
                found.extend(Self::read(&folder, since));
            }
        }
        found
    }

    fn read(folder: &Path, since: SystemTime) -> Option<Self> {
        #[derive(Deserialize)]
        struct Benchmark {
            group_id: String,
            function_id: Option<String>,
        }
        #[derive(Deserialize)]
        struct Times {
            mean: Estimate,
        }
        #[derive(Deserialize)]
        struct Estimate {
            point_estimate: f64,
            confidence_interval: Interval,
        }
        #[derive(Deserialize)]
        struct Interval {
            lower_bound: f64,
            upper_bound: f64,
        }
        let file = folder.join("estimates.json");
        if fs::metadata(&file).ok()?.modified().ok()? < since {
            return None;
        }
        let times: Times = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
        let bench = fs::read(folder.join("benchmark.json")).ok()?;
        let bench: Benchmark = serde_json::from_slice(&bench).ok()?;
        let nanos = |nanos: f64| Duration::from_secs_f64(nanos / 1e9);
        let interval = &times.mean.confidence_interval;
        Some(Self {
            group_id: bench.group_id,
            function_id: bench.function_id?,
            measured: Measured {
                mean: nanos(times.mean.point_estimate),
                spread: nanos((interval.upper_bound - interval.lower_bound) / 2.0),
            },
        })
    }
}
