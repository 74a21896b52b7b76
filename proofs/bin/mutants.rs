//! Breaks the right answers in every small way that cargo-mutants knows, and counts how many of the broken ones
//! the hidden tests recognise.
//!
//! ```console
//! $ cargo install --locked cargo-mutants
//! $ cargo run -p proofs --bin mutants                     every survivor, and a score for each chapter
//! $ cargo run -p proofs --bin mutants -- 03 gather        of the chapters that are asked for
//! ```

use std::{
    env,
    error::Error,
    fmt, fs,
    ops::AddAssign,
    path::Path,
    process::{Command, ExitCode},
};

use proofs::{
    answers::{self, Kind, whole},
    scratch::{Scratch, workbook},
};
use serde::Deserialize;
use toml::{Table, Value};
use workbook::course::{Chapter, Course};

/// The share of mutants that must be caught.
const TARGET: f64 = 0.95;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let course = Course::open(&workbook())?;
    let filters: Vec<String> = env::args().skip(1).collect();

    let mut lines = String::new();
    let mut all = Score::default();
    for chapter in course.select(&filters)? {
        let mut score = Score::default();
        let mut scratch = Scratch::new()?;
        scratch.add_answer(
            &chapter.slug,
            whole(&workbook().join(chapter.solution()))?,
            chapter,
        )?;
        scratch.grader()?;
        let known = answers::of_chapter(&workbook(), chapter)?.into_iter();
        for right in known.filter(|known| known.kind == Kind::Right) {
            println!("{}", right.file.display());
            score += mutate(&scratch, chapter, &right.file)?;
        }
        lines += &format!("{:20} {score}\n", chapter.slug);
        all += score;
    }
    print!("\n{lines}{:20} {all}\n", "all");
    Ok(if all.share() >= TARGET {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// How many mutants the hidden tests caught, of how many that compile.
#[derive(Clone, Copy, Default, Deserialize)]
struct Score {
    caught: u32,
    missed: u32,
    timeout: u32,
}

impl Score {
    fn recognised(self) -> u32 {
        self.caught + self.timeout
    }

    fn viable(self) -> u32 {
        self.recognised() + self.missed
    }

    fn share(self) -> f64 {
        f64::from(self.recognised()) / f64::from(self.viable().max(1))
    }
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Self) {
        self.caught += other.caught;
        self.missed += other.missed;
        self.timeout += other.timeout;
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} of {} mutants caught: {:.1} %",
            self.recognised(),
            self.viable(),
            100.0 * self.share()
        )
    }
}

/// Mutates one right answer.
fn mutate(scratch: &Scratch, chapter: &Chapter, answer: &Path) -> Result<Score, Box<dyn Error>> {
    write_library(scratch, chapter, answer)?;
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["mutants", "--in-place", "--no-shuffle"])
        .args([
            "--package",
            "mutated",
            "--timeout",
            "20",
            "--colors",
            "never",
        ])
        // Some hidden tests count what happens in their process, as they may: the grader gives each task its own.
        .args(["--", "--lib", "--", "--test-threads=1"])
        .current_dir(scratch.root())
        .env("CARGO_TARGET_DIR", scratch.target_dir())
        .status()?;
    // 2: some mutants were missed; 3: some ran out of time. Both are told by the score.
    if !matches!(status.code(), Some(0 | 2 | 3)) {
        return Err(format!("cargo mutants ended with {status}; is it installed?").into());
    }
    let outcomes = scratch.root().join("mutants.out/outcomes.json");
    Ok(serde_json::from_str(&fs::read_to_string(outcomes)?)?)
}

/// A library that is one right answer, whose tests are the chapter's hidden tests.
fn write_library(
    scratch: &Scratch,
    chapter: &Chapter,
    answer: &Path,
) -> Result<(), Box<dyn Error>> {
    let root = scratch.root();
    let folder = root.join("exercises/mutated");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("lib.rs"), whole(answer)?)?;

    let hidden = format!("exercises/hidden/{}", chapter.slug);
    let mut manifest: Table = fs::read_to_string(root.join(&hidden).join("Cargo.toml"))?.parse()?;
    manifest.remove("test");
    manifest.remove("target");
    for (table, key, value) in [
        ("package", "name", "mutated".to_owned()),
        ("lib", "path", "lib.rs".to_owned()),
    ] {
        if let Some(Value::Table(table)) = manifest.get_mut(table) {
            table.insert(key.to_owned(), value.into());
            table.remove("test");
        }
    }
    if let Some(Value::Table(dependencies)) = manifest.get_mut("dependencies") {
        let path = Value::String(format!("../../{hidden}"));
        let library = Table::from_iter([("path".to_owned(), path)]);
        dependencies.insert(chapter.package(), Value::Table(library));
    }
    fs::write(folder.join("Cargo.toml"), manifest.to_string())?;

    let file = root.join("Cargo.toml");
    let mut workspace: Table = fs::read_to_string(&file)?.parse()?;
    if let Some(members) = workspace
        .get_mut("workspace")
        .and_then(|workspace| workspace.get_mut("members")?.as_array_mut())
        && !members.contains(&"exercises/mutated".into())
    {
        members.push("exercises/mutated".into());
    }
    Ok(fs::write(file, workspace.to_string())?)
}
