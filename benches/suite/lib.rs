//! What every bench is made of.
//!
//! A bench is a program: its `main` calls [`main`](fn@main), which measures, prints what was measured as a table, and adds it
//! to what was measured before.
//!
//! - [`mod@suite`]: scenarios, each in two ways or more, with what would be ideal
//! - [`pair`]: calls made in turn, and the same calls made together
//! - [`asyncio`]: the same waits in Python

pub mod asyncio;
pub mod pair;
pub mod suite;

use std::{env, error::Error, path::PathBuf, process::ExitCode};

use speedups::Record;

pub use suite::{Suite, runtime};

/// Runs a chapter's bench with the arguments of the command line.
pub fn main(bench: impl FnOnce(&mut Suite)) -> ExitCode {
    exit_of(run(bench))
}

/// Tells an error, if there is one.
pub fn exit_of(result: Result<(), Box<dyn Error>>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(bench: impl FnOnce(&mut Suite)) -> Result<(), Box<dyn Error>> {
    let folder = folder()?;
    let measures = measures();
    // What cannot be added to is told before minutes go by.
    let mut record = if measures {
        Record::read(&folder)?
    } else {
        Record::default()
    };
    let mut suite = Suite::new(folder.clone());
    bench(&mut suite);
    let mut measured = suite.measured();
    if !measures {
        return Ok(());
    }
    let python = asyncio::beside(&mut measured)?;
    print!("{}", speedups::text(&measured));
    println!("\n{python}");
    record.merge(measured);
    record.write(&folder)?;
    Ok(())
}

/// Whether the command line asks for figures: `--test` runs every bench once and measures nothing; `--list` runs none.
#[must_use]
pub fn measures() -> bool {
    !env::args().any(|argument| matches!(argument.as_str(), "--test" | "--list"))
}

/// Criterion's folder in the target folder that this program was built into (`release/deps`).
///
/// # Errors
///
/// It was not built by cargo.
pub fn folder() -> Result<PathBuf, Box<dyn Error>> {
    let program = env::current_exe()?;
    let target = program
        .ancestors()
        .nth(3)
        .ok_or("this program isn't in one of cargo's target folders")?;
    Ok(target.join("criterion"))
}
