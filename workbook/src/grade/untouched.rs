//! Holds back what a verdict on a function that nobody has touched would give away.
//!
//! The stub of a bug hunt has no holes: it compiles and works, and most of its functions have a fault that is to be
//! found. To say what is wrong with one of them before the learner has changed it would be to find it for him. So would a
//! pass, for a function that is sound as it comes.

use std::iter;

use async_workbook::verdict::{Place, Verdict};

use super::{AnswerFile, Grade, Pictures};
use crate::course::{Task, is_bug_hunt};

/// Holds back the verdict on each function of a bug hunt that is as it came, as long as it says nothing but that: it has
/// its planted fault, or is sound. Whatever else becomes of it, by a change somewhere else in the file, is told.
///
/// What is sound is told once every function with a fault was changed: only then does it give nothing away.
pub(super) fn hold_back(grades: &mut [Grade], answer: &AnswerFile, text: &str, original: &str) {
    if !is_bug_hunt(&answer.tasks) {
        return;
    }
    let file = answer.file.display().to_string().replace('\\', "/");
    let untouched = |(grade, task): (&Grade, &Task)| {
        let function = Function::of(text, &task.name)?;
        let came = Function::of(original, &task.name)?;
        let is_as_it_came = function.lines == came.lines && is_planted(&grade.verdict, task);
        is_as_it_came.then_some(function.line)
    };
    let graded = iter::zip(&*grades, &answer.tasks);
    let lines: Vec<Option<u32>> = graded.map(untouched).collect();
    let is_fault_left = iter::zip(&lines, &answer.tasks)
        .any(|(line, task)| line.is_some() && task.planted.is_some());
    if !is_fault_left {
        return;
    }
    for (grade, line) in iter::zip(grades, lines) {
        if let Some(line) = line {
            let file = file.clone();
            let at = Place { file, line };
            *grade = held_back(grade, Verdict::Untouched { at });
        }
    }
}

/// Whether the verdict is that on the function as it came.
fn is_planted(verdict: &Verdict, task: &Task) -> bool {
    match (verdict, &task.planted) {
        (Verdict::Wrong { fault, .. }, Some(planted)) => fault.misconception == *planted,
        (Verdict::Passed, None) => true,
        _ => false,
    }
}

/// The grade without all that its tests found.
fn held_back(grade: &Grade, verdict: Verdict) -> Grade {
    Grade {
        task: grade.task.clone(),
        faults: vec![verdict.clone()],
        verdict,
        printed: String::new(),
        scene: None,
        pictures: Pictures::default(),
    }
}

/// A function of a file.
struct Function<'a> {
    /// The line on which it begins, counted from one.
    line: u32,
    /// Its lines, without the comments above it.
    lines: Vec<&'a str>,
}

impl<'a> Function<'a> {
    /// The function of this name that stands in no other item. It ends with the first brace that is set in as little as it
    /// is itself. Where a learner sets code in otherwise, the function was changed, and that is all that is asked here.
    fn of(text: &'a str, name: &str) -> Option<Self> {
        let mut lines = text.lines().map(str::trim_end).enumerate();
        let (index, first) = lines.find(|(_, line)| begins(line, name))?;
        let mut function = vec![first];
        for (_, line) in lines {
            function.push(line);
            if line == "}" {
                break;
            }
        }
        Some(Self {
            line: u32::try_from(index + 1).ok()?,
            lines: function,
        })
    }
}

