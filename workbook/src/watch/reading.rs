//! What a key asks for and what stands on the disk. It is read on a thread of its own, since a disk may take longer
//! than a key may wait.

use std::{fs, path::PathBuf};

use ::quiz::Question;
use async_workbook::verdict::{Place, Verdict};
use tokio::task::JoinHandle;

use crate::{
    course::{Chapter, Course},
    editor::Editor,
    page,
    progress::Progress,
    questions,
    search::Index,
    solution,
};

/// What is being read. If it is dropped, nobody is told of it.
#[derive(Debug)]
pub(super) struct OffTheLoop<T>(JoinHandle<T>);

/// What a key asked for is being read.
pub(super) type Reading = OffTheLoop<Read>;

/// The pages are being read, to be searched.
pub(super) type Indexing = OffTheLoop<Index>;

/// What was read.
#[expect(
    clippy::large_enum_variant,
    reason = "it is handed over once and taken apart"
)]
#[derive(Debug)]
pub(super) enum Read {
    /// The questions of a chapter, or those that came back.
    Questions(Option<Chapter>, Vec<Question>),
    /// A page of the book, and the anchor of the section to begin at.
    Page {
        title: String,
        text: String,
        section: Option<String>,
    },
    /// A reference solution.
    Solution { title: String, text: String },
    /// The editor, and the line to open the exercise at.
    Editor {
        editor: Editor,
        file: PathBuf,
        line: Option<u32>,
    },
    /// There is nothing to show, and why.
    Nothing(String),
}

impl Reading {
    /// Reads the questions of a chapter.
    pub(super) fn questions(course: &Course, chapter: &Chapter) -> Self {
        let (course, chapter) = (course.clone(), chapter.clone());
        Self::start(move || match questions::of_chapter(&course, &chapter) {
            Ok(questions) => Read::Questions(Some(chapter), questions),
            Err(error) => Read::Nothing(error.to_string()),
        })
    }

    /// Reads the questions that are due.
    pub(super) fn due(course: &Course, progress: &Progress) -> Self {
        let (course, progress) = (course.clone(), progress.clone());
        Self::start(move || {
            let now = questions::now();
            match questions::due(&course, &progress, now) {
                Ok(due) if due.is_empty() => Read::Nothing(questions::nothing_due(&progress, now)),
                Ok(due) => Read::Questions(None, due),
                Err(error) => Read::Nothing(error.to_string()),
            }
        })
    }

    /// Reads a page of the book, to be shown from this section on.
    pub(super) fn page(course: &Course, file: PathBuf, section: Option<String>) -> Self {
        let root = course.root().to_owned();
        Self::start(move || match page::read(&root.join(&file)) {
            Ok(text) => Read::Page {
                title: file.display().to_string(),
                text,
                section,
            },
            Err(error) => Read::Nothing(format!("cannot read {}: {error}", file.display())),
        })
    }

    /// Reads the reference solution of a chapter.
    pub(super) fn solution(course: &Course, chapter: &Chapter) -> Self {
        let (course, chapter) = (course.clone(), chapter.clone());
        Self::start(move || match solution::text(&course, &chapter) {
            Ok(text) => Read::Solution {
                title: chapter.solution().display().to_string(),
                text,
            },
            Err(error) => Read::Nothing(error.to_string()),
        })
    }

    /// Looks for an editor, and for the line of the exercise that is to be looked at: the one that the verdict on a
    /// task names, or else the one on which the task's function begins.
    pub(super) fn editor(
        course: &Course,
        chapter: &Chapter,
        of: Option<(String, Verdict)>,
    ) -> Self {
        let (root, chapter) = (course.root().to_owned(), chapter.clone());
        Self::start(move || {
            let Some(editor) = Editor::find() else {
                return Read::Nothing("no editor found: set VISUAL or EDITOR, or put `code`, `vi` or `nano` on your PATH".into());
            };
            let files = chapter
                .files(&root)
                .unwrap_or_else(|_| vec![chapter.stub()]);
            let place = of.and_then(|(task, verdict)| {
                let mut all = files.iter();
                let named = all.find_map(|file| {
                    let shown = file.display().to_string().replace('\\', "/");
                    Some((file, line_named(&verdict, &shown)?))
                });
                let defined = |file| {
                    let text = fs::read_to_string(root.join(file)).ok()?;
                    Some((file, line_of_function(&text, &task)?))
                };
                named.or_else(|| files.iter().find_map(defined))
            });
            let file = root.join(place.map_or(&files[0], |(file, _)| file));
            let line = place.map(|(_, line)| line);
            Read::Editor { editor, file, line }
        })
    }
}

