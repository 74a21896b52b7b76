//! The graders are graded: every right answer passes, every known wrong one fails for its own reason.

mod misconceptions;

use std::{collections::BTreeMap, num::NonZeroUsize, path::Path, time::Duration};

use async_workbook::verdict::Verdict;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use proofs::{
    answers::{self, Kind, Known},
    programs::{self, Programs},
    scratch::{Scratch, workbook},
};
use tokio::sync::Semaphore;
use workbook::{
    course::{Chapter, Course, Task},
    grade::{Depth, Grade, Graded, Grader, Outcome, Program},
};

fn course() -> Course {
    Course::open(&workbook()).expect("this is the workbook")
}

/// The chapters to be graded here: those that `WORKBOOK_CHAPTERS` names (`05`, `05,gather`), or all.
fn chapters(course: &Course) -> Vec<&Chapter> {
    let filters: Vec<String> = match std::env::var("WORKBOOK_CHAPTERS") {
        Ok(chosen) => chosen.split(',').map(str::to_owned).collect(),
        Err(_) => Vec::new(),
    };
    course
        .select(&filters)
        .expect("WORKBOOK_CHAPTERS names chapters that there are")
}

fn known(chapter: &Chapter) -> Vec<Known> {
    answers::of_chapter(&workbook(), chapter).expect("the folders can be read")
}

/// A known answer that is to be graded.
struct Case {
    tasks: Vec<Task>,
    known: Known,
    program: Program,
}

/// What stands for a `todo!` among the names of misconceptions.
const HOLE: &str = "(not started)";

/// What is not as it should be with the grades of a known answer, in some lines; `None` if all is well.
fn complaint(known: &Known, grades: &[Grade]) -> Option<String> {
    let found: Vec<(&str, String)> = grades
        .iter()
        .flat_map(|grade| {
            let faults = grade.faults.iter();
            faults.map(|fault| match fault {
                Verdict::Wrong { fault, .. } => (grade.task.as_str(), fault.misconception.clone()),
                Verdict::NotStarted { .. } => (grade.task.as_str(), HOLE.to_owned()),
                other => (grade.task.as_str(), format!("{other:?}")),
            })
        })
        .collect();
    let good = match &known.kind {
        Kind::Right => found.is_empty(),
        Kind::Wrong { misconception } => {
            // A wrong answer may leave a hole for a test that it is not meant for.
            let mut found = found.iter().filter(|(_, found)| found != HOLE).peekable();
            found.peek().is_some() && found.all(|(_, found)| found == misconception)
        }
    };
    (!good).then(|| {
        let (answer, expected) = (known.file.display(), &known.kind);
        format!("{answer}\n    expected {expected:?}\n    found {found:?}")
    })
}

/// What is still to be complained of. Some answers hang by design, and are told by it: with the whole time limit of a
/// learner's answer, most of the time would go by in waiting for them. A short limit is enough to be content with what is
/// found. It is never enough to complain: what does not get its verdict within it is graded again, with the whole limit.
async fn complaints(cases: &[Case]) -> Vec<String> {
    const SHORT: Duration = Duration::from_secs(2);
    const AT_ONCE: NonZeroUsize = NonZeroUsize::new(8).expect("take eight for more than zero");
    let mut grader = programs::grader().expect("find the target folder");
    // The first fault of a task is the verdict that a learner gets. A right answer has none.
    grader.depth = Depth::FirstFault;
    let mut hasty = grader.clone();
    hasty.limits.time = SHORT;
    hasty.limits.processes = AT_ONCE;

    let first: Vec<_> = std::iter::zip(cases, graded(&hasty, cases.iter()).await).collect();
    let open: Vec<&Case> = first
        .iter()
        .filter(|(case, grades)| complaint(&case.known, grades).is_some())
        .map(|(case, _)| *case)
        .collect();
    let grades = graded(&grader, open.iter().copied()).await;
    std::iter::zip(open, &grades)
        .filter_map(|(case, grades)| complaint(&case.known, grades))
        .collect()
}

/// The grades of each answer, as many tasks at a time as the grader's limits say.
async fn graded<'a>(grader: &Grader, cases: impl Iterator<Item = &'a Case>) -> Vec<Vec<Grade>> {
    let processes = Semaphore::new(grader.limits.processes.get());
    let grades = cases.map(|case| grader.grade_program(&case.program, &case.tasks, &processes));
    let grades = stream::iter(grades).buffered(grader.limits.processes.get());
    grades.try_collect().await.expect("run the known answers")
}

