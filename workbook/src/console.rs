//! Standard input, and the terminal that it may come from.

use std::{
    env,
    io::{self, BufRead as _, IsTerminal as _},
    thread,
};

use tokio::sync::mpsc;

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
    io::stdin().is_terminal() && io::stdout().is_terminal() && !terminal_is_dumb()
}

/// Whether the terminal says that it can do nothing but print.
pub(crate) fn terminal_is_dumb() -> bool {
    env::var_os("TERM").is_some_and(|term| term == "dumb")
}
