//! `cargo bench`: how much faster it gets when waits overlap, and how close to ideal.
//!
//!     cargo bench            every chapter, how cost grows, and asyncio beside it where Python is found
//!     cargo bench -- 03      one chapter
//!     cargo run -- bench     the table again, without measuring
//!
//! Each `NN_slug.rs` beside this file is found by itself, and has a function `bench`. The scenarios have
//! the proportions of the source documents at a part of their length, as each one says.

mod asyncio;
mod growth;
mod pair;
mod suite;

use std::{env, error::Error, path::PathBuf, process::ExitCode};

use workbook::speedups::{self, Record};

use suite::Suite;

include!(concat!(env!("OUT_DIR"), "/chapters.rs"));

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    // This program starts itself for each measure of memory, which a process has only one of.
    if growth::is_asked_for()? {
        return Ok(());
    }
    let folder = folder()?;
    let arguments: Vec<String> = env::args().skip(1).collect();
    // `--test` runs every bench once and measures nothing; `--list` runs none.
    let measures = !arguments
        .iter()
        .any(|argument| matches!(argument.as_str(), "--test" | "--list"));
    // A word that is no option chooses benches; cargo's own `--bench` chooses none.
    let chosen = arguments.iter().any(|argument| !argument.starts_with('-'));

    // What cannot be added to is told before minutes go by. A whole run leaves nothing of an earlier one, whose
    // scenarios may have gone.
    let mut record = if measures && chosen {
        Record::read(&folder)?
    } else {
        Record::default()
    };
    let mut suite = Suite::new(folder.clone());
    for bench in CHAPTERS {
        bench(&mut suite);
    }
    let mut measured = suite.measured();
    if !measures {
        growth::try_each()?;
        asyncio::try_once()?;
        return Ok(());
    }
    let python = asyncio::beside(&mut measured)?;
    if !chosen {
        measured.growth = growth::measure()?;
        measured
            .growth
            .extend(asyncio::growth(&growth::COUNTS, growth::WAIT)?);
    }
    print!(
        "{}{}",
        speedups::text(&measured),
        speedups::growth_text(&measured)
    );
    println!("\n{python}");
    record.merge(measured);
    record.write(&folder)?;
    Ok(())
}

/// Criterion's folder in the target folder that this program was built into (`release/deps`).
fn folder() -> Result<PathBuf, Box<dyn Error>> {
    let program = env::current_exe()?;
    let target = program
        .ancestors()
        .nth(3)
        .ok_or("this program stands in no target folder of cargo's")?;
    Ok(target.join("criterion"))
}
