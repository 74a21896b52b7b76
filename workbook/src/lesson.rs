//! A lesson: the program that runs it, what it printed, and what was expected of it beside what is so.

mod layout;
mod transcript;

use async_workbook::timeline;
use quiz::Judgement;
use tokio::process::Command;

use crate::{
    course::{Chapter, Course, Prediction},
    grade::{Cargo, Executable, ExecutableError, Stage, Stages},
    text::{Line, Text, bad, good, link, plain, quiet, strong},
};

pub use layout::Layout;
pub use transcript::{Part, Transcript};

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
    command
        .current_dir(course.root())
        // A transcript draws its timelines.
        .env(timeline::VARIABLE, "json")
        .kill_on_drop(true);
    Ok(Lesson {
        command,
        warnings: built.warnings,
    })
}

/// Judges what was expected of a lesson.
#[must_use]
pub fn judge(prediction: &Prediction, given: &str) -> Judgement {
    let all = std::iter::once(&prediction.answer).chain(&prediction.alternatives);
    quiz::judge(all, given)
}

/// What was expected beside what is so, and why; then what the chapter is about, and what comes next.
#[must_use]
pub fn compared(chapter: &Chapter, given: Option<&str>) -> Text {
    let Prediction { answer, why, .. } = &chapter.prediction;
    let (lead, given) = match given.map(|given| (given, judge(&chapter.prediction, given))) {
        None => (strong("It is "), None),
        Some((_, Judgement::Right)) => (good("Right: "), None),
        Some((given, Judgement::Wrong | Judgement::Unclear(_))) => {
            (bad("Not quite: "), Some(given))
        }
    };
    let mut text = Text::default();
    if let Some(given) = given {
        text.add(Text::under(quiet("You expected "), quiet(given)));
    }
    let answer = answer.trim_end_matches('.');
    text.add(Text::under(lead, format!("{answer}. {why}").as_str()));
    text.blank();
    text.add(Text::words(&chapter.idea));
    let stub = chapter.stub().display().to_string().replace('\\', "/");
    text.line(Line::from(plain("Now it's your turn: ")).and(link(&stub)));
    text
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn gather() -> Chapter {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let course = Course::open(root).expect("this is the workbook");
        course.chapter("03").expect("it is there").clone()
    }

    fn said(given: Option<&str>) -> String {
        compared(&gather(), given).to_plain(100)
    }

    #[test]
    fn a_right_expectation_is_right_however_it_is_written() {
        for right in ["500 ms", "0.5", "Half a second", "about 0.5 s", "~500ms"] {
            assert!(
                said(Some(right)).starts_with("Right: 0.5 s. All three"),
                "{right}"
            );
        }
    }

    #[test]
    fn a_wrong_one_is_told_what_is_so_and_why() {
        let wrong = said(Some("1 s"));
        assert!(
            wrong.starts_with(
                "You expected 1 s\nNot quite: 0.5 s. All three bars start at 0, so only the longest counts.\n"
            ),
            "{wrong}"
        );
        assert!(said(None).starts_with("It is 0.5 s. All three bars"));
    }
}
