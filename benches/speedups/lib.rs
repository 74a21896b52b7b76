//! What `cargo bench` measured: how much faster each chapter's scenarios get, and how close to ideal.
//!
//! Criterion keeps its own figures, one folder a bench. Beside them, `cargo bench` keeps a [`Record`] of what
//! criterion does not know: what the source documents say, what would be ideal, how cost grows, and what
//! Python does. Together they make the table at the end of `cargo bench`, of `workbook bench`, and of the book.

mod chart;
mod table;

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};
pub use table::{growth_text, markdown, text};

/// All that was measured, by this run of `cargo bench` and by those before.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The scenarios, in the order of their chapters.
    #[serde(default)]
    pub scenarios: Vec<Scenario>,
    /// How the cost of waiting grows with the number of waits.
    #[serde(default)]
    pub growth: Vec<Growth>,
}

/// One thing that is done in two ways or more.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The chapter's slug.
    pub chapter: String,
    /// What it is called: `0.5, 0.3 and 0.2 s`.
    pub name: String,
    /// What the source documents say of it, if they give a figure: `1 s, or 0.5 s`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// By how much the bench is shorter than what the source documents describe.
    pub scale: u32,
    /// How long each wait of it is in the bench, if it is nothing but waits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waits: Vec<Duration>,
    /// The ways, the slow one first.
    pub ways: Vec<Way>,
}

/// One way of doing it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// What it is called: `sequential`.
    pub name: String,
    /// How long it would take if nothing but the waits took time, or, of computing, nothing but the computing,
    /// shared by all cores; `None` where neither is what takes the time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ideal: Option<Duration>,
    /// How long it took, once it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<Measured>,
    /// How many of the scenario's waits this way makes at once, if asyncio can do the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_once: Option<usize>,
    /// How long the same took in asyncio, where that was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asyncio: Option<Duration>,
}

/// A measured time.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// The mean of the samples.
    pub mean: Duration,
    /// Half the width of its 95 % confidence interval.
    pub spread: Duration,
}

/// Many waits at once.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Growth {
    /// What makes them overlap: `join_all`, `asyncio.gather`.
    pub how: String,
    /// How many there are.
    pub waits: usize,
    /// How long each of them is.
    pub wait: Duration,
    /// What came of it.
    pub outcome: GrowthOutcome,
}

/// What came of many waits.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum GrowthOutcome {
    /// All of them ended.
    Took {
        /// How long it took.
        time: Duration,
        /// The most memory that the process used, in KiB, where the system tells.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        peak_kib: Option<u64>,
    },
    /// It came to an end before there were so many.
    EndedAt {
        /// How many there were.
        count: usize,
        /// Why there were no more.
        why: String,
    },
}

impl Scenario {
    /// The first way, which the others are compared with.
    fn slow(&self) -> Option<&Way> {
        self.ways.first()
    }

    /// How many times as fast a way is as the first, if both do the same work.
    ///
    /// A way without an ideal, beside a first one that has an ideal, leaves the waiting to others: it answers before a mail
    /// is sent, say. How many times as fast that is says nothing.
    #[must_use]
    pub fn speedup(&self, way: &Way) -> Option<f64> {
        let first = self.slow()?;
        if first.ideal.is_some() && way.ideal.is_none() {
            return None;
        }
        let (slow, fast) = (first.measured?, way.measured?);
        Some(slow.mean.as_secs_f64() / fast.mean.as_secs_f64())
    }

    /// How many times as fast it would be if nothing but the waits took time.
    #[must_use]
    pub fn ideal_speedup(&self, way: &Way) -> Option<f64> {
        let (slow, fast) = (self.slow()?.ideal?, way.ideal?);
        (!fast.is_zero()).then(|| slow.as_secs_f64() / fast.as_secs_f64())
    }
}

impl Way {
    /// The ideal time over the measured one: 1 where nothing but the waits takes time.
    #[must_use]
    pub fn efficiency(&self) -> Option<f64> {
        let ideal = self.ideal.filter(|ideal| !ideal.is_zero())?;
        Some(ideal.as_secs_f64() / self.measured?.mean.as_secs_f64())
    }

    /// The measured time over that of asyncio: below 1 where asyncio takes longer.
    #[must_use]
    pub fn over_asyncio(&self) -> Option<f64> {
        Some(self.measured?.mean.as_secs_f64() / self.asyncio?.as_secs_f64())
    }
}

impl Record {
    /// The record in a folder of criterion's; an empty one if there is none.
    ///
    /// # Errors
    ///
    /// It cannot be read, or is not one.
    pub fn read(folder: &Path) -> Result<Self, RecordError> {
        let file = Self::file(folder);
        let failed = |source| RecordError {
            file: file.clone(),
            source,
        };
        match fs::read(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            bytes => serde_json::from_slice(&bytes.map_err(failed)?)
                .map_err(|error| failed(error.into())),
        }
    }

