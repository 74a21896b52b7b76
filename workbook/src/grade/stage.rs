//! What is under way while somebody waits, as far as it can be told.
//!
//! Of a build, cargo tells it best: its own progress bar knows how many crates there are, and which are being compiled.
//! Cargo draws it for a pipe as well if it is asked to ([`Compilation`](super::Compilation) asks).

use std::fmt;

use tokio::sync::watch;

/// What is under way.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Stage {
    /// Cargo looks for what there is to do.
    #[default]
    Starting,
    /// Another cargo builds in the same folder, and this one waits for it.
    Waiting,
    /// Crates come over the network.
    Downloading,
    /// Crates are compiled.
    Compiling(Compiling),
    /// What was compiled runs.
    Running,
}

/// How far the compiler has come.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Compiling {
    /// A crate that is being compiled at this moment.
    pub name: String,
    /// How many are done.
    pub done: usize,
    /// How many there are to be compiled, those that are done included.
    pub all: usize,
}

/// Where to tell what is under way, for whoever wants to know. Clones tell the same listener.
#[derive(Clone, Debug, Default)]
pub struct Stages(Option<watch::Sender<Stage>>);

impl Stages {
    /// A pair: what tells, and what hears.
    #[must_use]
    pub fn channel() -> (Self, watch::Receiver<Stage>) {
        let (sender, receiver) = watch::channel(Stage::Starting);
        (Self(Some(sender)), receiver)
    }

    /// Says what is under way from now on.
    pub(crate) fn tell(&self, stage: Stage) {
        if let Some(sender) = &self.0 {
            sender.send_replace(stage);
        }
    }

    /// Takes note of what cargo prints: a status, or the newest state of its bar. `fresh` says how many crates it found to
    /// be compiled already, which its bar counts as well.
    pub(super) fn hear(&self, said: &str, fresh: usize) {
        if let Some(sender) = &self.0 {
            let heard = Stage::heard(said, fresh, &sender.borrow());
            if let Some(stage) = heard {
                sender.send_replace(stage);
            }
        }
    }
}

impl Stage {
    fn heard(said: &str, fresh: usize, before: &Self) -> Option<Self> {
        let (verb, rest) = said.trim_start().split_once(' ')?;
        match verb {
            "Blocking" => Some(Self::Waiting),
            "Updating" | "Fetch" | "Downloading" | "Downloaded" => Some(Self::Downloading),
            "Building" => Compiling::heard(rest, fresh, before).map(Self::Compiling),
            _ => None,
        }
    }
}

impl Compiling {
    /// Reads `[====>     ] 41/106: sqlx-core, libsqlite3-sys(build)`.
    fn heard(bar: &str, fresh: usize, before: &Stage) -> Option<Self> {
        let (counted, names) = bar.split_once("] ")?.1.split_once(": ")?;
        let (done, all) = counted.trim().split_once('/')?;
        let less_fresh = |number: &str| Some(number.parse::<usize>().ok()?.saturating_sub(fresh));
        let names = names
            .split(", ")
            .map(|name| name.split('(').next().unwrap_or(name).trim())
            .filter(|name| !name.is_empty() && !name.ends_with("..."));
        let names: Vec<&str> = names.collect();
        let known = match before {
            Stage::Compiling(compiling) => Some(compiling.name.as_str()),
            _ => None,
        };
        // What takes long is shown for as long as it takes.
        let name = known.filter(|known| names.contains(known));
        Some(Self {
            name: name.or(names.first().copied())?.to_owned(),
            done: less_fresh(done)?,
            all: less_fresh(all)?,
        })
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Starting => f.write_str("Starting cargo"),
            Self::Waiting => f.write_str("Waiting for another cargo"),
            Self::Downloading => f.write_str("Downloading crates"),
            Self::Compiling(Compiling { name, done, all }) => {
                write!(f, "Compiling {name}")?;
                if *all > 1 {
                    write!(f, ", {} of {all}", (done + 1).min(*all))?;
                }
                Ok(())
            }
            Self::Running => f.write_str("Running"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(said: &str, fresh: usize, before: &Stage) -> Option<String> {
        Stage::heard(said, fresh, before).map(|stage| stage.to_string())
    }

    #[test]
    fn the_bar_tells_what_is_compiled_and_how_much_is_left() {
        let bar = "    Building [=======>         ] 241/306: libsqlite3-sys(build), sqlx-core   ";
        assert_eq!(
            heard(bar, 200, &Stage::Starting).as_deref(),
            Some("Compiling libsqlite3-sys, 42 of 106")
        );
        let last = "    Building [=======================> ] 105/106: 03_gather(test)";
        assert_eq!(
            heard(last, 0, &Stage::Starting).as_deref(),
            Some("Compiling 03_gather, 106 of 106")
        );
        assert_eq!(
            heard(last, 105, &Stage::Starting).as_deref(),
            Some("Compiling 03_gather"),
            "what is alone is not counted"
        );
        let narrow = "    Building [=>  ] 4/106: serde, sqlx-core, ...";
        assert_eq!(
            heard(narrow, 0, &Stage::Starting).as_deref(),
            Some("Compiling serde, 5 of 106")
        );
    }

    #[test]
    fn a_crate_is_shown_for_as_long_as_it_is_compiled() {
        let before = Stage::heard("Building [>] 1/9: syn, serde", 0, &Stage::Starting);
        let before = before.expect("it is a bar");
        assert_eq!(
            heard("Building [>] 2/9: libc, syn", 0, &before).as_deref(),
            Some("Compiling syn, 3 of 9")
        );
        assert_eq!(
            heard("Building [>] 3/9: libc", 0, &before).as_deref(),
            Some("Compiling libc, 4 of 9")
        );
    }

    #[test]
    fn what_keeps_cargo_from_compiling_is_told() {
        let before = Stage::Starting;
        let blocked = "    Blocking waiting for file lock on build directory";
        assert_eq!(
            heard(blocked, 0, &before).as_deref(),
            Some("Waiting for another cargo")
        );
        assert_eq!(
            heard(" Downloading 3 crates", 0, &before).as_deref(),
            Some("Downloading crates")
        );
        for other in [
            "   Compiling syn v2.0.1",
            "error: no such package",
            "",
            "Building a house",
            "    Building [>] x/y: z",
        ] {
            assert_eq!(heard(other, 0, &before), None, "{other}");
        }
    }
}
