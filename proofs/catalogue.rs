//! The graders are graded: every right answer passes, every known wrong one fails for its own reason.

use std::{collections::BTreeMap, path::Path, process::Command};

use async_workbook::verdict::Verdict;
use futures::TryStreamExt as _;
use proofs::{
    answers::{self, Kind, Known, in_place_of_the_stub},
    scratch::{Scratch, workbook},
};
use workbook::{
    course::{Chapter, Course, Untouched},
    grade::{Answer, Built, Graded, Outcome, build, forget_outer_cargo},
};

fn course() -> Course {
    Course::open(&workbook()).expect("this is the workbook")
}

/// What `WORKBOOK_CHAPTERS` asks for: `05`, `05,gather`, or `all`.
fn asked_for() -> Option<String> {
    std::env::var("WORKBOOK_CHAPTERS").ok()
}

/// The chapters to be graded here: all, unless some are asked for.
fn chapters(course: &Course) -> Vec<&Chapter> {
    let filters: Vec<String> = match asked_for() {
        Some(chosen) if chosen != "all" => chosen.split(',').map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    course
        .select(&filters)
        .expect("WORKBOOK_CHAPTERS names chapters that there are")
}

/// The known answers to be graded here. Each is a program to be compiled with all hidden tests of its
/// chapter, and there are hundreds: unless chapters are asked for, one wrong answer stands for its variants.
fn graded_here(chapter: &Chapter) -> Vec<Known> {
    let mut known = known(chapter);
    if asked_for().is_none() {
        answers::without_variants(&mut known);
    }
    known
}

fn known(chapter: &Chapter) -> Vec<Known> {
    answers::of_chapter(&workbook(), chapter).expect("the folders can be read")
}

/// A name for cargo, which takes no dots.
fn target(chapter: &Chapter, file: &Path) -> String {
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    let folder = file.parent().and_then(Path::parent);
    let folder = folder.and_then(Path::file_name).unwrap_or_default();
    format!("{}-{}-{name}", chapter.slug, folder.to_string_lossy()).replace('.', "-")
}

async fn grade(scratch: &Scratch) -> Vec<Graded> {
    let grader = scratch.grader().expect("the target folder can be written");
    grader
        .grade(scratch.answers())
        .await
        .expect("cargo works")
        .try_collect()
        .await
        .expect("the answers can be run")
}

/// One graded known answer in a line that says what is not as it should be, or `None`.
fn complaint(known: &Known, graded: &Graded) -> Option<String> {
    let verdicts: Vec<(&str, &Verdict)> = match &graded.outcome {
        Outcome::File(verdict) => vec![("the file", verdict)],
        Outcome::Tasks(grades) => grades
            .iter()
            .flat_map(|grade| {
                let faults = grade.faults.iter();
                faults.map(|fault| (grade.task.as_str(), fault))
            })
            .collect(),
    };
    let misconceptions: Vec<(&str, String)> = verdicts
        .iter()
        .filter(|(_, verdict)| !matches!(verdict, Verdict::NotStarted { .. }))
        .map(|&(task, verdict)| match verdict {
            Verdict::Wrong { fault, .. } => (task, fault.misconception.clone()),
            other => (task, format!("{other:?}")),
        })
        .collect();
    let good = match &known.kind {
        Kind::Right => graded.passed() && verdicts.is_empty(),
        Kind::Wrong { misconception } => {
            !misconceptions.is_empty()
                && misconceptions
                    .iter()
                    .all(|(_, found)| found == misconception)
        }
    };
    (!good).then(|| {
        format!(
            "{}\n    expected {:?}\n    found {misconceptions:?}, passed: {}",
            known.file.display(),
            known.kind,
            graded.passed()
        )
    })
}

#[tokio::test]
async fn every_known_answer_gets_the_verdict_that_it_deserves() {
    let mut scratch = Scratch::new("catalogue").expect("the target folder can be written");
    let mut all = Vec::new();
    let course = course();
    for chapter in chapters(&course) {
        for known in graded_here(chapter) {
            let target = target(chapter, &known.file);
            if known.kind == Kind::Right {
                scratch.add_file(target, &known.file, &chapter.tasks);
            } else {
                let text =
                    in_place_of_the_stub(&known.file).unwrap_or_else(|error| panic!("{error}"));
                scratch
                    .add_stub(&target, text, &chapter.tasks)
                    .expect("the target folder can be written");
            }
            all.push(known);
        }
    }
    let graded = grade(&scratch).await;
    let complaints: Vec<_> = std::iter::zip(&all, &graded)
        .filter_map(|(known, graded)| complaint(known, graded))
        .collect();
    assert_eq!(all.len(), graded.len());
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
async fn an_untouched_stub_is_not_started_or_has_a_named_fault_in_each_task() {
    let mut scratch = Scratch::new("untouched").expect("the target folder can be written");
    let course = course();
    for chapter in chapters(&course) {
        let original = format!("exercises/original/{}.rs", chapter.slug);
        let text = std::fs::read(workbook().join(original)).expect("there is an original");
        scratch
            .add_stub(&chapter.slug, text, &chapter.tasks)
            .expect("the target folder can be written");
    }
    for (chapter, graded) in std::iter::zip(chapters(&course), grade(&scratch).await) {
        let Outcome::Tasks(grades) = graded.outcome else {
            panic!("{}: {:?}", chapter.slug, graded.outcome);
        };
        for grade in grades {
            let stub = format!("exercises/{}.rs", chapter.slug);
            assert!(
                match (chapter.untouched, &grade.verdict) {
                    (Untouched::NotStarted, Verdict::NotStarted { at, .. }) => at.file == stub,
                    (Untouched::Wrong, Verdict::Wrong { .. }) => true,
                    _ => false,
                },
                "{}: {:?}",
                grade.task,
                grade.verdict
            );
        }
    }
}

/// The registered tests are what a pass is counted by: one that is not registered would never run.
#[tokio::test]
async fn every_hidden_test_is_registered_and_every_registered_one_exists() {
    let mut scratch = Scratch::new("registered").expect("the target folder can be written");
    let course = course();
    for chapter in chapters(&course) {
        let reference = known(chapter).swap_remove(0);
        scratch.add_file(&chapter.slug, &reference.file, &chapter.tasks);
    }
    let grader = scratch.grader().expect("the target folder can be written");
    let targets: Vec<&str> = scratch
        .answers()
        .iter()
        .map(|answer: &Answer| answer.target.as_str())
        .collect();
    let built = build(&grader.cargo, &targets).await.expect("cargo works");
    for chapter in chapters(&course) {
        let Built::Executable(program) = &built[&chapter.slug] else {
            panic!("the reference of {} does not compile", chapter.slug);
        };
        let listed = Command::new(program)
            .args(["--list", "--format=terse"])
            .output()
            .expect("the program was just built");
        let mut listed: Vec<String> = String::from_utf8_lossy(&listed.stdout)
            .lines()
            .filter_map(|line| line.strip_suffix(": test").map(str::to_owned))
            .collect();
        let mut registered: Vec<String> = chapter
            .tasks
            .iter()
            .flat_map(|task| {
                let name = &task.name;
                task.tests
                    .iter()
                    .map(move |test| format!("hidden::{name}::{test}"))
            })
            .collect();
        listed.sort();
        registered.sort();
        assert_eq!(
            listed, registered,
            "in exercises/hidden/{}.toml",
            chapter.slug
        );
    }
}

/// Right answers are read as examples. Left to `.ci/run`, since clippy checks every dependency first.
#[test]
#[ignore = "slow: it has clippy check every dependency"]
fn clippy_has_nothing_to_say_about_right_answers() {
    let mut scratch = Scratch::new("clippy").expect("the target folder can be written");
    let course = course();
    for chapter in chapters(&course) {
        for known in known(chapter) {
            if known.kind == Kind::Right {
                let target = target(chapter, &known.file);
                scratch.add_file(target, &known.file, &chapter.tasks);
            }
        }
    }
    scratch.grader().expect("the target folder can be written");
    let mut command = Command::new(std::env::var_os("CARGO").expect("cargo runs this test"));
    forget_outer_cargo(&mut command);
    let output = command
        .args(["clippy", "--quiet", "--tests", "--", "--deny", "warnings"])
        .current_dir(scratch.root())
        .env("CARGO_TARGET_DIR", scratch.target_dir())
        .output()
        .expect("cargo can be started");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
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
            // The learner's own file may be missing for a while: the grader says what to do about it.
            format!("exercises/original/{slug}.rs"),
            format!("exercises/hidden/{slug}.rs"),
            format!("solutions/{slug}.rs"),
            format!("benches/{slug}.rs"),
            format!("quiz/{slug}.toml"),
            format!("book/src/{slug}.md"),
        ]
        .into_iter()
        .filter(|piece| !root.join(piece).is_file())
        .collect();
        for task in &chapter.tasks {
            if task.hints.len() < 3 {
                lacks.push(format!(
                    "three hints for {} in exercises/hidden/{slug}.toml",
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
        "exercises",
        "exercises/original",
        "exercises/hidden",
        "solutions",
        "solutions/also",
        "solutions/wrong",
        "benches",
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
                    "{}: add `[[test]] name = \"{stem}\"` to exercises/Cargo.toml, or remove the file",
                    file.display()
                );
            }
        }
    }
}
