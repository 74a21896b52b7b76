//! The `workbook` command.

use async_workbook::{check::CheckError, exit::Exit, list};
use clap::Parser;

/// Learn asynchronous Rust: lessons that run, exercises that prove what ran concurrently.
///
/// Without arguments, shows the chapters with their state, and the next step.
#[derive(Parser)]
#[command(name = "workbook", version)]
struct Workbook {}

fn main() -> Exit {
    Workbook::parse();
    match run() {
        Ok(exit) => exit,
        Err(error) => {
            anstream::eprintln!("error: {error}");
            error.exit()
        }
    }
}

#[tokio::main]
async fn run() -> Result<Exit, CheckError> {
    list::run().await
}
