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

/// Shows the chapters, and the state of their tasks.
#[derive(Clone, Debug, Default, Parser)]
#[command(after_help = "\
Examples:
  cargo run -- list                  all chapters, to browse and choose from
  cargo run -- list --plain          all chapters, as a table
  cargo run -- list --show open      a table of those that you haven't passed
  cargo run -- list retry            those that mention `retry`: in a task, an API, a mistake, or on their page
  cargo run -- list 'has elapsed'    those that mention these words of an error message

A task is ✓ passed, ✗ wrong, · not started, or ? unknown: its file has changed since it was
graded, or can't be graded.")]
pub struct List {
    /// Shows only chapters that mention this, and where: in a name, a task, an API, a mistake, a symptom, or on their page.
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
