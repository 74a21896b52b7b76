//! Standard input and output, and the terminal that they may be.

mod status_line;

use std::{
    env,
    io::{self, BufRead as _, IsTerminal as _, Write as _},
    thread,
};

use anstream::{AutoStream, ColorChoice};
use async_workbook::timeline::Style;
use tokio::sync::mpsc;

pub(crate) use status_line::{stopwatch, while_shown};

use crate::text::{Columns, Painter, Text};

/// Standard output, as a place for text: how wide it is, and what it can show.
#[derive(Debug)]
pub struct Output {
    /// Width and characters, for what is drawn.
    pub style: Style,
    painter: Painter,
}

impl Output {
    /// As wide as the terminal, and in the characters and colours that it can show.
    #[must_use]
    pub fn open() -> Self {
        Self {
            style: Style::detect(),
            painter: if colour_wanted() {
                Painter::Colours { links: None }
            } else {
                Painter::Plain
            },
        }
    }

    /// How many columns there are for what is laid out side by side.
    #[must_use]
    pub fn columns(&self) -> usize {
        let terminal = terminal_size::terminal_size_of(io::stdout());
        terminal.map_or(self.style.width, |(terminal_size::Width(columns), _)| {
            usize::from(columns)
        })
    }

    /// Writes lines.
    ///
    /// # Errors
    ///
    /// Nobody reads them any more, or the disk takes no more.
    pub fn print(&self, text: impl Into<Text>) -> Result<(), OutputError> {
        let mut out = anstream::stdout().lock();
        let lines = text
            .into()
            .broken(Columns::on_paper(self.style.width))
            .into_iter();
        let painted = lines.map(|line| self.painter.paint(&line) + "\n");
        out.write_all(painted.collect::<String>().as_bytes())?;
        Ok(out.flush()?)
    }

    /// Asks for a line, and says where to type it.
    ///
    /// # Errors
    ///
    /// As [`print`](Self::print).
    pub fn prompt(&self) -> Result<(), OutputError> {
        let mut out = anstream::stdout().lock();
        out.write_all(b"> ")?;
        Ok(out.flush()?)
    }
}

/// Standard output could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write to standard output: {0}; is the disk full?")]
pub struct OutputError(#[from] io::Error);

impl OutputError {
    /// Whether the reader went away, as `head` does.
    #[must_use]
    pub fn is_closed_pipe(&self) -> bool {
        self.0.kind() == io::ErrorKind::BrokenPipe
    }
}

/// Whether colours are wanted on standard output.
#[must_use]
pub fn colour_wanted() -> bool {
    AutoStream::choice(&io::stdout()) != ColorChoice::Never
}

/// The lines of standard input, as they are typed.
///
/// They are read on a thread of their own, which nothing waits for: a read from a terminal cannot be
/// cancelled, and the end of the program must not depend on it.
#[must_use]
pub fn lines_of_input() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(1);
    thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

/// Whether there is a terminal with keys and a screen.
pub(crate) fn is_interactive() -> bool {
    is_terminal() && !terminal_is_dumb()
}

/// Whether somebody is there whose terminal can do nothing but print.
pub(crate) fn is_read_as_it_comes() -> bool {
    is_terminal() && terminal_is_dumb()
}

fn is_terminal() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Whether the terminal says that it can do nothing but print.
pub(crate) fn terminal_is_dumb() -> bool {
    env::var_os("TERM").is_some_and(|term| term == "dumb")
}
