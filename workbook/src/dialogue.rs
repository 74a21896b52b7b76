//! Questions that are asked line by line, on standard input and output.

use std::io::Write;

use quiz::{Judgement, Question, Session};

use crate::{
    console,
    context::Context,
    error::Error,
    exit::Exit,
    questions,
    report::{self, Look},
};

/// Asks on standard input and `out`, remembering each answer, to the end of either questions or input.
pub(crate) async fn ask(
    context: &mut Context,
    questions: Vec<Question>,
    out: &mut impl Write,
) -> Result<Session, Error> {
    let look = Look::detect();
    let mut session = Session::new(questions);
    let mut lines = console::lines_of_input();
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
            context.update(|progress| questions::remember(progress, answered))?;
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

/// Passed if every question was answered right.
pub(crate) fn exit(session: &Session) -> Exit {
    if session.right() == session.asked() {
        Exit::Passed
    } else {
        Exit::Failed
    }
}
