//! `workbook list`: the chapters with their state, and the next step.

use clap::Parser;

use crate::{
    console,
    exit::Exit,
    interrupt::exit_of,
    overview::{self, Show},
    settings::Settings,
    watch::{self, Start},
};

/// Shows the chapters with the state of their tasks.
#[derive(Clone, Debug, Default, Parser)]
#[command(after_help = "\
Examples:
  cargo run -- list                  all chapters, to look through and to choose from
  cargo run -- list --plain          as a table
  cargo run -- list --show open      a table of those that are not passed
  cargo run -- list retry            a table of those that say `retry`: as a task, an API, a mistake, or anywhere
  cargo run -- list 'has elapsed'    the same with words of an error message

A task is ✓ passed, ✗ wrong, · not started, or ? unknown: the file has changed since it was
graded, or cannot be graded.")]
pub struct List {
    /// Only chapters that say this, and where: in a name, a task, an API, a mistake, a symptom, or on their page.
    pub search: Option<String>,

    /// Which chapters to show.
    #[arg(long, value_enum, default_value_t)]
    pub show: Show,

    /// Prints a table, even on a terminal.
    #[arg(long)]
    pub plain: bool,
}

impl List {
    /// Shows the list full screen where there is a terminal, and otherwise prints it.
    pub async fn run(&self, settings: &Settings) -> Exit {
        settings.choose_colours();
        let narrowed = self.search.is_some() || self.show != Show::All;
        if self.plain || narrowed || !console::is_interactive() {
            let printed = overview::print(self.search.as_deref(), self.show);
            return exit_of(printed.map(|()| Exit::Passed));
        }
        exit_of(watch::run(Start::List, watch::Saves::ByEvents, settings).await)
    }
}
