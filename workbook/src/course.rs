//! The chapters of the course, read from their files.
//!
//! Each folder in `exercises/hidden` is a chapter, and its name is the chapter's slug (`03_gather`). What the chapter
//! is called, and what its tasks are, is beside the hidden tests in `exercises/hidden/03_gather/chapter.toml`.

mod files;

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use async_workbook::verdict::Fault;
pub use files::{MOST_FILES, ROOT, files_of};
use serde::Deserialize;

/// A clone of the workbook on disk.
#[derive(Clone, Debug)]
pub struct Course {
    root: PathBuf,
    chapters: Vec<Chapter>,
}

/// One chapter.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Chapter {
    /// The name of all of its files: `03_gather`.
    pub slug: String,
    /// Whether an answer to it is a folder with several files, rather than one file.
    pub is_folder: bool,
    /// What it is called.
    pub title: String,
    /// What it teaches, in one line.
    pub idea: String,
    /// What the learner is asked before the lesson runs.
    pub prediction: Prediction,
    /// Which code the output of the lesson comes from, and what its words mean.
    pub lesson: Lesson,
    /// Why an answer to it may never come to an end.
    pub causes: Causes,
    /// Words that a learner may look for it by and that its page may not say: names in other languages, and what
    /// error messages say.
    pub found_by: Vec<String>,
    /// Its tasks, in the order in which they are to be solved.
    pub tasks: Vec<Task>,
}

/// Why an answer to a chapter may never come to an end, the likeliest causes first.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Causes {
    /// Of waiting for what never comes.
    pub stuck: Vec<String>,
    /// Of being stopped by the wall clock.
    pub never_returned: Vec<String>,
}

/// What the learner is asked before the lesson runs, and what the lesson then shows.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Prediction {
    /// The question: how long, how many, or what.
    pub question: String,
    /// What is right: a duration (`0.5 s`), a number, or a word.
    pub answer: String,
    /// Other ways to write it.
    #[serde(default)]
    pub alternatives: Vec<String>,
    /// The part of the lesson's output, on the virtual clock, that shows it.
    pub shown: String,
    /// Why it is right, for whoever expected something else: a sentence or two that point at the output.
    pub why: String,
}

/// What a reader needs beside the output of a lesson.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Lesson {
    /// The code that matters, each piece with the part of the output that it is shown with.
    pub code: Vec<Code>,
    /// The words in the output that the chapter made up.
    #[serde(default)]
    pub terms: Vec<Term>,
}

/// A piece of code of a lesson.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// It is shown with the output from the first line on that holds this.
    pub with: String,
    /// The anchor around it.
    pub anchor: String,
    /// Its file, from the root of the workbook; the lesson's own, if none is named.
    pub file: Option<PathBuf>,
}

/// A word in the output of a lesson.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The word.
    pub word: String,
    /// What it means there.
    pub means: String,
}

/// One task of a chapter's exercise.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The name of the function to write.
    pub name: String,
    /// What is to be done, in one line. In a bug hunt, what the function is for: what is wrong with it is to be found.
    pub goal: String,
    /// The misconception that the function comes with, if it comes without a hole and with a fault that is to be found.
    pub planted: Option<String>,
    /// What its hidden tests prove of code that passes, in a sentence.
    pub proved: String,
    /// What helps to solve it, from a nudge to all but the code.
    pub hints: Vec<String>,
    /// How much it counts for a teacher who gives points.
    #[serde(default = "one_point")]
    pub points: u32,
}

fn one_point() -> u32 {
    1
}

impl Course {
    /// Reads the course that the current folder belongs to.
    ///
    /// # Errors
    ///
    /// No folder from here upwards holds the workbook, or one of the course's files is broken.
    pub fn here() -> Result<Self, CourseError> {
        Self::open(&Self::root_here()?)
    }

