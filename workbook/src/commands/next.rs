//! `workbook next`: on to the next chapter that is not passed.

use clap::Parser;

use crate::{console::Output, context::Context, error::Error, exit::Exit, overview, text::Text};

/// Moves on to the next chapter that you haven't passed, or to the one that you name.
#[derive(Clone, Debug, Parser)]
#[command(after_help = "\
Examples:
  cargo run -- next        the next one that you haven't passed
  cargo run -- next 05     chapter 05, whatever its state")]
pub struct Next {
    /// The chapter to go to, by number or name.
    chapter: Option<String>,
}

impl Next {
    /// Chooses the chapter, and says what there is to do.
    ///
    /// # Errors
    ///
    /// There is no such chapter, or progress cannot be written.
    pub fn run(&self) -> Result<Exit, Error> {
        let mut context = Context::open_and_tell()?;
        let current = context.chapter(self.chapter.as_deref())?;
        let next = match &self.chapter {
            Some(_) => Some(current),
            None => context
                .progress
                .next(&context.course, &current.slug)
                .cloned(),
        };
        let out = Output::open();
        let Some(next) = next else {
            out.print(Text::kept(&overview::next_step(&context)))?;
            return Ok(Exit::Passed);
        };
        context.update(|progress| progress.current = Some(next.slug))?;
        out.print(Text::kept(&overview::next_step(&context)))?;
        Ok(Exit::Passed)
    }
}
