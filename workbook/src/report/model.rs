//! What one run of the grader found, for whatever format it is to be written in.

use std::{iter, time::Duration};

use async_workbook::{
    timeline::Style,
    verdict::{About, Picture, Verdict, Words, escape_control},
};

use super::verdict::text_below;
use crate::{
    course::Chapter,
    grade::{Grade, Graded, Outcome, Sources, Span, State},
    messages,
    progress::{LastWrong, Progress},
};

/// What one run of the grader found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The graded chapters, in order.
    pub chapters: Vec<ChapterReport>,
    /// How long it took, cargo included.
    pub took: Duration,
}

/// What was found in one chapter.
#[derive(Clone, Debug)]
pub struct ChapterReport {
    /// The chapter.
    pub chapter: Chapter,
    /// The learner's file, from the root of the workbook, with `/` on every system.
    pub file: String,
    /// What was in it; `None` if it could not be read.
    pub sources: Sources,
    /// What was found in it.
    pub found: Found,
}

/// What was found in the learner's file.
#[derive(Clone, Debug)]
pub enum Found {
    /// It cannot be graded, and why.
    File(Box<VerdictReport>),
    /// A verdict a task, in the order of the tasks.
    Tasks(Vec<TaskReport>),
}

/// What was found of one task.
#[derive(Clone, Debug)]
pub struct TaskReport {
    /// Its name.
    pub name: String,
    /// What was found.
    pub verdict: VerdictReport,
    /// What the code printed meanwhile.
    pub printed: String,
    /// What there is to say of it, if it is passed.
    pub pass: Option<Pass>,
}

/// What there is to say of a task that is passed.
#[derive(Clone, Debug, PartialEq)]
pub struct Pass {
    /// What was proved, in a sentence.
    pub proved: String,
    /// Whether it was not passed when it was graded before.
    pub is_new: bool,
    /// What ran.
    pub picture: Option<Picture>,
    /// What ran in the same scene when the task was wrong.
    pub before: Option<LastWrong>,
}

/// A verdict, and all that this chapter has to say of it.
#[derive(Clone, Debug)]
pub struct VerdictReport {
    /// The verdict.
    pub verdict: Verdict,
    /// Where a task stands that has it.
    pub state: State,
    /// What it says.
    pub words: Words,
    /// The section of the book that explains it, from the root of the workbook.
    pub section: Option<String>,
}

impl Report {
    /// Whether every task is passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        let tally = self.tally();
        tally.passed == tally.tasks()
    }

    /// How many tasks are in which state.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for chapter in &self.chapters {
            tally.add(&chapter.tally());
        }
        tally
    }
}

impl ChapterReport {
    /// What was found in the file of `chapter`; `before` is what had been known of it until then.
    #[must_use]
    pub fn new(chapter: &Chapter, graded: &Graded, before: &Progress) -> Self {
        Self {
            file: graded.file.display().to_string().replace('\\', "/"),
            sources: graded.sources.clone(),
            found: match &graded.outcome {
                Outcome::File(verdict) => {
                    Found::File(Box::new(VerdictReport::new(verdict, chapter)))
                }
                Outcome::Tasks(grades) => Found::Tasks(
                    grades
                        .iter()
                        .map(|grade| TaskReport {
                            name: grade.task.clone(),
                            verdict: VerdictReport::new(&grade.verdict, chapter),
                            printed: grade.printed.clone(),
                            pass: Pass::of(grade, chapter, before),
                        })
                        .collect(),
                ),
            },
            chapter: chapter.clone(),
        }
    }

    /// Each task with its verdict, and what its code printed. What is wrong with the file is wrong with
    /// each of its tasks: formats that know of tasks only have it there.
    #[must_use]
    pub fn tasks(&self) -> Vec<(&str, &VerdictReport, &str)> {
        match &self.found {
            Found::File(verdict) => {
                let tasks = self.chapter.tasks.iter();
                tasks
                    .map(|task| (task.name.as_str(), &**verdict, ""))
                    .collect()
            }
            Found::Tasks(tasks) => tasks
                .iter()
                .map(|task| (task.name.as_str(), &task.verdict, task.printed.as_str()))
                .collect(),
        }
    }

    /// Where an editor should show what was found of a task: at the line that the verdict names, if it is one of the
    /// answer's, or else where the answer defines what the task asks for. With the file that the line is in.
    #[must_use]
    pub fn span(&self, task: &str, verdict: &Verdict) -> Option<(&str, Span)> {
        let named = verdict.place();
        let named = named.and_then(|place| self.sources.line(&place.file, place.line));
        let (source, span) = named.or_else(|| self.sources.definition(task))?;
        Some((&source.file, span))
    }

    /// The last line of the answer's root, which hands the answer to the hidden tests.
    #[must_use]
    pub fn last_line(&self) -> Option<(&str, Span)> {
        let root = self.sources.root()?;
        let count = root.text.trim_end().lines().count();
        let span = Span::of_line(&root.text, u32::try_from(count).ok()?)?;
        Some((&root.file, span))
    }

    /// What there is to say of each task that is passed, in the order of the tasks.
    pub fn passes(&self) -> impl Iterator<Item = Option<&Pass>> {
        let tasks = match &self.found {
            Found::File(_) => &[][..],
            Found::Tasks(tasks) => tasks,
        };
        let passes = tasks.iter().map(|task| task.pass.as_ref());
        passes
            .chain(iter::repeat(None))
            .take(self.chapter.tasks.len())
    }

