//! `workbook review`: the questions that come back.

use clap::Parser;

use crate::{
    console::Output,
    context::Context,
    dialogue::{ask, exit},
    exit::Exit,
    interrupt, questions,
};

/// Asks again what you missed, and what you may have forgotten.
#[derive(Clone, Debug, Parser)]
#[command(after_help = "\
Examples:
  cargo run -- review     asks every question that is due")]
pub struct Review {}

impl Review {
    /// Asks the questions that are due.
    ///
    /// # Cancel safety
    ///
    /// What was answered before this is dropped is remembered.
    pub async fn run(&self) -> Exit {
        interrupt::until_interrupted(async {
            let mut context = Context::open_and_tell()?;
            let now = questions::now();
            let due = questions::due(&context.course, &context.progress, now)?;
            if due.is_empty() {
                Output::open().print(questions::nothing_due(&context.progress, now))?;
                return Ok(Exit::Passed);
            }
            let session = ask(&mut context, due).await?;
            Ok(exit(&session))
        })
        .await
    }
}
