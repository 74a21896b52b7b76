//! Questions that are asked line by line, on standard input and output.

use quiz::{Judgement, Question, Session};

use crate::{
    console::{self, Output},
    context::Context,
    error::Error,
    exit::Exit,
    questions, report,
    text::Text,
};

/// Asks on standard input and output, remembering each answer, to the end of either questions or input.
///
/// # Errors
///
/// Standard output cannot be written.
pub async fn ask(context: &mut Context, questions: Vec<Question>) -> Result<Session, Error> {
    let out = Output::open();
    let mut session = Session::new(questions);
    let mut lines = console::lines_of_input();
    while session.question().is_some() {
        out.print(report::question_text(&session))?;
        loop {
            out.print("")?;
            out.prompt()?;
            let Some(line) = lines.recv().await else {
                out.print(Text::kept("\n\n"))?;
                return Ok(session);
            };
            match session.answer(&line) {
                Judgement::Unclear(why) => out.print(why)?,
                Judgement::Right | Judgement::Wrong => break,
            }
        }
        if let Some(answered) = session.answered().last() {
            let now = questions::now();
            context.remember(|progress| questions::remember(progress, answered, now));
            let mut text = Text::from("");
            text.add(report::answered_text(answered));
            text.blank();
            out.print(text)?;
        }
    }
    out.print(report::score_text(&session, "`cargo run -- review`"))?;
    Ok(session)
}

/// Passed if every question was answered right.
#[must_use]
pub fn exit(session: &Session) -> Exit {
    if session.right() == session.asked() {
        Exit::Passed
    } else {
        Exit::Failed
    }
}
