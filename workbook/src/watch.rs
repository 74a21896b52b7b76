//! `workbook` on a terminal: watches the exercises, grades what is saved, and has everything else a key away.
//!
//! All that happens (a key, a save, a verdict, a line of a lesson) is an `Event`, taken one at
//! a time by one loop, so that no state is shared and nothing that hangs can keep the keys waiting.
//! Whatever runs is owned by the state that shows it, and ends when that state is left.

mod app;
mod book;
mod input;
mod lesson;
mod list;
mod model;
mod page;
pub mod plain;
mod quiz;
mod reading;
mod saver;
mod screen;
mod signals;
mod sources;
mod terminal;
mod view;

use crate::{
    console::{self, Output},
    context::Context,
    error::Error,
    exit::Exit,
    settings::Settings,
    text::Painter,
};

use app::App;

/// Where to begin.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Start {
    /// At the current chapter; at the first start, with a welcome.
    Chapter,
    /// At the list of chapters.
    List,
}

/// How saves are noticed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Saves {
    /// The system tells; where it does not, that is noticed, and the files are polled.
    ByEvents,
    /// The files are looked at several times a second.
    ByPolling,
}

/// Runs on the terminal until the learner leaves.
///
/// # Errors
///
/// The course cannot be read, or the terminal not be taken.
///
/// # Cancel safety
///
/// Dropping this ends all that runs, and gives the terminal back.
pub async fn run(start: Start, saves: Saves, settings: &Settings) -> Result<Exit, Error> {
    let context = Context::open()?;
    let painter = if console::colour_wanted() {
        let links = supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout);
        Painter::Colours {
            links: links.then(|| context.course.root().to_owned()),
        }
    } else {
        Painter::Plain
    };
    let mut app = App::new(context, settings, saves, start, painter)?;
    let exit = app.run().await?;
    let last_words = app.finish().await;
    // On the screen that the shell goes on with.
    Output::open().print(last_words)?;
    Ok(exit)
}
