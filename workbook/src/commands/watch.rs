//! `workbook watch`, and `workbook` without a word: grades every save, with everything else a key away.

use clap::Parser;

use crate::{
    console,
    exit::Exit,
    interrupt::exit_of,
    overview::{self, Show},
    settings::Settings,
    watch::{self, Saves, Start},
};

/// Watches your exercises, and grades every save.
#[derive(Clone, Debug, Default, Parser)]
#[command(after_help = "\
Examples:
  cargo run                       does the same
  cargo run -- watch --poll       if the workbook doesn't notice your saves

Without a terminal, or if TERM=dumb, this prints the list of chapters instead.")]
pub struct Watch {
    /// Checks the files four times a second, instead of waiting for the system to report a save.
    #[arg(long)]
    poll: bool,
}

impl Watch {
    /// Runs until the learner leaves.
    ///
    /// # Cancel safety
    ///
    /// Dropping this ends all that runs, and gives the terminal back.
    pub async fn run(&self, settings: &Settings) -> Exit {
        settings.choose_colours();
        if !console::is_interactive() {
            return exit_of(overview::print(None, Show::All).map(|()| Exit::Passed));
        }
        let saves = if self.poll {
            Saves::ByPolling
        } else {
            Saves::ByEvents
        };
        exit_of(watch::run(Start::Chapter, saves, settings).await)
    }
}