    /// Writes the record.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), RecordError> {
        let file = Self::file(folder);
        let written = serde_json::to_vec_pretty(self)
            .map_err(io::Error::from)
            .and_then(|bytes| fs::create_dir_all(folder).and_then(|()| fs::write(&file, bytes)));
        written.map_err(|source| RecordError { file, source })
    }

    fn file(folder: &Path) -> PathBuf {
        folder.join("speedups.json")
    }

    /// Takes over what was measured anew, and keeps what was measured before.
    pub fn merge(&mut self, new: Self) {
        for scenario in new.scenarios {
            let same = |old: &&mut Scenario| {
                (&old.chapter, &old.name) == (&scenario.chapter, &scenario.name)
            };
            match self.scenarios.iter_mut().find(same) {
                Some(old) => {
                    let mut new = scenario;
                    for way in &mut new.ways {
                        if let Some(before) = old.ways.iter().find(|old| old.name == way.name) {
                            way.measured = way.measured.or(before.measured);
                            way.asyncio = way.asyncio.or(before.asyncio);
                        }
                    }
                    *old = new;
                }
                None => self.scenarios.push(scenario),
            }
        }
        self.scenarios.sort_by(|a, b| a.chapter.cmp(&b.chapter));
        for growth in new.growth {
            let same = |old: &&mut Growth| (&old.how, old.waits) == (&growth.how, growth.waits);
            match self.growth.iter_mut().find(same) {
                Some(old) => *old = growth,
                None => self.growth.push(growth),
            }
        }
    }

    /// The scenarios of which every way was measured, as bars: an SVG image for the book.
    #[must_use]
    pub fn chart(&self) -> String {
        chart::svg(self)
    }
}

/// Why a record could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("cannot use {}: {source}; remove it, and `cargo bench` writes it anew", .file.display())]
pub struct RecordError {
    /// The file.
    pub file: PathBuf,
    /// What the system says of it.
    pub source: io::Error,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    fn measured(millis: f64) -> Option<Measured> {
        Some(Measured {
            mean: Duration::from_secs_f64(millis / 1e3),
            spread: Duration::from_secs_f64(millis / 1e5),
        })
    }

    pub(crate) fn record() -> Record {
        let way = |name: &str, ideal: Option<u64>, took| Way {
            name: name.into(),
            ideal: ideal.map(Duration::from_millis),
            measured: measured(took),
            at_once: None,
            asyncio: None,
        };
        let beside = |way: Way, at_once, millis| Way {
            at_once: Some(at_once),
            asyncio: Some(Duration::from_millis(millis)),
            ..way
        };
        Record {
            scenarios: vec![
                Scenario {
                    chapter: "02_runtime".into(),
                    name: "10 calls on current_thread".into(),
                    source: None,
                    scale: 1,
                    waits: Vec::new(),
                    ways: vec![
                        way("a runtime per call", None, 0.4),
                        way("one runtime", None, 0.02),
                    ],
                },
                Scenario {
                    chapter: "03_gather".into(),
                    name: "0.5, 0.3 and 0.2 s".into(),
                    source: Some("1 s, or 0.5 s".into()),
                    scale: 10,
                    waits: [50, 30, 20].map(Duration::from_millis).into(),
                    ways: vec![
                        beside(way("sequential", Some(100), 103.1), 1, 101),
                        beside(way("concurrent", Some(50), 51.2), 3, 51),
                    ],
                },
            ],
            growth: [10, 100, 1_000, 10_000, 100_000]
                .map(|waits| Growth {
                    how: "asyncio.gather".into(),
                    waits,
                    wait: Duration::from_millis(100),
                    outcome: GrowthOutcome::Took {
                        time: Duration::from_millis(101 + waits as u64 / 50),
                        peak_kib: Some(5 * 1024 + waits as u64),
                    },
                })
                .into_iter()
                .chain([Growth {
                    how: "threads".into(),
                    waits: 10,
                    wait: Duration::from_millis(100),
                    outcome: GrowthOutcome::EndedAt {
                        count: 7,
                        why: "no more threads".into(),
                    },
                }])
                .collect(),
        }
    }

    #[test]
    fn figures_follow_from_what_was_measured() {
        let record = record();
        let scenario = &record.scenarios[1];
        let fast = &scenario.ways[1];
        let near = |found: Option<f64>, expected: f64| {
            assert!(
                found.is_some_and(|found| (found - expected).abs() < 0.01),
                "{found:?}"
            );
        };
        near(scenario.speedup(fast), 103.1 / 51.2);
        near(scenario.ideal_speedup(fast), 2.0);
        near(fast.efficiency(), 50.0 / 51.2);
        near(fast.over_asyncio(), 51.2 / 51.0);
        assert_eq!(record.scenarios[0].ways[1].efficiency(), None);
    }

    #[test]
    fn leaving_the_waiting_to_others_is_no_speedup() {
        let mut scenario = record().scenarios[1].clone();
        scenario.ways[1].ideal = None;
        assert_eq!(scenario.speedup(&scenario.ways[1]), None);
        scenario.ways[0].ideal = None;
        assert!(scenario.speedup(&scenario.ways[1]).is_some());
    }

    #[test]
    fn a_record_is_kept_and_added_to() {
        let folder = tempfile::tempdir().expect("the system has a temporary folder");
        assert_eq!(
            Record::read(folder.path()).expect("none is fine"),
            Record::default()
        );
        let mut first = record();
        first.write(folder.path()).expect("the folder is ours");
        assert_eq!(Record::read(folder.path()).expect("it was written"), first);

        let mut again = record();
        again.scenarios.remove(0);
        again.scenarios[0].ways[1].measured = measured(60.0);
        again.growth.clear();
        first.merge(again);
        assert_eq!(
            first.scenarios.len(),
            2,
            "what was not measured again is kept"
        );
        assert_eq!(first.scenarios[1].ways[1].measured, measured(60.0));
        assert_eq!(first.growth.len(), 6);
    }

    #[test]
    fn a_broken_record_says_what_to_do() {
        let folder = tempfile::tempdir().expect("the system has a temporary folder");
        fs::write(folder.path().join("speedups.json"), "{").expect("the folder is ours");
        let error = Record::read(folder.path()).expect_err("it is no JSON");
        assert!(error.to_string().contains("cargo bench"), "{error}");
    }
}
