//! The chapters with their state, and the next step.

use std::{io::Write, pin::pin};

use futures::StreamExt as _;

use crate::{
    command::{self, Error, Settings},
    course::{Chapter, Course},
    exit::Exit,
    grade::{Answer, Graded},
    report::{self, Look},
    verdict::Verdict,
};

/// Grades every chapter, and prints a line for each and what to do next.
///
/// # Cancel safety
///
/// Dropping this stops cargo and every running answer.
pub async fn run(settings: &Settings) -> Exit {
    settings.choose_colours();
    command::until_interrupted(list(settings, &mut anstream::stdout())).await
}

async fn list(settings: &Settings, out: &mut impl Write) -> Result<Exit, Error> {
    let course = Course::here()?;
    let answers: Vec<_> = course.chapters().iter().map(Answer::stub).collect();
    let grader = settings.grader(&course);
    let look = Look::detect();
    writeln!(out, "{}", report::welcome())?;

    let mut next = None;
    let mut all = pin!(grader.grade(&answers).await?);
    let mut chapters = course.chapters().iter();
    while let (Some(chapter), Some(graded)) = (chapters.next(), all.next().await) {
        let graded = graded?;
        writeln!(out, "{}", report::chapter_line(chapter, &graded, &look))?;
        if next.is_none() {
            next = next_task(&graded).map(|task| (chapter, task));
        }
    }
    writeln!(out, "\n{}", next_step(next.as_ref()))?;
    Ok(Exit::Passed)
}

/// The first task that is not passed, and what is to be done with it.
fn next_task(graded: &Graded) -> Option<String> {
    let grade = graded
        .grades
        .iter()
        .find(|grade| grade.verdict != Verdict::Passed)?;
    Some(match &grade.verdict {
        verdict if verdict.is_of_file() => {
            "whose file cannot be graded as it is: `grade it` says why".to_owned()
        }
        Verdict::NotStarted { .. } => format!("task `{}`", grade.task),
        _ => format!("task `{}`, which is not right yet", grade.task),
    })
}

fn next_step(next: Option<&(&Chapter, String)>) -> String {
    let Some((chapter, task)) = next else {
        return "Every task is passed. What is left is to measure what it gains: `cargo bench`."
            .into();
    };
    let (slug, number) = (&chapter.slug, chapter.number());
    format!(
        "Next: chapter {number}, {task}\n\
         \n  see it run    cargo run --example {slug}\
         \n  write it      exercises/{slug}.rs\
         \n  grade it      cargo test -p exercises -- {number}\
         \n  measure it    cargo bench -- {number}\
         \n  read it       book/src/{slug}.md"
    )
}
