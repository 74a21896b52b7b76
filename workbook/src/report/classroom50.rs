//! Verdicts as Classroom 50's `result.json`, which its autograders write.
//!
//! The shape is that of <https://github.com/foundation50/classroom50/blob/main/schemas/result-v1.schema.json>. Whose
//! submission it is, its runner says in variables of the environment. What it stamps itself (the owner, the kind of the
//! assignment, the times) is left to it.

use std::env;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::model::Report;
use crate::grade::State;

/// What is graded, as Classroom 50's runner says it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Submission {
    classroom: String,
    assignment: String,
    submission: String,
    commit: String,
    release: String,
    review: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document {
    schema: &'static str,
    #[serde(flatten)]
    submission: Submission,
    datetime: String,
    score: u32,
    max_score: u32,
    tests: Vec<Test>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Test {
    test_name: String,
    passed: bool,
    score: u32,
    max_score: u32,
    output: String,
}

impl Submission {
    /// Reads what the runner says. Outside of it, the words are empty, and so no submission is taken for another.
    #[must_use]
    pub fn of_environment() -> Self {
        let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        let known = |name: &str| variable(name).unwrap_or_default();
        Self {
            classroom: known("CLASSROOM"),
            assignment: known("ASSIGNMENT"),
            submission: known("SUBMISSION_TAG"),
            commit: known("COMMIT_URL"),
            release: known("RELEASE_URL"),
            review: variable("REVIEW_URL").unwrap_or_else(|| known("COMMIT_URL")),
        }
    }
}

/// The report as one JSON document, made at this time.
#[must_use]
pub fn document(report: &Report, submission: Submission, now: DateTime<Utc>) -> String {
    let chapters = report.chapters.iter();
    let tests = chapters.flat_map(|chapter| {
        let tasks = chapter.tasks().into_iter();
        tasks.map(|(name, verdict, printed)| {
            let points = chapter.chapter.points(name);
            let passed = verdict.state == State::Passed;
            Test {
                test_name: format!("{} {name}", chapter.chapter.slug),
                passed,
                score: if passed { points } else { 0 },
                max_score: points,
                output: verdict.text(printed),
            }
        })
    });
    let tests: Vec<Test> = tests.collect();
    let document = Document {
        schema: "classroom50/result/v1",
        submission,
        datetime: now.to_rfc3339_opts(SecondsFormat::Secs, true),
        score: tests.iter().map(|test| test.score).sum(),
        max_score: tests.iter().map(|test| test.max_score).sum(),
        tests,
    };
    serde_json::to_string_pretty(&document).expect("write the report as JSON to memory")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{super::junit::tests::report_of_tasks, *};

    /// What the schema asks for, without what the runner stamps: `assignment_type` and `owner`.
    const REQUIRED: [&str; 11] = [
        "assignment",
        "classroom",
        "commit",
        "datetime",
        "max-score",
        "release",
        "review",
        "schema",
        "score",
        "submission",
        "tests",
    ];

    #[test]
    fn a_report_has_the_fields_of_the_schema() {
        let word = |word: &str| word.to_owned();
        let submission = Submission {
            classroom: word("async"),
            assignment: word("gather"),
            submission: word("submit/2026-11-30T12-00-00Z-0123456"),
            commit: word("commit"),
            release: word("release"),
            review: word("review"),
        };
        let now = DateTime::from_timestamp(1_800_000_000, 999_999_999).expect("it is a time");
        let result: Value = serde_json::from_str(&document(&report_of_tasks(), submission, now))
            .expect("it is JSON");
        let mut names: Vec<&String> = result.as_object().expect("an object").keys().collect();
        names.sort();
        assert_eq!(names, REQUIRED);
        assert_eq!(result["schema"], "classroom50/result/v1");
        assert_eq!(result["datetime"], "2027-01-15T08:00:00Z");
        assert_eq!(
            (&result["score"], &result["max-score"]),
            (&1.into(), &6.into())
        );
        for test in result["tests"].as_array().expect("it is a list") {
            assert!(
                test["test-name"]
                    .as_str()
                    .is_some_and(|name| !name.is_empty())
            );
            let passed = test["passed"].as_bool().expect("it is true or false");
            assert_eq!(test["max-score"], 1);
            assert_eq!(test["score"], u32::from(passed));
        }
    }
}
