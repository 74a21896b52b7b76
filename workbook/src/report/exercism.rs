//! Verdicts as the `results.json` of Exercism's test runners, version 3.
//!
//! The shape is that of <https://exercism.org/docs/building/tooling/test-runners/interface>. A task is a test. Its tests are
//! hidden, so it has no `test_code`.

use serde::Serialize;

use super::model::{Found, Report};
use crate::grade::State;

/// How many characters the code's output and a message may have.
const MOST_OUTPUT: usize = 500;
const MOST_MESSAGE: usize = 65_535;

#[derive(Clone, Debug, Serialize)]
struct Results {
    version: u32,
    status: Status,
    /// Why no test could be run.
    message: Option<String>,
    tests: Vec<Test>,
}

#[derive(Clone, Debug, Serialize)]
struct Test {
    name: String,
    status: Status,
    message: Option<String>,
    output: Option<String>,
    /// The number of the task in its chapter. With several chapters it would name several tasks.
    #[serde(skip_serializing_if = "Option::is_none")]
    task_id: Option<usize>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Pass,
    Fail,
    Error,
}

/// The report as one JSON document.
#[must_use]
pub fn document(report: &Report) -> String {
    let is_alone = report.chapters.len() == 1;
    let mut tests = Vec::new();
    let mut causes = Vec::new();
    for chapter in &report.chapters {
        if let Found::File(verdict) = &chapter.found {
            let headline = verdict.headline();
            causes.push(format!(
                "{}: {headline}\n{}",
                chapter.file,
                verdict.details()
            ));
        }
        for (index, (name, verdict, printed)) in chapter.tasks().into_iter().enumerate() {
            let status = match verdict.state {
                State::Passed => Status::Pass,
                State::Wrong | State::NotStarted => Status::Fail,
                State::NotGraded => Status::Error,
            };
            let message = (status != Status::Pass).then(|| cut(&verdict.text(""), MOST_MESSAGE));
            tests.push(Test {
                name: format!("{} {name}", chapter.chapter.slug),
                status,
                message,
                output: (!printed.is_empty()).then(|| cut(printed, MOST_OUTPUT)),
                task_id: is_alone.then_some(index + 1),
            });
        }
    }
    let status = if tests.iter().all(|test| test.status == Status::Pass) {
        Status::Pass
    } else if tests.iter().all(|test| test.status == Status::Error) {
        Status::Error
    } else {
        Status::Fail
    };
    let message = (status == Status::Error).then(|| cut(&causes.join("\n"), MOST_MESSAGE));
    let results = Results {
        version: 3,
        status,
        message,
        tests,
    };
    serde_json::to_string_pretty(&results).expect("write the report as JSON to memory")
}

/// As much of a text as may be shown, and that it isn't all.
fn cut(text: &str, most: usize) -> String {
    const CUT: &str = "\n(cut here)";
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept = most - CUT.chars().count();
    text.chars().take(kept).chain(CUT.chars()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{super::junit::tests::report_of_tasks, *};

    fn results(report: &Report) -> Value {
        serde_json::from_str(&document(report)).expect("it is JSON")
    }

    #[test]
    fn a_report_has_the_fields_of_a_test_runner() {
        let report = report_of_tasks();
        let all = results(&report);
        assert_eq!(
            (&all["version"], &all["status"]),
            (&3.into(), &"fail".into())
        );
        assert_eq!(all["message"], Value::Null);
        let tests = all["tests"].as_array().expect("it is a list");
        let states: Vec<&Value> = tests.iter().map(|test| &test["status"]).collect();
        assert_eq!(states, ["pass", "fail", "fail", "error", "error", "error"]);
        assert_eq!(tests[0]["message"], Value::Null);
        assert_eq!(tests[0].get("task_id"), None, "there are two chapters");
        for test in &tests[1..] {
            assert!(
                test["message"]
                    .as_str()
                    .is_some_and(|message| !message.is_empty())
            );
        }
    }

    #[test]
    fn a_file_that_cannot_be_graded_is_an_error_that_says_why() {
        let mut report = report_of_tasks();
        report.chapters.remove(0);
        let results = results(&report);
        assert_eq!(results["status"], "error");
        let message = results["message"].as_str().expect("it says why");
        assert!(message.contains("exercises/03_gather.rs"), "{message}");
        assert!(message.contains("missing"), "{message}");
        assert_eq!(results["tests"][2]["task_id"], 3);
    }

    #[test]
    fn what_is_too_long_is_cut() {
        let long = "ö".repeat(MOST_OUTPUT + 1);
        assert_eq!(cut(&long, MOST_OUTPUT).chars().count(), MOST_OUTPUT);
        assert!(cut(&long, MOST_OUTPUT).ends_with("(cut here)"));
        assert_eq!(cut("short", MOST_OUTPUT), "short");
    }
}
