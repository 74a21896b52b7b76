//! What the page's script knows of a question.

use ::quiz::{Kind, Question};
use serde::Serialize;

/// What the page's script needs to judge an answer.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Key<'a> {
    /// The number of the right choice, counted from zero.
    Choice(String),
    /// The right answer, in every way to write it.
    Words(Vec<&'a str>),
    /// What the program prints; `None` if it does not compile.
    Stdout(Option<&'a str>),
}

impl<'a> Key<'a> {
    pub(super) fn of(question: &'a Question) -> Self {
        match &question.kind {
            Kind::MultipleChoice { answer, .. } => {
                let mut choices = question.choices().into_iter();
                let right = choices.position(|choice| choice == answer.answer);
                Self::Choice(right.expect("it is one of the choices").to_string())
            }
            Kind::ShortAnswer { answer, .. } => {
                let others = answer.alternatives.iter();
                Self::Words(
                    std::iter::once(&answer.answer)
                        .chain(others)
                        .map(String::as_str)
                        .collect(),
                )
            }
            Kind::Tracing { answer, .. } => Self::Stdout(answer.stdout.as_deref()),
        }
    }

    /// As JSON, each byte as in a URL: nobody reads an answer there by accident.
    pub(super) fn hidden(&self) -> String {
        let json = serde_json::to_vec(self).expect("it is plain data");
        json.iter().map(|byte| format!("%{byte:02x}")).collect()
    }
}
