//! Chapter 17's faults stand alone: mending one is enough for its own task, and changes nothing for the others.

use std::fs;

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

fn course() -> Course {
    Course::open(&workbook()).expect("read the workbook's own course")
}

/// Eight services with one fault mended, and eight with one fault left, which `known/build.rs` composes.
#[tokio::test]
async fn each_fault_is_found_and_mended_by_itself() {
    let course = course();
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

    let planted: Vec<_> = chapter
        .tasks
        .iter()
        .map(|task| task.planted.clone())
        .collect();
    assert_eq!(planted.iter().flatten().count(), 8, "{planted:?}");
    assert_eq!(judged("hunt.untouched").await, planted);
    for (index, task) in chapter.tasks.iter().enumerate() {
        if planted[index].is_none() {
            continue;
        }
        let mended = format!("hunt.{}.mended", task.name);
        let mut expected = planted.clone();
        expected[index] = None;
        assert_eq!(judged(&mended).await, expected, "{mended}");

        let left = format!("hunt.{}.left", task.name);
        let mut expected = vec![None; planted.len()];
        expected[index] = planted[index].clone();
        assert_eq!(judged(&left).await, expected, "{left}");
    }
}

/// Whoever leaves the sound function alone has done what the reference does.
#[test]
fn what_is_sound_is_as_it_came_in_the_reference() {
    let course = course();
    let chapter = course.chapter("17_pitfalls").expect("find chapter 17");
    let functions = |file| {
        let text = fs::read_to_string(workbook().join(file)).expect("read a file of the chapter");
        overlay::functions(&text).expect("parse it as Rust")
    };
    let (came, mended) = (functions(chapter.original()), functions(chapter.solution()));
    for task in &chapter.tasks {
        let body = |functions: &[overlay::Function]| {
            let function = functions.iter().find(|function| function.name == task.name);
            function.map(|function| function.body().to_owned())
        };
        let is_same = body(&came) == body(&mended);
        assert_eq!(is_same, task.planted.is_none(), "{}", task.name);
    }
}
