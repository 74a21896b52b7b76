//! `workbook quiz`: the questions of a chapter.

use clap::Parser;

use crate::{
    context::Context,
    dialogue::{ask, exit},
    exit::Exit,
    interrupt, questions,
};

/// Asks the questions of a chapter.
#[derive(Clone, Debug, Parser)]
#[command(after_help = "\
Examples:
  cargo run -- quiz               the questions of the current chapter
  cargo run -- quiz 03            those of chapter 03
  cargo run -- quiz 03 < answers  takes the answers from a file, one on each line")]
pub struct Quiz {
    /// The chapter, by number or name; the current one if you name none.
    chapter: Option<String>,
}

impl Quiz {
    /// Asks until all questions are answered, or there is no more input.
    ///
    /// # Cancel safety
    ///
    /// What was answered before this is dropped is remembered.
    pub async fn run(&self) -> Exit {
        interrupt::until_interrupted(async {
            let mut context = Context::open_and_tell()?;
            let chapter = context.chapter(self.chapter.as_deref())?;
            let questions = questions::of_chapter(&context.course, &chapter)?;
            let session = ask(&mut context, questions).await?;
            context.remember(|progress| questions::finish(progress, &chapter, &session));
            Ok(exit(&session))
        })
        .await
    }
}