#[tokio::test]
async fn every_known_answer_gets_the_verdict_that_it_deserves() {
    let course = course();
    let chapters = chapters(&course);
    let programs = Programs::build(&chapters).unwrap_or_else(|error| panic!("{error}"));
    let cases: Vec<_> = chapters
        .into_iter()
        .flat_map(|chapter| {
            known(chapter)
                .into_iter()
                .map(move |known| (chapter, known))
        })
        .map(|(chapter, known)| Case {
            program: programs.of(chapter, &known),
            tasks: answers::tasks_to_grade(&workbook(), chapter, &known)
                .unwrap_or_else(|error| panic!("{error}")),
            known,
        })
        .collect();
    let complaints = complaints(&cases).await;
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// The first line is what a list of wrong answers says of each.
#[test]
fn every_wrong_answer_says_what_is_wrong_with_it() {
    for chapter in course().chapters() {
        for known in known(chapter) {
            if known.kind != Kind::Right {
                let text = std::fs::read_to_string(&known.file).expect("it is there");
                let file = known.file.display();
                assert!(
                    text.starts_with("//! "),
                    "{file}: begin with `//! what is wrong`"
                );
            }
        }
    }
}

#[tokio::test]
async fn an_untouched_stub_is_not_started_in_each_task() {
    let mut scratch = Scratch::new().expect("the target folder can be written");
    let course = course();
    for chapter in chapters(&course) {
        scratch
            .add_chapter(chapter)
            .expect("the target folder can be written");
    }
    let grader = scratch.grader().expect("the target folder can be written");
    let graded = grader.grade(scratch.answers()).await.expect("cargo works");
    let graded: Vec<Graded> = graded.try_collect().await.expect("the stubs can be run");
    for (chapter, graded) in std::iter::zip(chapters(&course), graded) {
        let Outcome::Tasks(grades) = graded.outcome else {
            panic!("{}: {:?}", chapter.slug, graded.outcome);
        };
        for grade in grades {
            let stub = format!("exercises/{}.rs", chapter.slug);
            assert!(
                match &grade.verdict {
                    Verdict::NotStarted { at, .. } => at.file == stub && !chapter.is_bug_hunt(),
                    Verdict::Untouched { at } => at.file == stub && chapter.is_bug_hunt(),
                    _ => false,
                },
                "{}: {:?}",
                grade.task,
                grade.verdict
            );
        }
    }
}

fn shown(file: &Path) -> String {
    file.display().to_string()
}

/// Says of each chapter what it lacks, so that a chapter is added by adding files until this is content.
#[test]
fn no_chapter_lacks_a_piece() {
    let root = workbook();
    let mut lacking = BTreeMap::new();
    for chapter in course().chapters() {
        let slug = &chapter.slug;
        let mut lacks: Vec<String> = [
            format!("examples/{slug}.rs"),
            format!("examples/chapters/{slug}/Cargo.toml"),
            // The learner's own file may be missing for a while: the grader says what to do about it.
            shown(&chapter.original()),
            format!("exercises/hidden/{slug}/lib.rs"),
            format!("proofs/known/{slug}/Cargo.toml"),
            shown(&chapter.solution()),
            format!("benches/{slug}.rs"),
            format!("benches/chapters/{slug}/Cargo.toml"),
            format!("quiz/{slug}.toml"),
            format!("book/src/{slug}.md"),
        ]
        .into_iter()
        .filter(|piece| !root.join(piece).is_file())
        .collect();
        for task in &chapter.tasks {
            if task.hints.len() < 3 {
                lacks.push(format!(
                    "three hints for {} in exercises/hidden/{slug}/chapter.toml",
                    task.name
                ));
            }
        }
        let known = known(chapter);
        let wrong: Vec<_> = known
            .iter()
            .filter(|known| known.kind != Kind::Right)
            .collect();
        if known.len() - wrong.len() < 2 {
            lacks.push(format!("an alternative in solutions/also/{slug}/"));
        }
        if wrong.len() < 4 {
            lacks.push(format!("four wrong answers in solutions/wrong/{slug}/"));
        }
        let page =
            std::fs::read_to_string(root.join(format!("book/src/{slug}.md"))).unwrap_or_default();
        for known in wrong {
            if let Kind::Wrong { misconception } = &known.kind {
                let heading = misconception.replace('_', " ");
                let explained = page
                    .lines()
                    .filter_map(|line| line.strip_prefix('#'))
                    .any(|line| line.trim_start_matches('#').trim().to_lowercase() == heading);
                if !explained {
                    lacks.push(format!("a heading `{heading}` in book/src/{slug}.md"));
                }
            }
        }
        lacks.dedup();
        if !lacks.is_empty() {
            lacking.insert(slug.clone(), lacks);
        }
    }
    assert!(lacking.is_empty(), "{lacking:#?}");
}

/// A piece whose chapter is not registered is found by nobody.
#[test]
fn every_piece_belongs_to_a_registered_chapter() {
    let course = course();
    let slugs: Vec<&str> = course
        .chapters()
        .iter()
        .map(|chapter| chapter.slug.as_str())
        .collect();
    let folders = [
        "examples",
        "examples/chapters",
        "exercises",
        "exercises/original",
        "exercises/hidden",
        "proofs/known",
        "solutions",
        "solutions/also",
        "solutions/wrong",
        "benches",
        "benches/chapters",
        "quiz",
        "book/src",
    ];
    for folder in folders {
        for entry in std::fs::read_dir(workbook().join(folder)).expect("the folder is there") {
            let file = entry.expect("the folder can be read").path();
            let stem = file
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if stem.starts_with(|first: char| first.is_ascii_digit()) {
                assert!(
                    slugs.contains(&stem.as_str()),
                    "{}: add exercises/hidden/{stem}/chapter.toml, or remove the file",
                    file.display()
                );
            }
        }
    }
}
