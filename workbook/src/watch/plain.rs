//! Grades what is saved, and says so in lines: for screen readers, logs, problem matchers, and terminals that can do nothing
//! but print.

use std::pin::pin;

use super::Saves;
use crate::{
    console::Output,
    context::Context,
    course::Chapter,
    error::Error,
    exit::Exit,
    grade::{AnswerFile, GradeError, Graded, Recompiler, Stage, Stages},
    interrupt, progress,
    report::{model::ChapterReport, plain},
    saves::{self, Exercises, Saved},
    settings::Settings,
    text::Text,
};

/// Grades the current chapter, and then whatever is saved, until somebody presses Ctrl-C.
///
/// # Cancel safety
///
/// Dropping this ends all that runs.
pub async fn run(saves: Saves, settings: &Settings) -> Exit {
    interrupt::until_interrupted(watch(saves, settings)).await
}

async fn watch(saves: Saves, settings: &Settings) -> Result<Exit, Error> {
    let mut context = Context::open_and_tell()?;
    let course = context.course.clone();
    let mut grader = settings.grader(&course);
    // One file is saved again and again.
    grader.recompiler = Some(Recompiler::default());
    let mut exercises = Exercises::new(&course, saves == Saves::ByPolling);
    let out = Output::open();
    let say = |text: &str| out.print(Text::kept(&format!("workbook: {text}")));

    say("watching exercises/, press Ctrl-C to end")?;
    if saves == Saves::ByEvents
        && let Err(why) = saves::events_come(&course).await
    {
        say(&format!(
            "looking at the files four times a second, because {why}"
        ))?;
        exercises.poll_from_now_on();
    }
    let mut chapter = context.chapter(None)?;
    loop {
        // A problem matcher takes these lines for the beginning and the end of what was found.
        say(&format!("grading {}", chapter.stub().display()))?;
        let (stages, mut stage) = Stages::channel();
        grader.cargo.stages = stages;
        let graded = {
            let mut grading = pin!(grader.grade_one(AnswerFile::of_chapter(&chapter)));
            loop {
                tokio::select! {
                    biased;
                    graded = &mut grading => break Ok(graded),
                    saved = exercises.saved() => break Err(saved),
                    Ok(()) = stage.changed() => {
                        if *stage.borrow_and_update() == Stage::Waiting {
                            say("waiting for another cargo to finish")?;
                        }
                    }
                }
            }
        };
        let saved = match graded {
            Ok(graded) => {
                say(&told(&mut context, &chapter, graded, &out)?)?;
                exercises.saved().await
            }
            Err(saved) => {
                say("stopped, because an exercise was saved meanwhile")?;
                saved
            }
        };
        if let [.., Saved { chapter: last, .. }] = saved[..] {
            chapter = course.chapters()[last].clone();
        }
    }
}

/// Says what was found, keeps it, and returns it in a few words.
fn told(
    context: &mut Context,
    chapter: &Chapter,
    graded: Result<Graded, GradeError>,
    out: &Output,
) -> Result<String, Error> {
    let graded = match graded {
        Ok(graded) => graded,
        // The next save may find it mended.
        Err(error) => return Ok(format!("nothing was graded: {error}")),
    };
    let found = ChapterReport::new(chapter, &graded, &context.progress);
    let now = progress::now();
    context.remember(|progress| progress.record(chapter, &graded, now));
    out.print(Text::kept(&plain::lines(&found).join("\n")))?;
    Ok(format!("{}; save to grade again", found.tally().text()))
}