    /// The folder of the workbook that the current folder belongs to, whatever is in the course's files.
    ///
    /// # Errors
    ///
    /// No folder from here upwards holds the workbook.
    pub fn root_here() -> Result<PathBuf, CourseError> {
        // Under `cargo run` and `cargo test` the current folder may be a member's, or anywhere else
        // when a manifest was named; cargo tells where the package is.
        let start = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(package) => PathBuf::from(package),
            None => env::current_dir().map_err(CourseError::read("."))?,
        };
        let root = start
            .ancestors()
            .find(|folder| folder.join(CONTENTS).is_dir())
            .ok_or(CourseError::NotFound {
                start: start.clone(),
            })?;
        Ok(root.to_owned())
    }

    /// Reads the course in the folder `root`.
    ///
    /// # Errors
    ///
    /// One of the course's files is missing or broken.
    pub fn open(root: &Path) -> Result<Self, CourseError> {
        let mut chapters = slugs_in(&root.join(CONTENTS))
            .map_err(CourseError::read(CONTENTS))?
            .into_iter()
            .map(|slug| Chapter::read(root, slug))
            .collect::<Result<Vec<_>, _>>()?;
        chapters.sort_by(|a, b| a.slug.cmp(&b.slug));
        Ok(Self {
            root: root.to_owned(),
            chapters,
        })
    }

    /// The folder that holds the workbook.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// All chapters, in order.
    #[must_use]
    pub fn chapters(&self) -> &[Chapter] {
        &self.chapters
    }

    /// The one chapter that `filter` names.
    ///
    /// # Errors
    ///
    /// It names no chapter, or several.
    pub fn chapter(&self, filter: &str) -> Result<&Chapter, CourseError> {
        match self.select(&[filter.to_owned()])?[..] {
            [chapter] => Ok(chapter),
            ref several => Err(CourseError::Ambiguous {
                filter: filter.to_owned(),
                found: slugs(several.iter().copied()),
            }),
        }
    }

    /// The chapters that `filters` name, in order; all of them if there is no filter.
    ///
    /// A filter is a part of a slug: `03`, `gather`, `03_gather`.
    ///
    /// # Errors
    ///
    /// A filter names no chapter.
    pub fn select(&self, filters: &[String]) -> Result<Vec<&Chapter>, CourseError> {
        if let Some(filter) = filters
            .iter()
            .find(|filter| !self.chapters.iter().any(|chapter| chapter.matches(filter)))
        {
            return Err(match self.closest_to(filter) {
                Some(chapter) => CourseError::Misspelt {
                    filter: filter.clone(),
                    closest: chapter.slug.clone(),
                },
                None => CourseError::NoSuchChapter {
                    filter: filter.clone(),
                    known: slugs(&self.chapters),
                },
            });
        }
        Ok(self
            .chapters
            .iter()
            .filter(|chapter| {
                filters.is_empty() || filters.iter().any(|filter| chapter.matches(filter))
            })
            .collect())
    }
}

impl Course {
    /// The chapter whose exercise this file is, or is a part of, by whatever path it is reached.
    #[must_use]
    pub fn chapter_of(&self, file: &Path) -> Option<&Chapter> {
        let file = file.canonicalize().ok()?;
        self.chapters.iter().find(|chapter| {
            let files = chapter.files(&self.root).unwrap_or_default();
            let paths = files.iter().map(|file| self.root.join(file).canonicalize());
            paths.flatten().any(|path| path == file)
        })
    }

    /// The chapter whose slug or name is written most like `filter`, if any is written like it at all.
    fn closest_to(&self, filter: &str) -> Option<&Chapter> {
        // Below this, what is alike is alike by chance.
        const ALIKE: f64 = 0.75;
        let filter = filter.to_lowercase();
        let likeness = |chapter: &Chapter| {
            let (slug, name) = (chapter.slug.as_str(), chapter.name());
            strsim::jaro_winkler(&filter, slug).max(strsim::jaro_winkler(&filter, name))
        };
        let all = self.chapters.iter();
        let (closest, likeness) = all
            .map(|chapter| (chapter, likeness(chapter)))
            .max_by(|(_, a), (_, b)| a.total_cmp(b))?;
        (likeness >= ALIKE).then_some(closest)
    }
}

impl Chapter {
    fn read(root: &Path, slug: String) -> Result<Self, CourseError> {
        let file: ChapterFile = read_toml(root, &format!("{CONTENTS}/{slug}/chapter.toml"))?;
        Ok(Self {
            is_folder: root.join("exercises/original").join(&slug).is_dir(),
            slug,
            title: file.title,
            idea: file.idea,
            prediction: file.prediction,
            lesson: file.lesson,
            causes: file.causes,
            found_by: file.found_by,
            tasks: file.tasks,
        })
    }

    /// The lesson, from the root of the workbook.
    #[must_use]
    pub fn example(&self) -> PathBuf {
        Path::new("examples").join(format!("{}.rs", self.slug))
    }

    /// The file in which the learner works, from the root of the workbook: the root of the others, if there are several.
    #[must_use]
    pub fn stub(&self) -> PathBuf {
        self.root_in("exercises")
    }

    /// The folder in which the learner works, from the root of the workbook, if an answer has several files.
    #[must_use]
    pub fn folder(&self) -> Option<PathBuf> {
        self.folder_in("exercises")
    }

    /// All files in which the learner works, from the root of the workbook; the [`stub`](Self::stub) comes first.
    ///
    /// # Errors
    ///
    /// As those of [`files_of`].
    pub fn files(&self, root: &Path) -> io::Result<Vec<PathBuf>> {
        files_of(root, &self.stub(), self.folder().as_deref())
    }

