//! What came of a class, for whatever format it is to be written in.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    course::Chapter,
    grade::State,
    misconceptions,
    report::{
        json::kind_name,
        model::{ChapterReport, VerdictReport},
    },
};

/// What came of a class.
#[derive(Clone, Debug)]
pub struct ClassResult {
    /// The chapters that were graded.
    pub chapters: Vec<Chapter>,
    /// The learners, in the order in which they were named.
    pub learners: Vec<LearnerResult>,
}

/// What came of one learner.
#[derive(Clone, Debug, PartialEq)]
pub struct LearnerResult {
    /// The name of the folder.
    pub name: String,
    /// Chapters by their slugs.
    pub chapters: BTreeMap<String, ChapterResult>,
}

/// What came of an answer.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ChapterResult {
    /// Its tasks, in order.
    pub tasks: Vec<TaskResult>,
    /// Why none of them could be graded, in a line, if so.
    pub not_graded: Option<String>,
}

/// What came of a task.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TaskResult {
    /// The name of its function.
    pub name: String,
    /// Where it stands.
    pub state: State,
    /// Which verdict it is, as in the report of `check`.
    pub kind: String,
    /// The misconception, if it's wrong for a reason that has a name.
    pub misconception: Option<String>,
    /// The section of the book that explains it, from the root of the workbook.
    pub section: Option<String>,
}

/// A misconception that somebody in the class has.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mistake<'a> {
    /// The chapter.
    pub chapter: &'a Chapter,
    /// Its name, in `snake_case`.
    pub misconception: &'a str,
    /// The section of the book that explains it, from the root of the workbook.
    pub section: &'a str,
    /// How many learners have it.
    pub learners: usize,
}

/// Why an answer could not be graded.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cause<'a> {
    /// Whose answer it is.
    pub learner: &'a str,
    /// The slug of the chapter.
    pub chapter: &'a str,
    /// Why, in a line.
    pub why: &'a str,
}

impl ChapterResult {
    /// What was found in an answer.
    #[must_use]
    pub fn of(report: &ChapterReport) -> Self {
        let task = |(name, verdict, _): (&str, &VerdictReport, &str)| TaskResult {
            name: name.to_owned(),
            state: verdict.state,
            kind: kind_name(&verdict.verdict),
            misconception: verdict.misconception().map(str::to_owned),
            section: verdict.section.clone(),
        };
        let tasks = report.tasks();
        let first = tasks.first().filter(|_| report.is_not_graded());
        Self {
            not_graded: first.map(|(_, verdict, _)| verdict.headline()),
            tasks: tasks.into_iter().map(task).collect(),
        }
    }
}

impl ClassResult {
    /// All points that there are.
    #[must_use]
    pub fn possible(&self) -> u32 {
        let tasks = self.chapters.iter().flat_map(|chapter| &chapter.tasks);
        tasks.map(|task| task.points).sum()
    }

    /// The points of a learner.
    #[must_use]
    pub fn earned(&self, learner: &LearnerResult) -> u32 {
        let tasks = self.tasks(learner);
        let passed = tasks.filter(|(.., task)| task.state == State::Passed);
        passed.map(|(_, points, _)| points).sum()
    }

    /// The tasks of a learner in the order of the table, with their chapters and points.
    pub fn tasks<'a>(
        &'a self,
        learner: &'a LearnerResult,
    ) -> impl Iterator<Item = (&'a Chapter, u32, &'a TaskResult)> {
        self.chapters.iter().flat_map(|chapter| {
            let result = learner.chapters.get(&chapter.slug);
            let tasks = result.map_or(&[][..], |result| &result.tasks);
            tasks
                .iter()
                .map(move |task| (chapter, chapter.points(&task.name), task))
        })
    }

    /// How many learners passed a task.
    #[must_use]
    pub fn passed(&self, slug: &str, task: &str) -> usize {
        let tasks = self.learners.iter().flat_map(|learner| self.tasks(learner));
        let passed = tasks.filter(|(chapter, _, own)| {
            chapter.slug == slug && own.name == task && own.state == State::Passed
        });
        passed.count()
    }

    /// The misconceptions of the class, the most frequent first. A learner counts once for each of them.
    #[must_use]
    pub fn mistakes(&self) -> Vec<Mistake<'_>> {
        let mut mistakes: Vec<Mistake<'_>> = Vec::new();
        for learner in &self.learners {
            let mut seen = BTreeSet::new();
            for (chapter, _, task) in self.tasks(learner) {
                let Some(misconception) = task.misconception.as_deref() else {
                    continue;
                };
                if !seen.insert((&chapter.slug, misconception)) {
                    continue;
                }
                let known = mistakes.iter_mut().find(|known| {
                    known.chapter.slug == chapter.slug && known.misconception == misconception
                });
                match known {
                    Some(known) => known.learners += 1,
                    None => mistakes.push(Mistake {
                        chapter,
                        misconception,
                        section: task.section.as_deref().unwrap_or_default(),
                        learners: 1,
                    }),
                }
            }
        }
        mistakes.sort_by(|a, b| {
            let order = |mistake: &Mistake<'_>| (mistake.chapter.slug.clone(), mistake.title());
            b.learners
                .cmp(&a.learners)
                .then_with(|| order(a).cmp(&order(b)))
        });
        mistakes
    }

    /// The answers that could not be graded, by learner. An answer that nobody handed in is none of them.
    #[must_use]
    pub fn not_graded(&self) -> Vec<Cause<'_>> {
        let learners = self.learners.iter();
        let causes = learners.flat_map(|learner| {
            learner.chapters.iter().filter_map(|(slug, result)| {
                let why = result.not_graded.as_deref()?;
                let is_missing = why.ends_with(": the file is missing");
                (!is_missing).then_some(Cause {
                    learner: &learner.name,
                    chapter: slug,
                    why,
                })
            })
        });
        causes.collect()
    }
}

impl Mistake<'_> {
    /// Its name as words, as a list shows it.
    #[must_use]
    pub fn title(&self) -> String {
        misconceptions::title(self.misconception)
    }
}
