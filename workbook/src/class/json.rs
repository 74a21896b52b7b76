//! What came of a class as JSON, for programs.
//!
//! [`VERSION`] grows when a field is taken away or changes its meaning; new fields may come at any time.

use serde::Serialize;

use super::{ClassResult, LearnerResult};
use crate::grade::State;

/// The version of the shape.
pub const VERSION: u32 = 1;

/// What came of a class.
#[derive(Clone, Debug, Serialize)]
struct Document<'a> {
    version: u32,
    /// All points that there are.
    possible: u32,
    learners: Vec<Learner<'a>>,
    /// The misconceptions of the class, the most frequent first.
    mistakes: Vec<Mistake<'a>>,
}

#[derive(Clone, Debug, Serialize)]
struct Learner<'a> {
    name: &'a str,
    earned: u32,
    tasks: Vec<Task<'a>>,
}

#[derive(Clone, Debug, Serialize)]
struct Task<'a> {
    chapter: &'a str,
    name: &'a str,
    state: State,
    kind: &'a str,
    /// How much it counts, if it's passed.
    points: u32,
    misconception: Option<&'a str>,
    /// The section of the book that explains it, from the root of the workbook.
    section: Option<&'a str>,
}

#[derive(Clone, Debug, Serialize)]
struct Mistake<'a> {
    chapter: &'a str,
    misconception: &'a str,
    title: String,
    section: &'a str,
    /// How many learners have it.
    learners: usize,
}

/// The result as one JSON document.
#[must_use]
pub fn document(class: &ClassResult) -> String {
    let document = Document {
        version: VERSION,
        possible: class.possible(),
        learners: class
            .learners
            .iter()
            .map(|learner| Learner {
                name: &learner.name,
                earned: class.earned(learner),
                tasks: tasks(class, learner),
            })
            .collect(),
        mistakes: class
            .mistakes()
            .into_iter()
            .map(|mistake| Mistake {
                chapter: &mistake.chapter.slug,
                misconception: mistake.misconception,
                title: mistake.title(),
                section: mistake.section,
                learners: mistake.learners,
            })
            .collect(),
    };
    serde_json::to_string_pretty(&document).expect("write the result as JSON to memory")
}

fn tasks<'a>(class: &'a ClassResult, learner: &'a LearnerResult) -> Vec<Task<'a>> {
    let tasks = class.tasks(learner);
    let tasks = tasks.map(|(chapter, points, task)| Task {
        chapter: &chapter.slug,
        name: &task.name,
        state: task.state,
        kind: &task.kind,
        points,
        misconception: task.misconception.as_deref(),
        section: task.section.as_deref(),
    });
    tasks.collect()
}
