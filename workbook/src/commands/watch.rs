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
  cargo run -- watch --plain      for screen readers and logs: a line for each thing that happens

If TERM=dumb, this does as with --plain. Without a terminal, it prints the list of chapters instead.")]
pub struct Watch {
    /// Checks the files four times a second, instead of waiting for the system to report a save.
    #[arg(long)]
    poll: bool,

    /// Says what happens in lines of plain words, and draws nothing.
    #[arg(long)]
    plain: bool,
}

impl Watch {
    /// Runs until the learner leaves.
    ///
    /// # Cancel safety
    ///
    /// Dropping this ends all that runs, and gives the terminal back.
    pub async fn run(&self, settings: &Settings) -> Exit {
        settings.choose_colours();
        let saves = if self.poll {
            Saves::ByPolling
        } else {
            Saves::ByEvents
        };
        if self.plain || console::is_read_as_it_comes() {
            return watch::plain::run(saves, settings).await;
        }
        if !console::is_interactive() {
            return exit_of(overview::print(None, Show::All).map(|()| Exit::Passed));
        }
        exit_of(watch::run(Start::Chapter, saves, settings).await)
    }
}
