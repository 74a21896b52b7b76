//! `workbook completions`: what a shell needs to complete the commands.

use clap::{Command, Parser};
use clap_complete::Shell;

use crate::{console::Output, error::Error, exit::Exit, text::Text};

/// Prints a script that completes the commands in your shell.
#[derive(Clone, Debug, Parser)]
#[command(after_help = "\
The script completes the program `workbook`. To install it, and complete it in bash:

  cargo install --path .
  workbook completions bash > ~/.local/share/bash-completion/completions/workbook

Run it inside your clone, where it finds the course.")]
pub struct Completions {
    /// Your shell.
    shell: Shell,
}

impl Completions {
    /// Prints the completions of `command`.
    ///
    /// # Errors
    ///
    /// Standard output cannot be written.
    pub fn run(&self, command: &mut Command) -> Result<Exit, Error> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, command, "workbook", &mut script);
        let script = String::from_utf8_lossy(&script);
        Output::open().print(Text::kept(&script))?;
        Ok(Exit::Passed)
    }
}
