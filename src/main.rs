//! The `workbook` command.

use async_workbook::{check::Check, command::Settings, exit::Exit, list};
use clap::{Parser, Subcommand};

/// Learn asynchronous Rust: lessons that run, exercises that prove what ran concurrently.
///
/// Without a command, shows the chapters with their state, and the next step.
#[derive(Parser)]
#[command(name = "workbook", version)]
#[command(args_conflicts_with_subcommands = true)]
struct Workbook {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    settings: Settings,
}

#[derive(Subcommand)]
enum Command {
    Check(Check),
}

#[tokio::main]
async fn main() -> Exit {
    let workbook = Workbook::parse();
    match workbook.command {
        None => list::run(&workbook.settings).await,
        Some(Command::Check(check)) => check.run().await,
    }
}
