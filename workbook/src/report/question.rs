//! Questions and their answers as lines for the terminal.

use async_workbook::verdict::escape_control;
use quiz::{Answered, Kind, Question, Session};
use textwrap::Options;

use super::{BAD, GOOD, Look, QUIET, STRONG};
use crate::course::{Chapter, Task};

/// A question, as it is asked.
#[must_use]
pub fn question_text(session: &Session, look: &Look) -> String {
    let Some(question) = session.question() else {
        return String::new();
    };
    format!(
        "{QUIET}Question {} of {}{QUIET:#}\n\n{}",
        session.answered().len() + 1,
        session.asked(),
        asked_text(question, look)
    )
}

/// A question by itself.
#[must_use]
pub fn asked_text(question: &Question, look: &Look) -> String {
    let mut text = String::new();
    match &question.kind {
        Kind::MultipleChoice { prompt, .. } => {
            text += &wrapped(&prompt.prompt, "", look);
            text.push('\n');
            for (number, choice) in (1..).zip(question.choices()) {
                text += &wrapped(choice, &format!("  {number}  "), look);
            }
        }
        Kind::ShortAnswer { prompt, .. } => text += &wrapped(&prompt.prompt, "", look),
        Kind::Tracing { prompt, .. } => {
            text += &wrapped(
                "What does this program print? Type it in one line, with spaces for line ends. If it does not compile, answer `error`.",
                "",
                look,
            );
            text.push('\n');
            text += &program(&prompt.program);
        }
    }
    text
}

/// What an answer was worth, and why.
#[must_use]
pub fn answered_text(answered: &Answered, look: &Look) -> String {
    let Answered {
        question,
        given,
        right,
    } = answered;
    let mut text = if *right {
        format!("{GOOD}Right.{GOOD:#}\n")
    } else {
        let answer = question.right_answer();
        let lead = format!(
            "{BAD}Not so.{BAD:#} You answered: {}\n",
            escape_control(given)
        );
        if answer.contains('\n') {
            format!("{lead}It is:\n{}", program(&answer))
        } else {
            format!("{lead}{}", wrapped(&format!("It is: {answer}"), "", look))
        }
    };
    text += &wrapped(&question.context, "", look);
    text
}

/// The score at the end, and how to come back to what was missed.
#[must_use]
pub fn score_text(session: &Session, review: &str) -> String {
    let (right, asked) = (session.right(), session.answered().len());
    let missed = asked - right;
    let then = match missed {
        0 => String::new(),
        1 => format!(" The one that you missed comes back: {review}."),
        _ => format!(" The {missed} that you missed come back: {review}."),
    };
    format!("{STRONG}{right} of {asked} right.{STRONG:#}{then}\n")
}

/// The hints of a task that were shown so far.
#[must_use]
pub fn hints_text(task: &Task, shown: usize, look: &Look) -> String {
    let all = task.hints.len();
    let mut text = format!("{STRONG}Hints for {}{STRONG:#}\n", task.name);
    for (number, hint) in (1..).zip(task.hints.iter().take(shown)) {
        text += &wrapped(hint, &format!("  {number}  "), look);
    }
    text += &match (shown, all) {
        (0, _) => "  none was asked for yet\n".to_owned(),
        (shown, all) if shown < all => {
            format!("{QUIET}  {} more, if you ask again{QUIET:#}\n", all - shown)
        }
        _ => format!("{QUIET}  these are all{QUIET:#}\n"),
    };
    text
}

/// What is asked before the lesson.
#[must_use]
pub fn prediction_text(chapter: &Chapter, look: &Look) -> String {
    let mut text = format!("{STRONG}{} {}{STRONG:#}\n", chapter.number(), chapter.title);
    text += &wrapped(&chapter.idea, "", look);
    text.push_str("\nBefore it runs, what do you expect?\n");
    text += &wrapped(&chapter.prediction.question, "", look);
    text
}

/// Lines of code, set in.
fn program(code: &str) -> String {
    code.trim_matches('\n')
        .lines()
        .fold(String::new(), |mut text, line| {
            if !line.is_empty() {
                text.push_str("    ");
                text.push_str(line);
            }
            text.push('\n');
            text
        })
}

/// Words within the width, under what stands before the first of them.
pub(crate) fn wrapped(words: &str, lead: &str, look: &Look) -> String {
    let hanging = " ".repeat(lead.len());
    let options = Options::new(look.style.width.max(40))
        .initial_indent(lead)
        .subsequent_indent(&hanging)
        .break_words(false);
    format!("{}\n", textwrap::fill(words, options))
}