/// Whether a function of this name begins on a line that is not set in.
fn begins(line: &str, name: &str) -> bool {
    let rest = line.strip_prefix("pub ").unwrap_or(line);
    let rest = rest.strip_prefix("async ").unwrap_or(rest);
    let named = rest
        .strip_prefix("fn ")
        .and_then(|rest| rest.strip_prefix(name));
    named.is_some_and(|rest| rest.starts_with(['(', '<']))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use async_workbook::{timeline::Timeline, verdict::Fault};

    use super::*;
    use crate::{
        course::{Chapter, Course},
        grade::State,
    };

    fn hunt() -> (Chapter, String) {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let course = Course::open(root).expect("this is the workbook");
        let chapter = course.chapter("17").expect("it is there");
        let original = std::fs::read_to_string(root.join(chapter.original()));
        (chapter.clone(), original.expect("every chapter has one"))
    }

    fn wrong(misconception: &str) -> Verdict {
        Verdict::Wrong {
            fault: Fault::new(misconception),
            timeline: Timeline::default(),
        }
    }

    /// What is found in the stub as it came.
    fn planted(chapter: &Chapter) -> Vec<Grade> {
        let tasks = chapter.tasks.iter();
        let verdict = |task: &Task| task.planted.as_deref().map_or(Verdict::Passed, wrong);
        tasks.map(|task| grade(task, verdict(task))).collect()
    }

    fn grade(task: &Task, verdict: Verdict) -> Grade {
        Grade {
            task: task.name.clone(),
            verdict,
            printed: "said".into(),
            scene: None,
            pictures: Pictures::default(),
            faults: Vec::new(),
        }
    }

    /// The states of the tasks, in a letter each, once what gives something away is held back.
    fn told(chapter: &Chapter, mut grades: Vec<Grade>, text: &str, original: &str) -> String {
        let answer = AnswerFile::of_chapter(chapter);
        hold_back(&mut grades, &answer, text, original);
        let letter = |grade: &Grade| match (&grade.verdict, State::of(&grade.verdict)) {
            (Verdict::Untouched { .. }, State::NotStarted) => '?',
            (_, State::Passed) => 'p',
            (_, State::Wrong) => 'w',
            (verdict, _) => panic!("{verdict:?}"),
        };
        grades.iter().map(letter).collect()
    }

    /// The text with a comment in the function of a task.
    fn touched(text: &str, task: &str) -> String {
        let mut lines: Vec<&str> = text.lines().collect();
        let first = Function::of(text, task).expect("it is there").line;
        let index = usize::try_from(first).expect("a file is not that long");
        lines.insert(index, "    // Looked at.");
        lines.join("\n")
    }

    #[test]
    fn nothing_is_told_of_a_stub_that_is_as_it_came() {
        let (chapter, original) = hunt();
        let mut grades = planted(&chapter);
        let answer = AnswerFile::of_chapter(&chapter);
        hold_back(&mut grades, &answer, &original, &original);
        for (grade, task) in iter::zip(&grades, &chapter.tasks) {
            let Verdict::Untouched { at } = &grade.verdict else {
                panic!("{grade:?}");
            };
            assert_eq!(at.file, "exercises/17_pitfalls.rs");
            let line = original.lines().nth(at.line as usize - 1);
            assert!(line.is_some_and(|line| line.contains(&task.name)), "{at}");
            assert_eq!(grade.printed, "");
        }
        // The same with the line ends of another system.
        let there = original.replace('\n', "\r\n");
        let told = told(&chapter, planted(&chapter), &there, &original);
        assert_eq!(told, "?????????");
    }

    #[test]
    fn a_function_that_was_changed_has_its_verdict() {
        let (chapter, original) = hunt();
        let text = touched(&touched(&original, "cover"), "quote");
        let mut grades = planted(&chapter);
        grades[2].verdict = Verdict::Passed;
        let told = told(&chapter, grades, &text, &original);
        assert_eq!(told, "??p?w????", "cover is mended, and quote isn't");
    }

    #[test]
    fn what_a_change_elsewhere_does_to_an_untouched_function_is_told() {
        let (chapter, original) = hunt();
        let mut grades = planted(&chapter);
        grades[0].verdict = wrong("given_up_too_early");
        grades[1].verdict = Verdict::Passed;
        grades[5].verdict = wrong("connection_limit_exceeded");
        let told = told(&chapter, grades, &original, &original);
        assert_eq!(told, "wp???w???");
    }

    #[test]
    fn what_is_sound_is_told_once_every_fault_was_looked_for() {
        let (chapter, original) = hunt();
        let faulty = chapter.tasks.iter().filter(|task| task.planted.is_some());
        let names: Vec<&str> = faulty.map(|task| task.name.as_str()).collect();
        let touch = |text: String, name: &&str| touched(&text, name);
        let all_but_one = names[1..].iter().fold(original.clone(), touch);
        let all = touch(all_but_one.clone(), &names[0]);
        let grades = || planted(&chapter);
        assert_eq!(
            told(&chapter, grades(), &all_but_one, &original),
            "?wwww?www"
        );
        assert_eq!(told(&chapter, grades(), &all, &original), "wwwwwpwww");
    }

    #[test]
    fn a_function_is_found_by_its_whole_name() {
        let text =
            "// fn page() {}\nfn pages() {\n}\npub async fn page<T>(\n) {\n    x\n}\nfn z() {}";
        let function = Function::of(text, "page").expect("it is there");
        assert_eq!(function.line, 4);
        assert_eq!(
            function.lines,
            ["pub async fn page<T>(", ") {", "    x", "}"]
        );
        assert!(Function::of(text, "x").is_none());
    }
}
