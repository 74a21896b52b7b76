//! The `workbook` command.

use async_workbook::{check::Check, exit::Exit, list};
use clap::{Parser, Subcommand};

/// Learn asynchronous Rust: lessons that run, exercises that prove what ran concurrently.
///
/// Without a command, shows the chapters with their state, and the next step.
#[derive(Parser)]
#[command(name = "workbook", version)]
struct Workbook {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    Check(Check),
}

#[tokio::main]
async fn main() -> Exit {
    match Workbook::parse().command {
        None => list::run().await,
        Some(Command::Check(check)) => check.run().await,
    }
}