    /// All files of the exercise as it came, from the root of the workbook; the [`original`](Self::original) comes first.
    ///
    /// # Errors
    ///
    /// As those of [`files_of`].
    pub fn original_files(&self, root: &Path) -> io::Result<Vec<PathBuf>> {
        let folder = self.folder_in("exercises/original");
        files_of(root, &self.original(), folder.as_deref())
    }

    /// The root of an answer that stands in `parent`.
    fn root_in(&self, parent: &str) -> PathBuf {
        match self.folder_in(parent) {
            Some(folder) => folder.join(ROOT),
            None => Path::new(parent).join(format!("{}.rs", self.slug)),
        }
    }

    fn folder_in(&self, parent: &str) -> Option<PathBuf> {
        self.is_folder.then(|| Path::new(parent).join(&self.slug))
    }

    /// The package that has its hidden tests as a library, and the learner's file as a test target.
    #[must_use]
    pub fn package(&self) -> String {
        format!("hidden-{}", self.name().replace('_', "-"))
    }

    /// The package that has its lesson as an example.
    #[must_use]
    pub fn lesson_package(&self) -> String {
        format!("lesson-{}", self.name().replace('_', "-"))
    }

    /// The stub as it came, from the root of the workbook.
    #[must_use]
    pub fn original(&self) -> PathBuf {
        self.root_in("exercises/original")
    }

    /// The reference solution, from the root of the workbook: the root of its files, if there are several.
    #[must_use]
    pub fn solution(&self) -> PathBuf {
        self.root_in("solutions")
    }

    /// All files of the reference solution, from the root of the workbook; the [`solution`](Self::solution) comes first.
    ///
    /// # Errors
    ///
    /// As those of [`files_of`].
    pub fn solution_files(&self, root: &Path) -> io::Result<Vec<PathBuf>> {
        let folder = self.folder_in("solutions");
        files_of(root, &self.solution(), folder.as_deref())
    }

    /// The page of the book, from the root of the workbook.
    #[must_use]
    pub fn page(&self) -> PathBuf {
        Path::new("book/src").join(format!("{}.md", self.slug))
    }

    /// The questions, from the root of the workbook.
    #[must_use]
    pub fn quiz(&self) -> PathBuf {
        Path::new("quiz").join(format!("{}.toml", self.slug))
    }

    /// The chapter's two digits: `03`.
    #[must_use]
    pub fn number(&self) -> &str {
        self.slug.split('_').next().unwrap_or(&self.slug)
    }

    /// The slug without its number: `gather`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.slug
            .split_once('_')
            .map_or(&self.slug, |(_, name)| name)
    }

    /// Whether its stub compiles and works, and has faults that are to be found. A task without a planted fault is
    /// then sound as it comes.
    #[must_use]
    pub fn is_bug_hunt(&self) -> bool {
        is_bug_hunt(&self.tasks)
    }

    /// How much a task counts for a teacher who gives points; nothing, if it is none of the chapter's.
    #[must_use]
    pub fn points(&self, task: &str) -> u32 {
        let mut tasks = self.tasks.iter();
        let task = tasks.find(|own| own.name == task);
        task.map_or(0, |task| task.points)
    }

    /// The section of the book that explains a fault, from the root of the workbook.
    #[must_use]
    pub fn section(&self, fault: &Fault) -> String {
        format!("book/src/{}.md#{}", self.slug, fault.anchor())
    }

    fn matches(&self, filter: &str) -> bool {
        self.slug.contains(filter)
    }
}

/// Whether these are the tasks of a [bug hunt](Chapter::is_bug_hunt).
pub(crate) fn is_bug_hunt(tasks: &[Task]) -> bool {
    tasks.iter().any(|task| task.planted.is_some())
}

fn slugs<'a>(chapters: impl IntoIterator<Item = &'a Chapter>) -> String {
    let slugs: Vec<_> = chapters
        .into_iter()
        .map(|chapter| chapter.slug.as_str())
        .collect();
    slugs.join(", ")
}

/// The folder that has a folder for each chapter, from the root of the workbook.
const CONTENTS: &str = "exercises/hidden";

/// The chapters in the table of contents. What has no number is none.
fn slugs_in(contents: &Path) -> io::Result<Vec<String>> {
    let mut slugs = Vec::new();
    for entry in fs::read_dir(contents)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(|first: char| first.is_ascii_digit()) && entry.path().is_dir() {
            slugs.push(name);
        }
    }
    Ok(slugs)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChapterFile {
    title: String,
    idea: String,
    prediction: Prediction,
    lesson: Lesson,
    causes: Causes,
    found_by: Vec<String>,
    #[serde(rename = "task")]
    tasks: Vec<Task>,
}

