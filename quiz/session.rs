//! Questions asked one after another, and the score.

use std::collections::VecDeque;

use crate::{Judgement, Question};

/// A quiz under way.
#[derive(Clone, Debug)]
pub struct Session {
    open: VecDeque<Question>,
    answered: Vec<Answered>,
    asked: usize,
}

/// A question that was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// The question.
    pub question: Question,
    /// What was typed.
    pub given: String,
    /// Whether it is right.
    pub right: bool,
}

impl Session {
    /// Begins with the first of these.
    pub fn new(questions: impl IntoIterator<Item = Question>) -> Self {
        let open: VecDeque<_> = questions.into_iter().collect();
        Self {
            asked: open.len(),
            open,
            answered: Vec::new(),
        }
    }

    /// The question that is to be answered now; `None` at the end.
    #[must_use]
    pub fn question(&self) -> Option<&Question> {
        self.open.front()
    }

    /// Judges an answer to the current question. If it is one, right or wrong, the next question follows.
    pub fn answer(&mut self, given: &str) -> Judgement {
        let Some(question) = self.open.front() else {
            return Judgement::Unclear("all questions are answered");
        };
        let judgement = question.judge(given);
        if matches!(judgement, Judgement::Right | Judgement::Wrong)
            && let Some(question) = self.open.pop_front()
        {
            self.answered.push(Answered {
                question,
                given: given.trim().to_owned(),
                right: judgement == Judgement::Right,
            });
        }
        judgement
    }

    /// What was answered so far, in order.
    #[must_use]
    pub fn answered(&self) -> &[Answered] {
        &self.answered
    }

    /// How many answers were right.
    #[must_use]
    pub fn right(&self) -> usize {
        self.answered
            .iter()
            .filter(|answered| answered.right)
            .count()
    }

    /// How many questions there are in all.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.asked
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Ask, Kind, Words};

    fn question(id: &str) -> Question {
        Question {
            id: id.into(),
            kind: Kind::ShortAnswer {
                prompt: Ask {
                    prompt: "Which?".into(),
                },
                answer: Words {
                    answer: id.into(),
                    alternatives: Vec::new(),
                },
            },
            context: String::new(),
        }
    }

    #[test]
    fn each_question_is_asked_once_and_counted() {
        let mut session = Session::new([question("a"), question("b")]);
        assert_eq!(session.answer("a"), Judgement::Right);
        assert!(matches!(session.answer("  "), Judgement::Unclear(_)));
        assert_eq!(
            session.question().map(|question| question.id.as_str()),
            Some("b")
        );
        assert_eq!(session.answer("c"), Judgement::Wrong);
        assert_eq!(session.question(), None);
        assert_eq!((session.right(), session.asked()), (1, 2));
        let given: Vec<_> = session
            .answered()
            .iter()
            .map(|answered| answered.given.as_str())
            .collect();
        assert_eq!(given, ["a", "c"]);
    }
}