    /// The verdicts on the tasks; none if the file cannot be graded.
    pub fn verdicts(&self) -> impl Iterator<Item = &Verdict> {
        let tasks = match &self.found {
            Found::File(_) => &[][..],
            Found::Tasks(tasks) => tasks,
        };
        tasks.iter().map(|task| &task.verdict.verdict)
    }

    /// The position of the first task that is wrong.
    #[must_use]
    pub fn first_wrong(&self) -> Option<usize> {
        let tasks = self.tasks();
        let mut states = tasks.iter().map(|(_, verdict, _)| verdict.state);
        states.position(|state| state == State::Wrong)
    }

    /// Whether every task is passed, and one of them had not been before.
    #[must_use]
    pub fn is_newly_passed(&self) -> bool {
        let Found::Tasks(tasks) = &self.found else {
            return false;
        };
        let mut passes = tasks.iter().map(|task| task.pass.as_ref());
        let is_new = passes
            .clone()
            .any(|pass| pass.is_some_and(|pass| pass.is_new));
        is_new && passes.all(|pass| pass.is_some())
    }

    /// Whether the file cannot be graded.
    #[must_use]
    pub fn is_not_graded(&self) -> bool {
        matches!(self.found, Found::File(_))
    }

    /// How many of its tasks are in which state.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for (_, verdict, _) in self.tasks() {
            tally.count(verdict.state);
        }
        tally
    }
}

impl Pass {
    fn of(grade: &Grade, chapter: &Chapter, before: &Progress) -> Option<Self> {
        let mut tasks = chapter.tasks.iter();
        let task = tasks.find(|task| task.name == grade.task);
        let proved = task
            .filter(|_| grade.verdict == Verdict::Passed)?
            .proved
            .clone();
        let known = before.proved(&chapter.slug, &grade.task);
        // Only what ran in the same scene can be compared.
        let compared = before
            .last_wrong(&chapter.slug, &grade.task)
            .and_then(|wrong| Some((wrong, grade.pictures.of(wrong.scene)?)));
        Some(Self {
            proved,
            is_new: known.is_none_or(|known| known.state != State::Passed),
            picture: match compared {
                Some((_, picture)) => Some(picture.clone()),
                None => grade.pictures.telling().cloned(),
            },
            before: compared.map(|(wrong, _)| wrong.clone()),
        })
    }
}

impl VerdictReport {
    fn new(verdict: &Verdict, chapter: &Chapter) -> Self {
        let section = match verdict {
            Verdict::Wrong { fault, .. } => Some(chapter.section(fault)),
            Verdict::DoesNotCompile { error: said, .. }
            | Verdict::Panicked { message: said, .. } => {
                messages::Section::about(said).map(|section| section.path())
            }
            _ => None,
        };
        let file = chapter.stub().display().to_string().replace('\\', "/");
        let about = About {
            slug: &chapter.slug,
            file: &file,
            stuck: &chapter.causes.stuck,
            never_returned: &chapter.causes.never_returned,
            section: section.as_deref(),
        };
        Self {
            verdict: verdict.clone(),
            state: State::of(verdict),
            words: verdict.words(Some(&about)),
            section,
        }
    }
}

impl VerdictReport {
    /// The verdict in a line of plain text.
    #[must_use]
    pub fn headline(&self) -> String {
        escape_control(&self.words.headline)
    }

    /// The misconception, in `snake_case`, if it's wrong for a reason that has a name.
    #[must_use]
    pub fn misconception(&self) -> Option<&str> {
        match &self.verdict {
            Verdict::Wrong { fault, .. } => Some(&fault.misconception),
            _ => None,
        }
    }

    /// All that is said, and then what the code printed meanwhile, as plain text that is the same for every reader.
    #[must_use]
    pub fn text(&self, printed: &str) -> String {
        let mut text = format!("{}\n{}", self.headline(), self.details());
        if !printed.is_empty() {
            text += &format!("\nThe code printed:\n{}", escape_control(printed));
        }
        text.trim_end().to_owned()
    }

    /// All that is said below it, as plain text that is the same for every reader.
    #[must_use]
    pub fn details(&self) -> String {
        let style = Style::unicode(PLAIN_COLUMNS);
        text_below(&self.words, &style).to_plain(style.width)
    }
}

/// The columns of plain text, which is shown by programs of all kinds.
const PLAIN_COLUMNS: usize = 74;

/// How many tasks are in which state.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Tally {
    /// Every hidden test was content.
    pub passed: usize,
    /// The code works otherwise than the task asks.
    pub wrong: usize,
    /// The code came to a `todo!()`, or is as it came.
    pub not_started: usize,
    /// The file cannot be graded as it is.
    pub not_graded: usize,
}

impl Tally {
    /// How many there are.
    #[must_use]
    pub fn tasks(&self) -> usize {
        self.passed + self.wrong + self.not_started + self.not_graded
    }

    /// The tally in a line.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!(
            "{} of {} tasks passed, {} wrong, {} not started",
            self.passed,
            self.tasks(),
            self.wrong,
            self.not_started
        );
        if self.not_graded > 0 {
            text += &format!(", {} not graded", self.not_graded);
        }
        text
    }

    fn count(&mut self, state: State) {
        *match state {
            State::Passed => &mut self.passed,
            State::Wrong => &mut self.wrong,
            State::NotStarted => &mut self.not_started,
            State::NotGraded => &mut self.not_graded,
        } += 1;
    }

    fn add(&mut self, other: &Self) {
        self.passed += other.passed;
        self.wrong += other.wrong;
        self.not_started += other.not_started;
        self.not_graded += other.not_graded;
    }
}