impl<T: Send + 'static> OffTheLoop<T> {
    /// Reads on a thread of its own.
    pub(super) fn start(read: impl FnOnce() -> T + Send + 'static) -> Self {
        Self(tokio::task::spawn_blocking(read))
    }

    /// Waits until it is read.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost if this is dropped.
    pub(super) async fn read(&mut self) -> T {
        match (&mut self.0).await {
            Ok(read) => read,
            // It is never aborted.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}

/// The line of the exercise that a verdict names.
fn line_named(verdict: &Verdict, stub: &str) -> Option<u32> {
    match verdict {
        Verdict::NotStarted { at, .. }
        | Verdict::Untouched { at }
        | Verdict::Panicked { at, .. } => {
            let Place { file, line } = at;
            (file == stub).then_some(*line)
        }
        // `  --> exercises/03_gather.rs:27:5`, in whatever colours.
        Verdict::DoesNotCompile { error, .. } => {
            let (_, after) = error.split_once(&format!("{stub}:"))?;
            let digits = after.split(|c: char| !c.is_ascii_digit()).next()?;
            digits.parse().ok()
        }
        _ => None,
    }
}

/// The line on which a function begins, counted from one; or else the type that a task is named for: `Limited`, of
/// `limited`.
fn line_of_function(text: &str, task: &str) -> Option<u32> {
    let type_name = task.replace('_', "");
    let begins = |line: &str| {
        let words: Vec<&str> = line
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .collect();
        words.windows(2).any(|pair| {
            pair == ["fn", task] || pair[0] == "struct" && pair[1].to_lowercase() == type_name
        })
    };
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let line = text
        .lines()
        .position(|line| is_code(&line) && begins(line))?;
    u32::try_from(line + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exercise_is_opened_where_its_task_begins() {
        let text = "/// fn fetch_all\nuse a;\n\npub async fn fetch_all_parallel() {}\npub async fn fetch_all<T>(\n    a: T,\n) {}\npub struct LimitedClient {}\n";
        assert_eq!(line_of_function(text, "fetch_all"), Some(5));
        assert_eq!(line_of_function(text, "fetch_all_parallel"), Some(4));
        assert_eq!(line_of_function(text, "limited_client"), Some(8));
        assert_eq!(line_of_function(text, "missing"), None);
    }

    #[test]
    fn an_exercise_is_opened_where_the_verdict_points() {
        let compile = |error: &str| Verdict::DoesNotCompile {
            error: error.into(),
            in_hidden_tests: false,
        };
        let stub = "exercises/03_gather.rs";
        let error = compile("error\n  \u{1b}[94m--> \u{1b}[0mexercises/03_gather.rs:27:5\n");
        assert_eq!(line_named(&error, stub), Some(27));
        assert_eq!(line_named(&compile("error"), stub), None);
        let panicked = |file: &str| Verdict::Panicked {
            message: String::new(),
            at: Place {
                file: file.into(),
                line: 3,
            },
            timeline: async_workbook::timeline::Timeline::default(),
        };
        assert_eq!(line_named(&panicked(stub), stub), Some(3));
        assert_eq!(line_named(&panicked("library.rs"), stub), None);
    }

    #[test]
    fn every_task_of_every_exercise_is_found() {
        let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        for chapter in Course::open(root).expect("read the course").chapters() {
            let text = fs::read_to_string(root.join(chapter.original())).expect("read a stub");
            for task in &chapter.tasks {
                let line = line_of_function(&text, &task.name);
                assert!(line.is_some(), "{}: {}", chapter.slug, task.name);
            }
        }
    }
}
