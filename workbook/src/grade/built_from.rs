//! Which sources a program was built from, told by what is in them.
//!
//! Cargo tells by the times of files. A file that is moved into place, copied with its time, unzipped or synchronised
//! brings an older time than the program has, and cargo does not build it: the verdict would be on code that is not
//! there any more. So the grader writes down what it built each program from, and removes a program that was built
//! from anything else; cargo builds it again then.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde::{Deserialize, Serialize};

use super::compile_error::normalized;

/// What a program was built from.
#[derive(Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct BuiltFrom {
    /// When the program was last written, and how long it is. One that differs was not built by the grader.
    program: Stamp,
    /// The checksum of each source.
    sources: BTreeMap<PathBuf, u32>,
}

/// What the file system says of a file.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Stamp {
    modified: SystemTime,
    length: u64,
}

impl Stamp {
    pub(super) fn of(file: &Path) -> io::Result<Self> {
        let data = fs::metadata(file)?;
        Ok(Self {
            modified: data.modified()?,
            length: data.len(),
        })
    }
}

impl BuiltFrom {
    /// Reads what stands beside the program; `None` if nobody knows what it was built from.
    pub(super) fn of(program: &Path) -> Option<Self> {
        let built_from: Self = serde_json::from_slice(&fs::read(record(program)).ok()?).ok()?;
        (built_from.program == Stamp::of(program).ok()?).then_some(built_from)
    }

    /// Reads all sources of a program that was just built. They are named by the file that the compiler writes beside it.
    pub(super) fn read(program: &Path, workspace: &Path) -> io::Result<Self> {
        let mut sources = BTreeMap::new();
        for source in sources_of(program, workspace)? {
            let checksum = checksum(&source)?;
            sources.insert(source, checksum);
        }
        Ok(Self {
            program: Stamp::of(program)?,
            sources,
        })
    }

    /// Whether all sources are still what they were.
    pub(super) fn is_current(&self) -> bool {
        let is_same = |(source, known): (&PathBuf, &u32)| {
            checksum(source).is_ok_and(|checksum| checksum == *known)
        };
        self.sources.iter().all(is_same)
    }

    /// Whether this is one of the sources.
    pub(super) fn names(&self, source: &Path) -> bool {
        self.sources.contains_key(&normalized(source))
    }

    /// Whether this source, if it is one, had this checksum.
    pub(super) fn had_only(&self, source: &Path, checksum: u32) -> bool {
        let known = self.sources.get(&normalized(source));
        known.is_none_or(|known| *known == checksum)
    }

    /// Writes it down beside the program. Without it, the program is built again next time, which is all that is lost.
    pub(super) fn keep(&self, program: &Path) {
        if let Ok(json) = serde_json::to_vec(self) {
            drop(fs::write(record(program), json));
        }
    }
}

fn record(program: &Path) -> PathBuf {
    program.with_extension("built-from.json")
}

fn checksum(source: &Path) -> io::Result<u32> {
    fs::read(source).map(|content| super::fingerprint(&content))
}

/// The sources of a program: what follows the colon of a make rule in its `.d` file. Of all characters, blanks alone are
/// escaped.
pub(super) fn sources_of(program: &Path, workspace: &Path) -> io::Result<Vec<PathBuf>> {
    let rules = fs::read_to_string(program.with_extension("d"))?;
    let rule = rules.lines().find_map(|line| line.split_once(": "));
    let mut sources = Vec::new();
    let mut source = String::new();
    let mut characters = rule.map_or("", |(_, sources)| sources).chars();
    loop {
        match characters.next() {
            Some('\\') if characters.as_str().starts_with(' ') => source.extend(characters.next()),
            Some(' ') | None => {
                if !source.is_empty() {
                    sources.push(normalized(&workspace.join(std::mem::take(&mut source))));
                }
                if characters.as_str().is_empty() {
                    return Ok(sources);
                }
            }
            Some(character) => source.push(character),
        }
    }
}
