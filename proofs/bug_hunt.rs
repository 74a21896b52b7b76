//! Chapter 17's faults stand alone: mending one is enough for its own task, and changes nothing for the others.

use async_workbook::verdict::Verdict;
use futures::TryStreamExt as _;
use overlay::{compose, functions};
use proofs::{
    answers::whole,
    scratch::{Scratch, workbook},
};
use workbook::{
    course::{Chapter, Course},
    grade::{Graded, Outcome},
};

/// A whole answer, whose handlers can be exchanged.
#[derive(Clone)]
struct Service(String);

impl Service {
    fn read(file: &str) -> Self {
        Self(whole(&workbook().join(file)).expect("it is there"))
    }

    fn with(&self, handler: &str, other: &Self) -> Self {
        let handlers = functions(&other.0).expect("it is Rust");
        let handler = handlers.iter().find(|function| function.name == handler);
        let overlay = handler.expect("it is there").overlay();
        Self(compose(&self.0, &overlay).expect("one handler takes the place of another"))
    }
}

/// The misconception that each task's verdict names, or nothing where it is passed.
fn misconceptions(graded: &Graded) -> Vec<Option<String>> {
    let Outcome::Tasks(grades) = &graded.outcome else {
        panic!("{}: {:?}", graded.file.display(), graded.outcome);
    };
    grades
        .iter()
        .map(|grade| match &grade.verdict {
            Verdict::Passed => None,
            Verdict::Wrong { fault, .. } => Some(fault.misconception.clone()),
            other => panic!("{}: {}: {other:?}", graded.file.display(), grade.task),
        })
        .collect()
}

fn tasks(chapter: &Chapter) -> impl Iterator<Item = &str> {
    chapter.tasks.iter().map(|task| task.name.as_str())
}

/// Eight services with one fault mended, and eight with one fault left. All have the reference's `Shop` and
/// `app`, which hold what some handler needs and the others leave alone.
#[tokio::test]
async fn each_fault_is_found_and_mended_by_itself() {
    let course = Course::open(&workbook()).expect("this is the workbook");
    let chapter = course.chapter("17_pitfalls").expect("it is there");
    let planted = Service::read("exercises/original/17_pitfalls.rs");
    let reference = Service::read("solutions/17_pitfalls.rs");
    let broken = tasks(chapter).fold(reference.clone(), |all, task| all.with(task, &planted));

    let mut scratch = Scratch::new("bug-hunt").expect("the target folder can be written");
    let mut add = |target: String, service: &Service| {
        let added = scratch.add_answer(&target, &service.0, chapter);
        added.expect("the target folder can be written");
    };
    add("untouched".into(), &planted);
    for task in tasks(chapter) {
        add(format!("{task}-mended"), &broken.with(task, &reference));
        add(format!("{task}-left"), &reference.with(task, &planted));
    }
    let grader = scratch.grader().expect("the target folder can be written");
    let graded: Vec<Graded> = grader
        .grade(scratch.answers())
        .await
        .expect("cargo works")
        .try_collect()
        .await
        .expect("the answers can be run");

    let all: Vec<String> = misconceptions(&graded[0])
        .into_iter()
        .map(|fault| fault.expect("there is a fault in every task"))
        .collect();
    for (index, pair) in graded[1..].chunks(2).enumerate() {
        let (mended, left) = (misconceptions(&pair[0]), misconceptions(&pair[1]));
        for (other, fault) in all.iter().enumerate() {
            let named = Some(fault.clone());
            let file = pair[0].file.display();
            assert_eq!(
                mended[other],
                named.clone().filter(|_| other != index),
                "{file}: {fault}"
            );
            let file = pair[1].file.display();
            assert_eq!(
                left[other],
                named.filter(|_| other == index),
                "{file}: {fault}"
            );
        }
    }
}
