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
use workbook::course::Course;

/// The share of mutants that must be caught.
const TARGET: f64 = 0.95;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let scratch = Scratch::new("mutants")?;
    let course = Course::open(&workbook())?;
    let filters: Vec<String> = env::args().skip(1).collect();

    let mut lines = String::new();
    let mut all = Score::default();
    for chapter in course.select(&filters)? {
        let mut score = Score::default();
        let known = answers::of_chapter(&workbook(), chapter)?.into_iter();
        for right in known.filter(|known| known.kind == Kind::Right) {
            println!("{}", right.file.display());
            score += mutate(&scratch, &right.file)?;
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
fn mutate(scratch: &Scratch, answer: &Path) -> Result<Score, Box<dyn Error>> {
    write_library(scratch, answer)?;
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["mutants", "--in-place", "--no-shuffle"])
        .args(["--package", "stubs", "--timeout", "20", "--colors", "never"])
        // Some hidden tests count what happens in their process, as they may: the grader gives each its own.
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

/// A library that is one right answer with its hidden tests.
fn write_library(scratch: &Scratch, answer: &Path) -> Result<(), Box<dyn Error>> {
    scratch.grader()?;
    let exercises = scratch.root().join("exercises");
    fs::write(exercises.join("lib.rs"), whole(answer)?)?;
    let manifest = exercises.join("Cargo.toml");
    let text = fs::read_to_string(&manifest)?;
    fs::write(
        &manifest,
        format!("{text}\n[lib]\npath = \"lib.rs\"\ndoctest = false\n"),
    )?;
    Ok(())
}
