//! A lesson: the program that runs it, and what was expected of it beside what is so.

use tokio::process::Command;

use crate::{
    course::{Chapter, Course, Prediction},
    grade::{Cargo, forget_outer_cargo},
};

/// The command that runs a chapter's lesson. It ends when it is dropped.
#[must_use]
pub fn command(course: &Course, chapter: &Chapter) -> Command {
    let mut command = Command::new(Cargo::program());
    command
        .args(["run", "--quiet", "--example", &chapter.slug])
        .current_dir(course.root())
        .kill_on_drop(true);
    forget_outer_cargo(command.as_std_mut());
    command
}

/// What was expected beside what is so.
#[must_use]
pub fn compared(prediction: &Prediction, given: Option<&str>) -> String {
    let answer = &prediction.answer;
    let right = |given: &str| {
        let all = std::iter::once(answer).chain(&prediction.alternatives);
        quiz::judge(all, given) == quiz::Judgement::Right
    };
    match given {
        None => format!("The question was: {} It is {answer}.", prediction.question),
        Some(given) if right(given) => format!("You expected {given}, and so it is."),
        Some(given) => {
            format!("You expected {given}. It is {answer}: look above for where it shows.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expectation_is_compared_in_every_unit() {
        let prediction = Prediction {
            question: "How long?".into(),
            answer: "0.5 s".into(),
            alternatives: vec!["half a second".into()],
            shown: "0.5 s".into(),
        };
        for right in ["500 ms", "0.5", "Half a second"] {
            assert!(
                compared(&prediction, Some(right)).contains("so it is"),
                "{right}"
            );
        }
        assert!(compared(&prediction, Some("1 s")).contains("It is 0.5 s"));
        assert!(compared(&prediction, None).contains("How long? It is 0.5 s"));
    }
}
