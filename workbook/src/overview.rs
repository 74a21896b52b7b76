//! The chapters at a glance, and the next step.

use std::iter;

use clap::ValueEnum;

use crate::{
    console::Output,
    context::Context,
    course::{Chapter, Course},
    error::Error,
    progress::{Status, open_task},
    report,
    text::Text,
};

/// Prints the chapters that say `search` and are to be shown, as a table, and the next step.
///
/// # Errors
///
/// The course cannot be read, or the table not be written.
pub fn print(search: Option<&str>, show: Show) -> Result<(), Error> {
    let context = Context::open_and_tell()?;
    let out = Output::open();
    let mut text = report::welcome();
    text.blank();
    let chapters = context.course.chapters().iter();
    let statuses: Vec<_> = chapters.map(|chapter| context.statuses(chapter)).collect();
    let search = search.unwrap_or_default();
    let selected = selected(&context.course, &statuses, search, show);
    for (chapter, statuses) in &selected {
        text.add(report::chapter_line(chapter, statuses, &out.style));
    }
    if selected.is_empty() {
        text.line("  no chapter matches");
    }
    text.blank();
    text.add(Text::kept(&next_step(&context)));
    out.print(text)?;
    Ok(())
}

/// Which chapters are shown.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum Show {
    /// All of them.
    #[default]
    All,
    /// Those with a task that is not passed.
    Open,
    /// Those that are passed.
    Passed,
}

/// The chapters that say `search` and are to be shown, with where their tasks stand; `statuses` says so of
/// all chapters, in order.
#[must_use]
pub fn selected<'a>(
    course: &'a Course,
    statuses: &'a [Vec<Status>],
    search: &str,
    show: Show,
) -> Vec<(&'a Chapter, &'a [Status])> {
    let search = search.to_lowercase();
    let says = |chapter: &Chapter| {
        [&chapter.slug, &chapter.title, &chapter.idea]
            .into_iter()
            .any(|text| text.to_lowercase().contains(&search))
    };
    iter::zip(course.chapters(), statuses)
        .map(|(chapter, statuses)| (chapter, statuses.as_slice()))
        .filter(|(chapter, statuses)| {
            let passed = statuses.iter().all(|status| *status == Status::Passed);
            says(chapter)
                && match show {
                    Show::All => true,
                    Show::Open => !passed,
                    Show::Passed => passed,
                }
        })
        .collect()
}

/// What to do next, and the command for it.
#[must_use]
pub fn next_step(context: &Context) -> String {
    let Some(chapter) = context.progress.current(&context.course) else {
        return String::new();
    };
    let statuses = context.statuses(chapter);
    let (slug, number) = (&chapter.slug, chapter.number());
    if statuses.iter().all(|status| *status == Status::Passed) {
        return match context.progress.next(&context.course, slug) {
            Some(next) => format!(
                "Chapter {number} is passed. On to {} {}: `cargo run -- next`",
                next.number(),
                next.title
            ),
            None => {
                "Every task is passed. What is left is to measure what it gains: `cargo bench`."
                    .into()
            }
        };
    }
    let task = &open_task(chapter, &statuses).name;
    format!(
        "Next: chapter {number}, task `{task}`\n\n{}",
        first_steps(chapter)
    )
}

/// What a chapter has, and the command for each.
#[must_use]
pub fn first_steps(chapter: &Chapter) -> String {
    let (slug, number) = (&chapter.slug, chapter.number());
    format!(
        "  see it run    cargo run -- lesson {number}\n  \
         write it      exercises/{slug}.rs\n  \
         grade it      cargo run -- check {number}\n  \
         ask yourself  cargo run -- quiz {number}\n  \
         measure it    cargo bench -- {number}\n  \
         read it       cargo run -p book -- --open {number}"
    )
}