fn read_toml<T: serde::de::DeserializeOwned>(root: &Path, file: &str) -> Result<T, CourseError> {
    let text = fs::read_to_string(root.join(file)).map_err(CourseError::read(file))?;
    toml::from_str(&text).map_err(|source| CourseError::Parse {
        file: file.into(),
        source,
    })
}

/// Why the course could not be read.
#[derive(Debug, thiserror::Error)]
pub enum CourseError {
    /// This is not a clone of the workbook.
    #[error(
        "no workbook here: neither {} nor any folder above it contains {CONTENTS}; \
         go to the folder that you cloned, and type `cargo run`", .start.display()
    )]
    NotFound {
        /// Where the search began.
        start: PathBuf,
    },
    /// A file of the course cannot be read.
    #[error("cannot read {}: {source}; `git checkout -- {}` brings it back", .file.display(), .file.display())]
    Read {
        /// The file, from the root of the workbook.
        file: PathBuf,
        /// What the system says of it.
        source: io::Error,
    },
    /// A file of the course is not what it should be.
    #[error("cannot understand {}: {source}`git checkout -- {}` brings the original back", .file.display(), .file.display())]
    Parse {
        /// The file, from the root of the workbook.
        file: PathBuf,
        /// What the parser says of it.
        source: toml::de::Error,
    },
    /// A filter names several chapters, where one is asked for.
    #[error("`{filter}` matches several chapters: {found}; name one of them")]
    Ambiguous {
        /// What was asked for.
        filter: String,
        /// The slugs of those that it names.
        found: String,
    },
    /// There is no chapter at all.
    #[error("there are no chapters in {CONTENTS}; `git checkout -- {CONTENTS}` brings them back")]
    Empty,
    /// A filter is almost the name of a chapter.
    #[error("no chapter is called `{filter}`; did you mean `{closest}`?")]
    Misspelt {
        /// What was asked for.
        filter: String,
        /// The slug of the chapter whose name is closest to it.
        closest: String,
    },
    /// A filter names no chapter.
    #[error("no chapter is called `{filter}`; the chapters are: {known}")]
    NoSuchChapter {
        /// What was asked for.
        filter: String,
        /// The slugs of all chapters.
        known: String,
    },
}

impl CourseError {
    fn read(file: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let file = file.into();
        move |source| Self::Read { file, source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course() -> Course {
        Course::open(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")))
            .expect("this is the workbook")
    }

    #[test]
    fn a_chapter_is_found_by_its_number_or_its_name() {
        let course = course();
        for filter in ["03", "gather", "03_gather"] {
            let found = course.select(&[filter.into()]).expect("it exists");
            assert_eq!(found.len(), 1);
            assert_eq!((found[0].number(), found[0].name()), ("03", "gather"));
        }
        let all = course.select(&[]).expect("no filter can be wrong");
        assert_eq!(all.len(), course.chapters().len());
    }

    #[test]
    fn each_task_says_in_a_sentence_what_is_proved() {
        for chapter in course().chapters() {
            for task in &chapter.tasks {
                let (slug, name, proved) = (&chapter.slug, &task.name, &task.proved);
                assert!(proved.ends_with('.'), "{slug}: {name}: {proved}");
                // Two lines of a terminal, beside its label.
                let length = proved.chars().count();
                assert!((30..=180).contains(&length), "{slug}: {name}: {length}");
                let begins = proved.chars().next().is_some_and(char::is_uppercase);
                assert!(
                    begins || proved.starts_with('`'),
                    "{slug}: {name}: {proved}"
                );
            }
        }
    }

    #[test]
    fn an_unknown_filter_says_what_there_is() {
        let error = course()
            .select(&["99".into()])
            .expect_err("no such chapter");
        let text = error.to_string();
        assert!(
            text.contains("`99`") && text.contains("03_gather"),
            "{text}"
        );
    }

    #[test]
    fn a_typing_error_is_taken_for_one() {
        for (typed, meant) in [
            ("gahter", "03_gather"),
            ("Timeout", "05_timeouts"),
            ("semaphors", "06_semaphores"),
        ] {
            let error = course().select(&[typed.into()]).expect_err("no such name");
            let text = error.to_string();
            assert!(text.contains(&format!("did you mean `{meant}`?")), "{text}");
        }
    }

    #[test]
    fn a_folder_without_the_workbook_says_where_to_go() {
        let empty = tempfile::tempdir().expect("the system has a temporary folder");
        let error = Course::open(empty.path()).expect_err("it is empty");
        assert!(error.to_string().contains(CONTENTS));
    }
}
