//! Breaks the reference solutions in every small way that cargo-mutants knows, and counts how many of
//! the broken ones the hidden tests recognise.
//!
//! ```console
//! $ cargo install --locked cargo-mutants
//! $ cargo run -p solutions --bin mutants                     score, and every survivor
//! $ cargo run -p solutions --bin mutants -- --file '*03*'    passed on to cargo-mutants
//! ```

use std::{
    env,
    error::Error,
    fs,
    path::Path,
    process::{Command, ExitCode},
};

use serde::Deserialize;
use solutions::{
    answers::{self, Kind},
    scratch::{Scratch, workbook},
};
use workbook::course::Course;

/// The share of mutants that must be caught.
const TARGET: f64 = 0.95;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let scratch = Scratch::new("mutants")?;
    scratch.grader()?;
    write_library(&scratch)?;

    let output = scratch.root().join("mutants.out");
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "mutants",
            "--in-place",
            "--no-shuffle",
            "--package",
            "stubs",
        ])
        .args(["--timeout", "20", "--colors", "never"])
        .args(env::args_os().skip(1))
        .current_dir(scratch.root())
        .env("CARGO_TARGET_DIR", scratch.target_dir())
        .status()?;
    // 2: some mutants were missed; 3: some ran out of time. Both are told below.
    if !matches!(status.code(), Some(0 | 2 | 3)) {
        return Err(format!("cargo mutants ended with {status}; is it installed?").into());
    }

    let outcomes: Outcomes =
        serde_json::from_str(&fs::read_to_string(output.join("outcomes.json"))?)?;
    let caught = outcomes.caught + outcomes.timeout;
    let viable = caught + outcomes.missed;
    let score = f64::from(caught) / f64::from(viable.max(1));
    println!(
        "{caught} of {viable} mutants caught: {:.1} %",
        score * 100.0
    );
    Ok(if viable > 0 && score >= TARGET {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

#[derive(Deserialize)]
struct Outcomes {
    caught: u32,
    timeout: u32,
    missed: u32,
}

/// A library whose modules are the right answers, each with its hidden tests.
fn write_library(scratch: &Scratch) -> Result<(), Box<dyn Error>> {
    let exercises = scratch.root().join("exercises");
    let mut library = String::from("//! The right answers, to be mutated.\n");
    for chapter in Course::open(&workbook())?.chapters() {
        let hidden = exercises
            .join("hidden")
            .join(format!("{}.rs", chapter.slug));
        let right = answers::of_chapter(&workbook(), chapter)?
            .into_iter()
            .filter(|known| known.kind == Kind::Right);
        for (index, known) in right.enumerate() {
            let module = format!("chapter_{}_{index}", chapter.slug);
            let text = with_hidden_tests(&fs::read_to_string(&known.file)?, &hidden)?;
            fs::write(exercises.join(format!("{module}.rs")), text)?;
            library += &format!("pub mod {module};\n");
        }
    }
    fs::write(exercises.join("lib.rs"), library)?;
    let manifest = exercises.join("Cargo.toml");
    let text = fs::read_to_string(&manifest)?;
    fs::write(
        &manifest,
        format!("{text}\n[lib]\npath = \"lib.rs\"\ndoctest = false\n"),
    )?;
    Ok(())
}

/// The answer, its last lines pointing at the hidden tests from where it now stands.
fn with_hidden_tests(answer: &str, hidden: &Path) -> Result<String, String> {
    let (body, _) = answer
        .split_once("#[cfg(test)]")
        .ok_or("an answer without its last lines")?;
    Ok(format!(
        "{body}#[cfg(test)]\n#[path = {hidden:?}]\nmod hidden;\n"
    ))
}
