//! Verdicts as Gradescope's `results.json`, which its autograders write.
//!
//! The shape is that of <https://gradescope-autograders.readthedocs.io/en/latest/specs/>. A task is a test. Gradescope adds
//! up the scores itself.

use serde::Serialize;

use super::model::Report;
use crate::grade::State;

#[derive(Clone, Debug, Serialize)]
struct Results {
    /// In seconds.
    execution_time: u64,
    /// What answers print is part of the tests' output; the rest is for teachers.
    stdout_visibility: &'static str,
    tests: Vec<Test>,
}

#[derive(Clone, Debug, Serialize)]
struct Test {
    name: String,
    score: u32,
    max_score: u32,
    status: &'static str,
    output: String,
    visibility: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
}

/// The report as one JSON document.
#[must_use]
pub fn document(report: &Report) -> String {
    let chapters = report.chapters.iter();
    let tests = chapters.flat_map(|chapter| {
        let tasks = chapter.tasks().into_iter();
        tasks.map(|(name, verdict, printed)| {
            let points = chapter.chapter.points(name);
            let passed = verdict.state == State::Passed;
            let misconception = verdict.misconception().map(str::to_owned);
            Test {
                name: format!("{} {name}", chapter.chapter.slug),
                score: if passed { points } else { 0 },
                max_score: points,
                status: if passed { "passed" } else { "failed" },
                output: verdict.text(printed),
                visibility: "visible",
                tags: misconception.into_iter().collect(),
            }
        })
    });
    let results = Results {
        execution_time: report.took.as_secs(),
        stdout_visibility: "hidden",
        tests: tests.collect(),
    };
    serde_json::to_string_pretty(&results).expect("write the report as JSON to memory")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{super::junit::tests::report_of_tasks, *};

    /// The fields that Gradescope's specification has.
    const RESULTS: [&str; 10] = [
        "score",
        "execution_time",
        "output",
        "output_format",
        "test_output_format",
        "test_name_format",
        "visibility",
        "stdout_visibility",
        "extra_data",
        "tests",
    ];
    const TEST: [&str; 11] = [
        "score",
        "max_score",
        "status",
        "name",
        "name_format",
        "number",
        "output",
        "output_format",
        "tags",
        "visibility",
        "extra_data",
    ];

    #[test]
    fn a_report_has_the_fields_of_gradescope() {
        let results: Value =
            serde_json::from_str(&document(&report_of_tasks())).expect("it is JSON");
        let names = |value: &Value| -> Vec<String> {
            let object = value.as_object().expect("it is an object");
            object.keys().cloned().collect()
        };
        for name in names(&results) {
            assert!(RESULTS.contains(&name.as_str()), "{name}");
        }
        let tests = results["tests"].as_array().expect("it is a list");
        for test in tests {
            for name in names(test) {
                assert!(TEST.contains(&name.as_str()), "{name}");
            }
            let (score, most) = (&test["score"], &test["max_score"]);
            assert_eq!(test["status"] == "passed", score == most, "{test}");
            assert!(score.as_f64() <= most.as_f64(), "{test}");
        }
        let scores: Vec<&Value> = tests.iter().map(|test| &test["score"]).collect();
        assert_eq!(scores, [1, 0, 0, 0, 0, 0]);
        assert_eq!(tests[1]["tags"][0], "a < b");
    }
}
