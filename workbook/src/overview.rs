//! The chapters at a glance, and the next step.

use async_workbook::timeline::Style;
use clap::ValueEnum;

use crate::{
    console::Output,
    context::Context,
    course::{Chapter, Course},
    error::Error,
    progress::{Status, open_task},
    report,
    search::{Hit, Index, Kind},
    text::{Text, plain, quiet},
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
    // A search is worth reading the pages for.
    let hits = (!search.is_empty()).then(|| Index::read(&context.course).find(search));
    let selected = selected(&context.course, &statuses, hits.as_deref(), show);
    for row in &selected {
        text.add(report::chapter_line(row.chapter, row.statuses, &out.style));
        let hit = row.hit.filter(|hit| hit.kind != Kind::Chapter);
        if let Some(hit) = hit {
            let found = hit.excerpt(search, out.style.width.saturating_sub(7));
            text.add(Text::under(plain("     "), quiet(found)));
        }
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

/// A chapter that is shown.
#[derive(Debug)]
pub struct Row<'a> {
    /// The chapter.
    pub chapter: &'a Chapter,
    /// Where its tasks stand.
    pub statuses: &'a [Status],
    /// What a search found in it.
    pub hit: Option<&'a Hit>,
}

/// The chapters that are to be shown, with where their tasks stand; `statuses` says so of all chapters, in order. After a
/// search, they are those of its hits, in their order.
#[must_use]
pub fn selected<'a>(
    course: &'a Course,
    statuses: &'a [Vec<Status>],
    hits: Option<&'a [Hit]>,
    show: Show,
) -> Vec<Row<'a>> {
    let row = |position: usize, hit| Row {
        chapter: &course.chapters()[position],
        statuses: &statuses[position],
        hit,
    };
    let mut rows: Vec<Row<'a>> = match hits {
        None => (0..statuses.len())
            .map(|position| row(position, None))
            .collect(),
        Some(hits) => hits.iter().map(|hit| row(hit.chapter, Some(hit))).collect(),
    };
    rows.retain(|row| {
        let passed = row.statuses.iter().all(|status| *status == Status::Passed);
        match show {
            Show::All => true,
            Show::Open => !passed,
            Show::Passed => passed,
        }
    });
    rows
}

/// That a chapter is passed now, how far the course is, and what to do next.
#[must_use]
pub fn passed(context: &Context, chapter: &Chapter, style: &Style) -> Text {
    let Context {
        course, progress, ..
    } = context;
    let (title, number) = (&chapter.title, chapter.number());
    let said = format!("{number} {title} is passed.");
    let mut text = report::passed_text(&said, course, progress, style);
    if let Some(next) = progress.next(course, &chapter.slug) {
        let (next, title) = (next.number(), &next.title);
        text.line(format!(
            "  cargo run -- next {next}      goes on to {next} {title}"
        ));
    }
    text.line(format!(
        "  cargo run -- quiz {number}      asks its questions"
    ));
    text.line(format!(
        "  cargo run -- solution {number}  shows the reference solution"
    ));
    text.line(format!(
        "  cargo bench -- {number}         measures what it gains"
    ));
    text
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
            None => "Every task is passed. To measure what it all gains, run `cargo bench`.".into(),
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
