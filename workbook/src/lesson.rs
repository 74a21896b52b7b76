//! A lesson: the program that runs it, and what was expected of it beside what is so.

use tokio::process::Command;

use crate::{
    course::{Chapter, Course, Prediction},
    grade::{Cargo, Executable, ExecutableError, Stage, Stages},
};

/// A lesson that is ready to be run.
#[derive(Debug)]
pub struct Lesson {
    /// The command that runs it. It ends when it is dropped.
    pub command: Command,
    /// What the compiler warned of, as it renders it.
    pub warnings: String,
}

/// Has cargo build a chapter's lesson, and says how far it is.
///
/// # Errors
///
/// It does not compile, or cargo did not come so far.
///
/// # Cancel safety
///
/// Dropping this stops cargo.
pub async fn build(
    course: &Course,
    chapter: &Chapter,
    colour: bool,
    stages: Stages,
) -> Result<Lesson, ExecutableError> {
    let cargo = Cargo {
        colour,
        stages,
        ..Cargo::new(course.root())
    };
    let package = chapter.lesson_package();
    let arguments = ["build", "--package", &package, "--example", &chapter.slug];
    let built = Executable::build(&cargo, &arguments, &chapter.slug).await?;
    cargo.stages.tell(Stage::Running);
    let mut command = Command::new(built.path);
    command.current_dir(course.root()).kill_on_drop(true);
    Ok(Lesson {
        command,
        warnings: built.warnings,
    })
}

/// What was expected beside what is so.
#[must_use]
pub fn compared(prediction: &Prediction, given: Option<&str>) -> String {
    let answer = &prediction.answer;
    let right = |given: &str| {
        let mut all = std::iter::once(answer).chain(&prediction.alternatives);
        all.any(|right| quiz::same(given, right))
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
