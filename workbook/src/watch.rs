//! `workbook` on a terminal: watches the exercises, grades what is saved, and has everything else a key away.
//!
//! All that happens (a key, a save, a verdict, a line of a lesson) is an `Event`, taken one at
//! a time by one loop, so that no state is shared and nothing that hangs can keep the keys waiting.
//! Whatever runs is owned by the state that shows it, and ends when that state is left.

mod app;
mod book;
pub(crate) mod editor;
pub(crate) mod files;
mod input;
mod lesson;
mod list;
mod quiz;
mod saver;
mod screen;
mod terminal;

use std::io::{self, IsTerminal as _};

use clap::Parser;

use crate::{
    command::{self, Context, Error, Settings},
    exit::Exit,
    list::List,
    report,
};

/// Watches your exercises: every save is graded.
#[derive(Clone, Debug, Default, Parser)]
#[command(after_help = "\
Examples:
  cargo run                       the same, without a word
  cargo run -- watch --poll       where the system does not tell of saves, and it is not noticed by itself

Without a terminal, or where TERM=dumb, this prints the list instead.")]
pub struct Watch {
    /// Looks at the files four times a second, instead of waiting to be told.
    #[arg(long)]
    poll: bool,
}

/// Where to begin.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Start {
    /// At the current chapter; at the first start, with a welcome.
    Chapter,
    /// At the list of chapters.
    List,
}

impl Watch {
    /// Runs until the learner leaves.
    ///
    /// # Cancel safety
    ///
    /// Dropping this ends all that runs, and gives the terminal back.
    pub async fn run(&self, start: Start, settings: &Settings) -> Exit {
        settings.choose_colours();
        if !can_be_taken() {
            return command::exit_of(List::default().print());
        }
        command::exit_of(self.watch(start, settings).await)
    }

    async fn watch(&self, start: Start, settings: &Settings) -> Result<Exit, Error> {
        let context = Context::open()?;
        let mut app = app::App::new(context, settings, self.poll, start, report::colour_wanted())?;
        let exit = app.run().await?;
        let last_words = app.finish().await;
        // On the screen that the shell goes on with.
        anstream::println!("{last_words}");
        Ok(exit)
    }
}

/// Whether there is a terminal with keys and a screen.
pub(crate) fn can_be_taken() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal() && !command::terminal_is_dumb()
}
