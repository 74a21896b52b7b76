//! `workbook quiz`: the questions of a chapter.

use std::io::Write;

use ::quiz::{Judgement, Question, Quiz as Questions, Session};
use clap::Parser;

use crate::{
    command::{self, Context, Error},
    course::Chapter,
    exit::Exit,
    progress::{Progress, Score},
    report::{self, Look},
    review,
};

/// Asks the questions of a chapter.
#[derive(Clone, Debug, Parser)]
#[command(after_help = "\
Examples:
  cargo run -- quiz               the questions of the current chapter
  cargo run -- quiz 03            those of chapter 03
  cargo run -- quiz 03 < answers  one answer a line")]
pub struct Quiz {
    /// The chapter, by number or name; the current one if none is given.
    chapter: Option<String>,
}

impl Quiz {
    /// Asks until all questions are answered, or there is no more input.
    ///
    /// # Cancel safety
    ///
    /// What was answered before this is dropped is remembered.
    pub async fn run(&self) -> Exit {
        command::until_interrupted(async {
            let mut context = Context::open_and_tell()?;
            let chapter = context.chapter(self.chapter.as_deref())?;
            let questions = questions(&context, &chapter)?;
            let session = ask(&mut context, questions, &mut anstream::stdout()).await?;
            context.update(|progress| finish(progress, &chapter, &session))?;
            Ok(exit(&session))
        })
        .await
    }
}

/// The questions of a chapter.
///
/// # Errors
///
/// They cannot be read.
pub fn questions(context: &Context, chapter: &Chapter) -> Result<Vec<Question>, Error> {
    let file = context.course.root().join(chapter.quiz());
    Ok(Questions::read(&file)?.questions)
}

/// Asks on standard input and `out`, remembering each answer, to the end of either questions or input.
pub(crate) async fn ask(
    context: &mut Context,
    questions: Vec<Question>,
    out: &mut impl Write,
) -> Result<Session, Error> {
    let look = Look::detect();
    let mut session = Session::new(questions);
    let mut lines = command::lines_of_input();
    while session.question().is_some() {
        write!(out, "{}", report::question_text(&session, &look))?;
        loop {
            write!(out, "\n> ")?;
            out.flush()?;
            let Some(line) = lines.recv().await else {
                writeln!(out, "\n")?;
                return Ok(session);
            };
            match session.answer(&line) {
                Judgement::Unclear(why) => writeln!(out, "{why}")?,
                Judgement::Right | Judgement::Wrong => break,
            }
        }
        if let Some(answered) = session.answered().last() {
            context.update(|progress| review::remember(progress, answered))?;
            writeln!(out, "\n{}", report::answered_text(answered, &look))?;
        }
    }
    write!(
        out,
        "{}",
        report::score_text(&session, "`cargo run -- review`")
    )?;
    Ok(session)
}

/// Takes note of the score of a quiz that came to its end.
pub fn finish(progress: &mut Progress, chapter: &Chapter, session: &Session) {
    if session.question().is_none() {
        progress.chapter_mut(&chapter.slug).quiz = Some(Score {
            right: session.right(),
            asked: session.asked(),
        });
    }
}

/// Passed if every question was answered right.
pub(crate) fn exit(session: &Session) -> Exit {
    if session.right() == session.asked() {
        Exit::Passed
    } else {
        Exit::Failed
    }
}
