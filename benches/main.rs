//! `cargo bench`: how much faster it gets when waits overlap, and how close to ideal.
//!
//!     cargo bench            every chapter, how cost grows, and asyncio beside it where Python is found
//!     cargo bench -- 03      one chapter
//!     cargo run -- bench     the table again, without measuring
//!
//! Each `NN_slug.rs` beside this file is a program. Its package, in `chapters`, depends on what it needs and no more: a bench
//! without a database does not wait for SQLite. This program has cargo build the benches that are asked for, says
//! beforehand how much that is, and runs them. The scenarios have the proportions of the source
//! documents at a part of their length, as each one says.

use std::{
    collections::BTreeSet, env, error::Error, fs, io, path::Path, process::ExitCode, thread,
};

use benches::{
    cargo::Cargo,
    cost,
    programs::{Asked, Program},
};

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<ExitCode, Box<dyn Error>> {
    let asked = Asked::of(env::args().skip(1));
    let chapters = Path::new(env!("CARGO_MANIFEST_DIR")).join("chapters");
    let programs = asked.programs(&chapters)?;
    let cargo = Cargo::of_this_program()?;
    if let Some(words) = cost_of(&cargo, &programs) {
        eprintln!("{words}");
    }
    // All of it is built before anything is measured.
    for program in &programs {
        if !cargo.bench(program, &["--no-run"])? {
            return Ok(ExitCode::FAILURE);
        }
    }
    if asked.measures() && asked.chapters.is_empty() {
        // A whole run leaves nothing of an earlier one, whose scenarios may have gone.
        match fs::remove_file(cargo.figures()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    let mut arguments = vec!["--quiet", "--"];
    arguments.extend(asked.options.iter().map(String::as_str));
    for program in &programs {
        if !cargo.bench(program, &arguments)? {
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What there is to be said beforehand.
fn cost_of(cargo: &Cargo, programs: &[Program]) -> Option<String> {
    let compiled = cargo.compiled()?;
    let mut needed = BTreeSet::new();
    for program in programs {
        needed.extend(cargo.needed(program)?);
    }
    let cores = thread::available_parallelism().map_or(1, usize::from);
    cost::words(&needed, &compiled, cargo.optimises(), cores)
}
