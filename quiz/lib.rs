//! The questions of a chapter, as they stand in `quiz/NN_slug.toml`.
//!
//! The names of the fields are those of [mdbook-quiz](https://github.com/cognitive-engineering-lab/mdbook-quiz), so
//! its documentation serves here too. A wrong choice also says why it is wrong.

mod answer;
mod meaning;
mod number;
mod session;

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

pub use answer::{Judgement, judge};
use serde::Deserialize;
pub use session::{Answered, Session};

/// All questions of a chapter, in the order in which they are asked.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Quiz {
    /// The questions.
    pub questions: Vec<Question>,
}

/// One question.
// Unknown fields are refused by `kind`, which is given all that is left; serde allows it only there.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Question {
    /// What it is remembered by; never changed once published.
    pub id: String,
    /// What is asked, and what is right.
    #[serde(flatten)]
    pub kind: Kind,
    /// Why the answer is right, to be read after answering.
    pub context: String,
}

/// The kinds of questions.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(tag = "type", deny_unknown_fields)]
pub enum Kind {
    /// Which of these is right?
    MultipleChoice {
        /// What is asked.
        prompt: Choices,
        /// What is right.
        answer: Words,
    },
    /// Say it in a word or two.
    ShortAnswer {
        /// What is asked.
        prompt: Ask,
        /// What is right.
        answer: Words,
    },
    /// What does this program print, if it compiles?
    Tracing {
        /// What is asked.
        prompt: Program,
        /// What is right; proved by compiling and running the program.
        answer: Trace,
    },
}

/// A question with wrong answers beside the right one.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Choices {
    /// The question.
    pub prompt: String,
    /// The wrong answers.
    pub distractors: Vec<Distractor>,
}

/// A wrong answer to choose.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Distractor {
    /// The answer.
    pub choice: String,
    /// What is wrong with it, for whoever chose it.
    pub why: String,
}

/// A question that stands alone.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The question.
    pub prompt: String,
}

/// The right answer.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// As it is shown.
    pub answer: String,
    /// Other ways to write it.
    #[serde(default)]
    pub alternatives: Vec<String>,
}

/// A program whose output is asked for.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// The whole program. It may use the crates that the exercises do.
    pub program: String,
}

/// What becomes of a program.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Trace {
    /// Whether it compiles.
    pub does_compile: bool,
    /// What it prints, if it does.
    #[serde(default)]
    pub stdout: Option<String>,
}

impl Quiz {
    /// Reads a quiz.
    ///
    /// # Errors
    ///
    /// The file cannot be read, is no quiz, asks for the output of a program without saying what it is,
    /// or gives two questions the same id.
    pub fn read(file: &Path) -> Result<Self, QuizError> {
        let text = fs::read_to_string(file).map_err(|source| QuizError::Read {
            file: file.to_owned(),
            source,
        })?;
        let quiz: Self = toml::from_str(&text).map_err(|source| QuizError::Parse {
            file: file.to_owned(),
            source,
        })?;
        let inconsistent = |id: &str, fault| QuizError::Inconsistent {
            file: file.to_owned(),
            id: id.to_owned(),
            fault,
        };
        let mut ids = HashSet::new();
        for question in &quiz.questions {
            if !ids.insert(&question.id) {
                return Err(inconsistent(&question.id, "its id is taken already"));
            }
            match &question.kind {
                Kind::Tracing { answer, .. } if answer.does_compile != answer.stdout.is_some() => {
                    return Err(inconsistent(
                        &question.id,
                        "`answer.stdout` belongs to a program that compiles, and only to one",
                    ));
                }
                Kind::MultipleChoice { prompt, answer }
                    if prompt.distractors.is_empty()
                        || prompt
                            .distractors
                            .iter()
                            .any(|wrong| wrong.choice == answer.answer) =>
                {
                    return Err(inconsistent(
                        &question.id,
                        "it needs wrong answers, other than the right one",
                    ));
                }
                _ => {}
            }
        }
        Ok(quiz)
    }
}

/// Why a quiz could not be read.
#[derive(Debug, thiserror::Error)]
pub enum QuizError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}; `git checkout -- quiz` brings it back", .file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// What the system says of it.
        source: io::Error,
    },
    /// The file is no quiz.
    #[error("cannot understand {}: {source}", .file.display())]
    Parse {
        /// The file.
        file: PathBuf,
        /// What the parser says of it.
        source: toml::de::Error,
    },
    /// A question contradicts itself or another one.
    #[error("{}: question `{id}`: {fault}", .file.display())]
    Inconsistent {
        /// The file.
        file: PathBuf,
        /// The question.
        id: String,
        /// What is wrong with it.
        fault: &'static str,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Quiz, QuizError> {
        let folder = tempfile::tempdir().expect("the system has a temporary folder");
        let file = folder.path().join("quiz.toml");
        fs::write(&file, text).expect("the folder is new");
        Quiz::read(&file)
    }

    const GOOD: &str = r#"
        [[questions]]
        id = "03-a"
        type = "ShortAnswer"
        prompt.prompt = "Who?"
        answer.answer = "me"
        context = "It was me."
    "#;

    #[test]
    fn a_good_quiz_is_read() {
        let quiz = parse(GOOD).expect("it is good");
        assert_eq!(quiz.questions[0].id, "03-a");
    }

    #[test]
    fn unknown_fields_are_refused_wherever_they_stand() {
        for wrong in ["colour = 1", "prompt.colour = 1", "answer.colour = 1"] {
            let error = parse(&format!("{GOOD}\n{wrong}")).expect_err(wrong);
            assert!(error.to_string().contains("colour"), "{error}");
        }
    }

    #[test]
    fn contradictions_are_refused() {
        let twice = parse(&format!("{GOOD}{GOOD}")).expect_err("the same id twice");
        assert!(twice.to_string().contains("taken"), "{twice}");
        let trace = r#"
            [[questions]]
            id = "03-b"
            type = "Tracing"
            prompt.program = "fn main() {}"
            answer.doesCompile = true
            context = "It prints nothing."
        "#;
        let silent = parse(trace).expect_err("no output is given");
        assert!(silent.to_string().contains("stdout"), "{silent}");
        let choice = r#"
            [[questions]]
            id = "03-c"
            type = "MultipleChoice"
            prompt.prompt = "Which?"
            prompt.distractors = [{ choice = "this", why = "It is that." }]
            answer.answer = "this"
            context = "This."
        "#;
        let same = parse(choice).expect_err("right and wrong are the same");
        assert!(same.to_string().contains("other than"), "{same}");
    }
}
