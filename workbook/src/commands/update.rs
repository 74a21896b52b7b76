//! `workbook update`: the newest version of the course, and every word of the learner's still there.

use std::{
    collections::BTreeSet,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    pin::pin,
};

use clap::Parser;
use tokio::task;

use crate::{
    console::Output,
    course::{Chapter, Course},
    error::Error,
    exit::Exit,
    interrupt::{asked_to_end, exit_of},
    text::{Text, bad, good, plain, quiet},
    update::{Change, Touched, fetch, from_folder, from_remote},
};

/// Brings the workbook up to date, and merges your answers with the new stubs.
#[derive(Clone, Debug, Parser)]
#[command(after_help = "\
Whatever you wrote is copied to .workbook/kept before its file is changed.

Examples:
  cargo run -- update                     fetches with git, and merges
  cargo run -- update --branch autumn     the same, from this branch
  cargo run -- update --from ../old       without git: brings your answers from an older copy

Exit status: 0 if all is merged, 1 if a file needs you, 3 if nothing could be done.")]
pub struct Update {
    /// The branch of the remote to take the new version from.
    #[arg(long, value_name = "NAME", conflicts_with = "from")]
    branch: Option<String>,
    /// A folder with an older workbook, whose answers and progress are brought here.
    #[arg(long, value_name = "FOLDER")]
    from: Option<PathBuf>,
}

impl Update {
    /// Updates, and says what became of each file that was changed on both sides.
    pub async fn run(self) -> Exit {
        let Self { branch, from } = self;
        exit_of(match from {
            Some(folder) => on_its_own_thread(move || bring(&folder)).await,
            None => update(branch).await,
        })
    }
}

async fn update(branch: Option<String>) -> Result<Exit, Error> {
    // The course itself isn't read: an update may be what mends it.
    let root = Course::root_here()?;
    let before = chapters(&root);
    let news = {
        let root = root.clone();
        on_its_own_thread(move || Ok(fetch(&root, branch.as_deref())?)).await?
    };
    let out = Output::open();
    if news.commits == 0 {
        out.print(format!("Nothing newer at {}: you're up to date.", news.url))?;
        return Ok(Exit::Passed);
    }
    let asked_to_end = asked_to_end();
    let updated = {
        let (root, news) = (root.clone(), news.clone());
        let mut updating = pin!(on_its_own_thread(move || Ok(from_remote(&root, &news)?)));
        tokio::select! {
            updated = &mut updating => updated?,
            // Half of the files would be written: the other half comes first.
            () = asked_to_end => updating.await?,
        }
    };
    let commits = match news.commits {
        1 => "One new commit".to_owned(),
        commits => format!("{commits} new commits"),
    };
    let mut text = Text::from(format!("{commits} from {}.", news.url));
    for touched in &updated.touched {
        text.add(told(touched));
    }
    let known: BTreeSet<_> = before.iter().map(|chapter| &chapter.slug).collect();
    for chapter in chapters(&root) {
        if !known.contains(&chapter.slug) {
            let (number, title) = (chapter.number(), &chapter.title);
            text.add(format!("New: chapter {number}, {title}."));
        }
    }
    finish(&out, text, &updated.touched)
}

fn bring(folder: &Path) -> Result<Exit, Error> {
    let course = Course::here()?;
    let brought = from_folder(&course, folder)?;
    let out = Output::open();
    let shown = folder.display();
    let mut text = Text::from(match brought.answers.len() {
        0 => format!("No answer in {shown} differs from what is here."),
        1 => format!("One answer from {shown}."),
        answers => format!("{answers} answers from {shown}."),
    });
    for touched in &brought.answers {
        text.add(told(touched));
    }
    if brought.progress {
        text.add("Your progress is here, too.".to_owned());
    }
    finish(&out, text, &brought.answers)
}

fn finish(out: &Output, mut text: Text, touched: &[Touched]) -> Result<Exit, Error> {
    let needs_you = touched
        .iter()
        .any(|touched| matches!(touched.change, Change::Conflicts(_) | Change::LeftAlone));
    text.add(String::new());
    text.add(match needs_you {
        true => "Settle the files marked above, then run `cargo run`.".to_owned(),
        false => "Go on with `cargo run`.".to_owned(),
    });
    out.print(text)?;
    Ok(if needs_you {
        Exit::Failed
    } else {
        Exit::Passed
    })
}

/// What became of a file, in a sentence or two.
fn told(touched: &Touched) -> Text {
    let Touched { file, change, kept } = touched;
    let shown = |file: &Path| file.display().to_string().replace('\\', "/");
    let file = shown(file);
    let (sign, mut words) = match change {
        Change::Merged => (
            good("+"),
            "has your changes and those of the new version.".to_owned(),
        ),
        Change::Conflicts(places) => (
            bad("!"),
            format!(
                "was changed by you and by the new version in the same place ({}). Both are there, yours first, between \
                 `<<<<<<<` and `>>>>>>>`: keep what you want, and delete the marks.",
                lines(places)
            ),
        ),
        Change::Replaced => (
            quiet("~"),
            "is the new one: you and the new version had changed the same lines.".to_owned(),
        ),
        Change::Removed => (quiet("-"), "is no longer part of the workbook.".to_owned()),
        Change::StillDeleted => (
            quiet("-"),
            format!(
                "is new, but stays deleted, as you left it; `git checkout HEAD -- {file}` brings it back."
            ),
        ),
        Change::LeftAlone => (
            bad("!"),
            "has an answer here already, which is left as it is.".to_owned(),
        ),
    };
    if let Some(kept) = kept {
        words += &format!(" Your version is in {}.", shown(kept));
    }
    Text::under([sign, plain(" ")], format!("{file} {words}").as_str())
}

fn lines(places: &[RangeInclusive<usize>]) -> String {
    let places = places
        .iter()
        .map(|place| format!("lines {} to {}", place.start(), place.end()));
    places.collect::<Vec<_>>().join(", ")
}

/// The chapters, if their files can be read.
fn chapters(root: &Path) -> Vec<Chapter> {
    Course::open(root).map_or_else(|_| Vec::new(), |course| course.chapters().to_vec())
}

/// Runs what waits for git and for the disk where it keeps nothing else waiting.
async fn on_its_own_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let done = task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}
