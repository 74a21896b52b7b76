//! Chapter 17's faults stand alone: mending one is enough for its own task, and changes nothing for the others.

use async_workbook::verdict::Verdict;
use proofs::{
    programs::{self, Programs},
    scratch::workbook,
};
use tokio::sync::Semaphore;
use workbook::{
    course::Course,
    grade::{Depth, Grade},
};

/// The misconception that each task's verdict names, or nothing where it is passed.
fn misconceptions(grades: &[Grade]) -> Vec<Option<String>> {
    grades
        .iter()
        .map(|grade| match &grade.verdict {
            Verdict::Passed => None,
            Verdict::Wrong { fault, .. } => Some(fault.misconception.clone()),
            other => panic!("{}: {other:?}", grade.task),
        })
        .collect()
}

/// Eight services with one fault mended, and eight with one fault left, which `known/build.rs` composes.
#[tokio::test]
async fn each_fault_is_found_and_mended_by_itself() {
    let course = Course::open(&workbook()).expect("read the workbook's own course");
    let chapter = course.chapter("17_pitfalls").expect("find chapter 17");
    let programs = Programs::build(&[chapter]).unwrap_or_else(|error| panic!("{error}"));
    let mut grader = programs::grader().expect("find the target folder");
    grader.depth = Depth::FirstFault;
    let processes = Semaphore::new(grader.limits.processes.get());
    let judged = async |answer: &str| {
        let program = programs.named(chapter, answer);
        let grades = grader.grade_program(&program, &chapter.tasks, &processes);
        misconceptions(&grades.await.expect("run a service"))
    };

    let all = judged("hunt.untouched").await;
    assert!(
        all.iter().all(Option::is_some),
        "a fault in every task: {all:?}"
    );
    for (index, task) in chapter.tasks.iter().enumerate() {
        let mended = format!("hunt.{}.mended", task.name);
        let mut expected = all.clone();
        expected[index] = None;
        assert_eq!(judged(&mended).await, expected, "{mended}");

        let left = format!("hunt.{}.left", task.name);
        let mut expected = vec![None; all.len()];
        expected[index] = all[index].clone();
        assert_eq!(judged(&left).await, expected, "{left}");
    }
}
