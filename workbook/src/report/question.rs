//! Questions and their answers as text.

use quiz::{Answered, Kind, Question, Session};

use crate::{
    course::{Chapter, Task},
    text::{Text, bad, good, link, plain, quiet, strong},
};

/// A question, as it is asked.
#[must_use]
pub fn question_text(session: &Session) -> Text {
    let Some(question) = session.question() else {
        return Text::default();
    };
    let number = session.answered().len() + 1;
    let mut text = Text::from(quiet(format!("Question {number} of {}", session.asked())));
    text.blank();
    text.add(asked_text(question));
    text
}

/// A question by itself.
#[must_use]
pub fn asked_text(question: &Question) -> Text {
    match &question.kind {
        Kind::MultipleChoice { prompt, .. } => {
            let mut text = Text::words(&prompt.prompt);
            text.blank();
            for (number, choice) in (1..).zip(question.choices()) {
                text.add(numbered(number, choice));
            }
            text
        }
        Kind::ShortAnswer { prompt, .. } => Text::words(&prompt.prompt),
        Kind::Tracing { prompt, .. } => {
            let mut text = Text::words(
                "What does this program print? Type it on one line, with a space for each line break. If it doesn't compile, answer `error`.",
            );
            text.blank();
            text.add(program(&prompt.program));
            text
        }
    }
}

/// What an answer was worth, and why.
#[must_use]
pub fn answered_text(answered: &Answered) -> Text {
    let Answered {
        question,
        given,
        right,
    } = answered;
    let mut text = if *right {
        Text::from(good("Right."))
    } else {
        let chosen = question.chosen(given);
        let lead = format!("You answered: {}", chosen.unwrap_or(given));
        let mut text = Text::under([bad("Not quite."), plain(" ")], lead.as_str());
        if let Some(why) = chosen.and_then(|choice| question.why_wrong(choice)) {
            text.add(Text::words(why));
        }
        let answer = question.right_answer();
        if answer.contains('\n') {
            text.line("The answer is:");
            text.add(program(&answer));
        } else {
            text.add(Text::words(&format!("The answer is: {answer}")));
        }
        text
    };
    text.add(Text::words(&question.context));
    text
}

/// The score at the end, and how to come back to what was missed.
#[must_use]
pub fn score_text(session: &Session, review: &str) -> Text {
    let (right, asked) = (session.right(), session.answered().len());
    let missed = asked - right;
    let then = match missed {
        0 => String::new(),
        1 => format!(" The one that you missed comes back in some minutes: {review}."),
        _ => format!(" The {missed} that you missed come back in some minutes: {review}."),
    };
    Text::from([strong(format!("{right} of {asked} right.")), plain(then)])
}

/// The hints of a task that were shown so far.
#[must_use]
pub fn hints_text(task: &Task, shown: usize) -> Text {
    let all = task.hints.len();
    let mut text = Text::from(strong(format!("Hints for {}", task.name)));
    for (number, hint) in (1..).zip(task.hints.iter().take(shown)) {
        text.add(numbered(number, hint));
    }
    text.line(match all - shown {
        _ if shown == 0 => plain("  you haven't asked for any yet"),
        0 => quiet("  those are all of them"),
        more => quiet(format!("  {more} more, if you ask again")),
    });
    text
}

/// What is asked before the lesson.
#[must_use]
pub fn prediction_text(chapter: &Chapter) -> Text {
    let title = format!("{} {}", chapter.number(), chapter.title);
    let mut text = Text::from(strong(title));
    // What it teaches is said afterwards: it would give the answer away.
    let file = chapter.example().display().to_string().replace('\\', "/");
    text.line([quiet("The lesson is "), link(&file)]);
    text.blank();
    text.line("Before it runs, what do you expect?");
    text.add(Text::words(&chapter.prediction.question));
    text
}

fn numbered(number: usize, words: &str) -> Text {
    Text::under(plain(format!("  {number}  ")), words)
}

/// Lines of code, set in.
fn program(code: &str) -> Text {
    Text::kept(code.trim_matches('\n')).indented(4)
}
